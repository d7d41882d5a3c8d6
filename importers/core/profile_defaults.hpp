// What an attribute is where the source says nothing of it: a constant, or by what else is known of the
// record.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "geodata/catalogue/catalogue.hpp"
#include "geodata/catalogue/layer.hpp"
#include "geodata/catalogue/value.hpp"

namespace ritchi::importers {

class JsonObject;

struct Default {
  std::string to;
  // In order: an attribute that must be known, "geometry", or nothing (always) -> the value.
  std::vector<std::pair<std::string, std::string>> by;
};

// The list under `defaults`. Throws Error(bad_input) naming file, key and reason.
std::vector<Default> read_defaults(JsonObject& profile);
void check_defaults(const std::vector<Default>& defaults, const catalogue::Layer& layer,
                    const std::string& where);
const Default* find_default(const std::vector<Default>& defaults, const std::string& attribute);

// Fills what is unknown; texts and codes only, so nothing is parsed.
void apply_defaults(const std::vector<Default>& defaults, const catalogue::Layer& layer, bool has_place,
                    std::vector<catalogue::Value>& values);

}  // namespace ritchi::importers
