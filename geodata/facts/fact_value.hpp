// The value of one fact of one feature, whatever the fact's form.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "geodata/store/facts_file.hpp"

namespace ritchi::facts {

struct FactValue {
  double number = std::numeric_limits<double>::quiet_NaN();
  // Of form text one word, of form texts any number; none: unknown.
  std::optional<std::vector<std::string>> words;
  std::uint16_t source = store::no_source;  // by the file's sources
  // There may be more than what was found: the number may be greater, the set have more words.
  bool at_least = false;
  std::int64_t feature = 0;

  bool is_number() const { return number == number; }
  // Of form text; nullptr: unknown.
  const std::string* word() const { return words && words->size() == 1 ? &words->front() : nullptr; }
};

}  // namespace ritchi::facts
