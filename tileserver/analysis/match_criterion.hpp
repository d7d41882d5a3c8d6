// One criterion of a question, read and checked by itself.
#pragma once
#include "tileserver/analysis/match_question.hpp"

namespace ritchi::analysis {

struct CriterionReading {
  const std::vector<KnownFact>& facts;
  const store::Snapshot& snapshot;
  const catalogue::Catalogue& catalogue;
};

Criterion read_criterion(const nlohmann::json& json, const std::string& where, const CriterionReading& with);

// "Distance to Stations": what it is about, for people.
catalogue::Title title_of(const Criterion& criterion, const CriterionReading& with);

// As it would have to be asked for again: keys in order, defaults written out.
nlohmann::json normalised(const Criterion& criterion, const std::vector<KnownFact>& facts);

}  // namespace ritchi::analysis
