#include "tileserver/analysis/match_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "tileserver/analysis/match_criterion.hpp"

namespace ritchi::analysis {

using store::FactForm;

namespace {

void show_distance(const Check& check, std::uint32_t site, ShownCriterion& out) {
  const auto known = check.measured.find(site);
  if (known == check.measured.end()) return;  // the site has no place
  out.number = known->second.km;
  const std::uint32_t member = known->second.member;
  if (member == store::no_word || check.members->ids.empty()) return;
  out.feature = check.members->ids[member];
  out.source = &check.members->datasets[check.members->dataset_of[member]];
}

void show_column(const Check& check, const SiteTable& table, std::size_t site, ShownCriterion& out) {
  const SiteColumn& column = check.column;
  const std::size_t row = column.row_of(site);
  out.is_number = column.form == FactForm::number;
  out.is_set = column.form == FactForm::texts;
  if (out.is_number)
    out.number = column.numbers[row];
  else if (out.is_set) {
    for (const std::uint32_t word : column.set_at(row))
      if (word != store::no_word) out.words.push_back(column.words[word]);
  } else if (column.texts[row] != store::no_word) {
    out.words.push_back(column.words[column.texts[row]]);
  }
  out.at_least = column.is_at_least(row) && (!out.words.empty() || !std::isnan(out.number));
  if (!column.sources.empty() && column.sources[row] != store::no_source)
    out.source = &table.sources[column.sources[row]];
  if (!column.features.empty()) out.feature = column.features[row];
}

}  // namespace

ShownCriterion shown(const MatchAnswer& answer, const Candidate& site, std::size_t criterion) {
  const std::vector<Check>& checks = answer.checks[site.table];
  const Check& check = checks[criterion];
  const SiteTable& table = *answer.tables[site.table].sites;
  ShownCriterion out;
  out.number = std::numeric_limits<double>::quiet_NaN();
  out.verdict = judge(check, site.site);
  out.contribution = check.weight * out.verdict.fulfilment / sum_of_weights(checks);
  if (!check.known) return out;
  if (check.members)
    show_distance(check, site.site, out);
  else
    show_column(check, table, site.site, out);
  return out;
}

std::string title_of(const MatchAnswer& answer, const Criterion& criterion) {
  const CriterionReading with{answer.facts, *answer.context.snapshot, answer.context.catalogue};
  return title_of(criterion, with).in(answer.context.language);
}

std::string unit_of(const MatchAnswer& answer, const Criterion& criterion) {
  if (criterion.ask == Ask::constraint) return "1";
  const KnownFact* fact = find_known(answer.facts, criterion.fact);
  return fact == nullptr ? "km" : fact->unit;
}

}  // namespace ritchi::analysis
