// How match-sites describes its inputs and outputs to those who ask.
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "tileserver/analysis/match_question.hpp"

namespace ritchi::analysis {

catalogue::Title match_description();
// known: what can be asked of the default layer; each with its title and, as x-… keywords, what a form needs.
nlohmann::json match_inputs(const std::vector<KnownFact>& known, const catalogue::Catalogue& catalogue);
nlohmann::json match_outputs();

}  // namespace ritchi::analysis
