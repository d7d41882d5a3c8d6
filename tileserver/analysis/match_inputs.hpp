// How match-sites describes its inputs and outputs to those who ask.
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "geodata/catalogue/layer.hpp"

namespace ritchi::analysis {

catalogue::Title match_description();
nlohmann::json match_inputs();
nlohmann::json match_outputs();

}  // namespace ritchi::analysis
