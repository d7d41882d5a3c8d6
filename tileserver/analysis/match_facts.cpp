#include "tileserver/analysis/match_facts.hpp"

#include <algorithm>
#include <cmath>

#include "tileserver/analysis/site_table.hpp"

namespace ritchi::analysis {

namespace {

constexpr std::string_view share_ending = "_share";

// "farmland_blue_share" is asked for as the constraint farmland_blue.
std::string constraint_of(const catalogue::Fact& fact) {
  if (fact.kind != catalogue::FactKind::share) return {};
  return fact.name.ends_with(share_ending) ? fact.name.substr(0, fact.name.size() - share_ending.size())
                                           : fact.name;
}

}  // namespace

std::vector<KnownFact> known_facts(const catalogue::Catalogue& catalogue, const std::string& id,
                                   const catalogue::Layer* layer) {
  std::vector<KnownFact> out;
  for (const catalogue::Fact& fact : catalogue.facts_of(id))
    out.push_back({fact.name, fact.title, fact.unit, fact.form, fact.codes, constraint_of(fact)});
  if (layer == nullptr) return out;
  for (const catalogue::Attribute& attribute : layer->attributes) {
    const bool is_declared = std::any_of(out.begin(), out.end(),
                                         [&](const KnownFact& fact) { return fact.name == attribute.name; });
    if (is_askable(attribute) && !is_declared)
      out.push_back({attribute.name, attribute.title, attribute.unit, form_of(attribute), attribute.codes, ""});
  }
  return out;
}

double age_at(double year, const std::string& as_of, bool fiscal_year) {
  if (std::isnan(year)) return year;
  const double this_year = std::stod(as_of.substr(0, 4));
  const bool before_april = as_of.substr(5, 2) < "04";
  return std::max(0.0, this_year - (fiscal_year && before_april ? 1 : 0) - year);
}

}  // namespace ritchi::analysis
