// A declared set fact (such as the rivers that may flood it) of a place that is no site.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "geodata/catalogue/fact.hpp"
#include "geodata/geom/geometry.hpp"
#include "tileserver/analysis/process.hpp"

namespace ritchi::analysis {

struct SetAtPlace {
  std::vector<std::string> words;
  bool at_least = false;  // there may be more
};

// By the same rule as facts of sites: unknown where the layer has no data, or only some and nothing was
// found; known to be none where it covers the place.
std::optional<SetAtPlace> set_at_place(const catalogue::Fact& fact, const geom::Geometry& place,
                                       const Context& context);

}  // namespace ritchi::analysis
