// Which values of a layer's features can be asked for: the declared facts and the features' own attributes.
#pragma once
#include <vector>

#include "tileserver/analysis/match_question.hpp"

namespace ritchi::analysis {

// Declared facts first, in their order, then attributes. What says something of attributes that this caller
// does not see, of the layer or of those that facts are made from, does not exist.
std::vector<KnownFact> known_facts(const catalogue::Catalogue& catalogue, const store::Snapshot& snapshot,
                                   const std::string& layer);

// May the values of a declared fact be shown, as far as layers go? They are unknown where one that they come
// from is not seen.
bool layers_are_seen(const catalogue::Catalogue& catalogue, const store::Snapshot& snapshot,
                     const std::string& layer, const std::string& fact);

// nullptr: none of that name is declared.
const catalogue::Fact* find_fact(const std::vector<catalogue::Fact>& facts, const std::string& name);

// What a declared fact is called; its name where none is declared.
catalogue::Title title_of_fact(const catalogue::Catalogue& catalogue, const std::string& layer,
                               const std::string& fact);

// The year, calendar or fiscal (from April on), that a date is in: what dates from a year is so many years
// old then as the years differ.
double year_of_ages(const std::string& as_of, bool fiscal_year);

}  // namespace ritchi::analysis
