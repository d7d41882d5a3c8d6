// Criteria as they are asked, made ready for invented sites.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>

#include "tests/unit/tileserver_analysis/made_sites.hpp"

namespace ritchi::analysis::test {

// What is asked, without columns.
struct Asked {
  std::string column;
  std::optional<double> min, max, ideal;
  std::set<std::string> in;
  double weight = 1;
  bool required = true;
  double most = std::numeric_limits<double>::infinity();  // that a value can be
};

inline Check check_of(const Asked& asked, const MadeTable& made) {
  Check out;
  out.weight = asked.weight;
  out.required = asked.required;
  const SiteColumn* column = made.table.find(asked.column);
  out.known = column != nullptr;
  if (!out.known) return out;
  out.column = *column;
  if (asked.min) out.min = *asked.min;
  if (asked.max) out.max = *asked.max;
  out.ideal = asked.ideal;
  out.most = asked.most;
  for (const std::string& word : column->words) out.accepted.push_back(asked.in.contains(word) ? 1 : 0);
  return out;
}

inline PlainSite with_number(std::int64_t id, std::optional<double> value) {
  return {.id = id, .numbers = {value}, .texts = {}, .sets = {}};
}

}  // namespace ritchi::analysis::test
