// Which values of a layer's features can be asked for: the declared facts and the features' own attributes.
#pragma once
#include <vector>

#include "tileserver/analysis/match_question.hpp"

namespace ritchi::analysis {

// Declared facts first, in their order, then attributes. `layer` may be null: it is not published.
std::vector<KnownFact> known_facts(const catalogue::Catalogue& catalogue, const std::string& id,
                                   const catalogue::Layer* layer);

// The age in full years at a date of what dates from a year; a fiscal year begins in April.
double age_at(double year, const std::string& as_of, bool fiscal_year);

}  // namespace ritchi::analysis
