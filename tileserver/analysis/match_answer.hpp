// The answer of match-sites: what was found, and its forms.
#pragma once
#include <string>
#include <vector>

#include "tileserver/analysis/match_prepare.hpp"

namespace ritchi::analysis {

struct MatchAnswer {
  const Question& question;
  const std::vector<KnownFact>& facts;
  const Context& context;
  std::vector<KeyedTable> tables;
  std::vector<std::vector<Check>> checks;  // by table
  Scan scan;
  std::int64_t outside = 0;        // of `within`
  std::int64_t without_place = 0;  // it cannot be told whether they lie within
  std::vector<Candidate> sites;    // best first
  std::shared_ptr<const LayerRows> rows;
  std::vector<std::shared_ptr<const SiteHeads>> heads;  // by table
  std::vector<store::FactSource> datasets;
  std::vector<std::string> warnings;
  nlohmann::json links;
};

// One criterion of one site, as it is shown.
struct ShownCriterion {
  bool is_number = true;
  double number = 0;               // NaN: unknown
  std::vector<std::string> words;  // of text: one; empty: none or unknown
  bool is_set = false;
  bool at_least = false;  // the number may be greater, the set have more words
  Verdict verdict;
  double contribution = 0;
  const store::FactSource* source = nullptr;
  std::int64_t feature = 0;
};
ShownCriterion shown(const MatchAnswer& answer, const Candidate& site, std::size_t criterion);

// "Distance to Stations", in the caller's language.
std::string title_of(const MatchAnswer& answer, const Criterion& criterion);
std::string unit_of(const MatchAnswer& answer, const Criterion& criterion);

std::string to_geojson(const MatchAnswer& answer);
std::string to_csv(const MatchAnswer& answer);

}  // namespace ritchi::analysis
