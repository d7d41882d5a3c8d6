// Instants and intervals of a filter as spans of time, and the relations of OGC 21-065r2 between them.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "geodata/filter/node.hpp"

namespace ritchi::filter {

// Both ends belong to it, in microseconds. Days stand for their midnight as long as only days are compared;
// beside a date-time a day is all of its time.
struct Period {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  bool days = false;
};

// nullopt where the text is no date (or date-time).
std::optional<Period> period_of(std::string_view text, Type type);
// From the first's begin to the last's end; nullopt in place of an end that is open.
Period period_between(const std::optional<Period>& first, const std::optional<Period>& last);
bool relates(Op op, Period left, Period right);
// Below zero, zero or above zero: as comparison operators see instants, a date being its midnight UTC.
int compare_instants(const Period& left, const Period& right);

}  // namespace ritchi::filter
