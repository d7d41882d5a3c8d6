// What must hold of every filter that is taken, whichever way it was written.
#pragma once
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/filter/evaluate.hpp"
#include "geodata/filter/predicate.hpp"
#include "tests/fuzz/require.hpp"

namespace ritchi::fuzz {

inline const catalogue::Layer& filter_layer() {
  static const catalogue::Layer held = catalogue::parse_layer(nlohmann::json::parse(R"({"id": "sites",
    "geometry": "any", "attributes": [{"name": "t", "type": "text"}, {"name": "n", "type": "integer"},
    {"name": "r", "type": "real"}, {"name": "b", "type": "boolean"}, {"name": "d", "type": "date"},
    {"name": "s", "type": "datetime"}]})"),
                                                              "fuzz");
  return held;
}

template <class Parse>
void check_filter(Parse&& parse) {
  filter::PredicatePtr predicate;
  try {
    predicate = parse(filter_layer());
  } catch (const base::Error& error) {
    const bool fault_of_the_caller = error.kind() == base::ErrorKind::bad_input ||
                                     error.kind() == base::ErrorKind::too_large ||
                                     error.kind() == base::ErrorKind::unsupported;
    require(fault_of_the_caller && !error.where().empty() && !error.remedy().empty(),
            "a refusal is the caller's fault, and says where and what to do");
    return;
  }
  filter::Limits wide;  // the normal form may be longer than what was sent
  wide.bytes = 1 << 22;
  wide.nodes = 100000;
  wide.depth = 1000;
  const auto again = filter::parse_text(predicate->normalised(), filter_layer(), wide);
  require(again->normalised() == predicate->normalised(), "the normal form is the form of itself");
  const std::vector<catalogue::ValueView> values{"aé区", std::int64_t{-3}, 2.5,
                                                 true,   "2020-02-29",     "2020-02-29T12:00:00Z"};
  const filter::Row row{1, "S", false, values, {}};
  require(filter::evaluate(predicate->root(), row) == filter::evaluate(again->root(), row),
          "the normal form means the same");
}

}  // namespace ritchi::fuzz
