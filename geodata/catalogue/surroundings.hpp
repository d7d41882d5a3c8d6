// What a report tells of the surroundings of a piece of land: declared in styles/reports, immutable once
// read.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "geodata/catalogue/layer.hpp"

namespace ritchi::catalogue {

// Of these features the nearest one is told.
struct Nearby {
  std::string kind;  // interchange, water_pipe, …
  Title title;
  std::string layer;
  std::string where;    // CQL2 text; empty: all
  double first_m = 0;   // where the search begins
  double within_m = 0;  // and where it ends; never below first_m
  std::vector<std::string> values;
};

// Zones of a layer, told apart by a text, which may be of a code list.
struct NeighbouringZones {
  std::string layer;
  std::string kind;
};

struct Surroundings {
  std::vector<Nearby> nearest;
  double neighbours_within_m = 0;
  std::vector<NeighbouringZones> neighbours;
};

// A document that fits its schema; where names it in errors. Throws Error(bad_input) naming entry and reason.
Surroundings parse_surroundings(const nlohmann::json& document, const std::vector<Layer>& layers,
                                const std::string& where);

}  // namespace ritchi::catalogue
