// What the checks of an import found besides rejects, in numbers and examples.
#pragma once
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "geodata/load/dataset_writer.hpp"

namespace ritchi::importers {

struct CheckReport {
  std::map<std::string, std::int64_t> notes;  // kind -> features that carry such a note
  std::int64_t places_exact = 0;              // compared with the municipalities' shapes
  std::int64_t places_coarse = 0;             // compared with the prefecture's extent
  std::vector<std::string> municipalities;    // the datasets that the exact comparison used
  std::int64_t normalised = 0;                // shapes with repeated points, which were left out
  std::int64_t same_shape = 0;                // features with the very shape of another shortly before
  std::vector<std::string> same_shape_examples;

  void count(const std::vector<load::Note>& notes_of_feature);
};

nlohmann::json to_json(const CheckReport& report);
class Lines;
void add_checks(Lines& out, const CheckReport& report);

}  // namespace ritchi::importers
