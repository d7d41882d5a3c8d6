#include "tileserver/analysis/report_rules.hpp"

#include <algorithm>

#include "geodata/filter/evaluate.hpp"
#include "geodata/filter/predicate.hpp"
#include "geodata/geom/geodesic.hpp"

namespace ritchi::analysis {
namespace {

using catalogue::Rule;
using catalogue::RuleKind;
using catalogue::RuleVerdict;

// What is left open by borders that two surveys draw differently.
constexpr double all_of_it = 0.999;

// The features of a layer that count and fulfil a rule's condition.
std::vector<const OverlapFound*> matching(const Rule& rule, const LayerFound& layer) {
  std::vector<const OverlapFound*> out;
  if (layer.layer == nullptr) return out;
  std::optional<filter::Evaluator> condition;
  if (!rule.where.empty()) condition.emplace(filter::parse_text(rule.where, *layer.layer)->root());
  std::vector<catalogue::ValueView> values;
  for (const OverlapFound& found : layer.overlaps) {
    if (!found.counts()) continue;
    if (condition) {
      values.clear();
      for (const auto& value : found.feature.values) values.push_back(store::view_of(value));
      if ((*condition)({found.feature.id, found.feature.source_id, found.feature.synthetic, values,
                        found.feature.geometry}) != filter::Truth::yes)
        continue;
    }
    out.push_back(&found);
  }
  return out;
}

class Judge {
 public:
  Judge(const ReportQuestion& question, const Context& context, const LayersFound& layers,
        facts::Overlap& overlap)
      : m_question(question), m_context(context), m_layers(layers), m_overlap(overlap) {}

  std::vector<TopicFound> run() {
    std::vector<TopicFound> out;
    for (const auto& topic : m_context.catalogue.topics()) {
      TopicFound found;
      found.topic = &topic;
      for (const Rule& rule : topic.rules) take(rule, found);
      out.push_back(std::move(found));
    }
    for (TopicFound& topic : out)
      for (RuleFound& rule : topic.rules) ease(rule);
    for (TopicFound& topic : out) conclude(topic);
    return out;
  }

 private:
  void take(const Rule& rule, TopicFound& out) {
    const bool valid = rule.valid_on(m_question.as_of);
    if (!valid && !is_silent_then(rule)) return;
    RuleFound found;
    found.rule = &rule;
    found.dates_unknown = !valid;
    found.measures.site_m2 = m_overlap.polygon_area_m2();
    bool matches = true;
    if (!rule.layer.empty()) {
      const LayerFound& layer = m_layers.at(rule.layer);
      const auto parts = matching(rule, layer);
      matches = !parts.empty();
      for (const OverlapFound* part : parts)
        found.measures.feature_m2 = std::max(found.measures.feature_m2, part->whole_m2);
      found.measures.overlap_m2 = united_m2(parts, layer);
      found.at_least =
          layer.coverage != facts::Covered::all && found.measures.of(catalogue::Measure::overlap_share) < 1;
    }
    if (applies(rule, matches, found.measures)) out.rules.push_back(std::move(found));
  }

  double united_m2(const std::vector<const OverlapFound*>& parts, const LayerFound& layer) {
    const auto counting = std::count_if(layer.overlaps.begin(), layer.overlaps.end(),
                                        [](const OverlapFound& found) { return found.counts(); });
    if (parts.size() == static_cast<std::size_t>(counting)) return layer.united_m2;
    m_overlap.reset();
    for (const OverlapFound* part : parts) m_overlap.add(part->part);
    return m_overlap.united_area_m2();
  }

  // Is it not known what held on that day: the rule was not yet or no more, and none stands in its place?
  bool is_silent_then(const Rule& rule) const {
    if (rule.kind == RuleKind::incentive) return false;
    if (!rule.valid_from.empty() && m_question.as_of < rule.valid_from)
      return rule.follows.empty() && !rule.nothing_before;
    for (const auto& topic : m_context.catalogue.topics())
      for (const Rule& other : topic.rules)
        if (other.follows == rule.id) return false;
    return true;
  }

  void ease(RuleFound& found) {
    if (found.rule->verdict != RuleVerdict::blocked || found.rule->layer.empty()) return;
    std::vector<const OverlapFound*> zones;
    for (const auto& topic : m_context.catalogue.topics())
      for (const Rule& rule : topic.rules) {
        if (!rule.valid_on(m_question.as_of) ||
            std::find(rule.eases.begin(), rule.eases.end(), found.rule->id) == rule.eases.end())
          continue;
        const auto more = matching(rule, m_layers.at(rule.layer));
        if (more.empty()) continue;
        found.eased_by.push_back(&rule);
        zones.insert(zones.end(), more.begin(), more.end());
      }
    if (zones.empty()) return;
    double blocked = 0, reached = 0;
    for (const OverlapFound* part : matching(*found.rule, m_layers.at(found.rule->layer))) {
      facts::Overlap cut(part->part);
      for (const OverlapFound* zone : zones)
        if (const auto common = cut.part_of(zone->part)) cut.add(*common);
      blocked += part->area_m2;
      reached += cut.united_area_m2();
    }
    found.eased_share = blocked > 0 ? std::min(reached / blocked, 1.0) : 0;
    if (!(found.eased_share > 0)) found.eased_by.clear();
  }

  void conclude(TopicFound& topic) {
    topic.has_verdict = false;
    for (const Rule& rule : topic.topic->rules) {
      if (rule.kind == RuleKind::incentive) continue;
      topic.has_verdict = true;
      if (rule.layer.empty()) continue;
      const LayerFound& layer = m_layers.at(rule.layer);
      if (layer.coverage != facts::Covered::all &&
          std::find(topic.lacking.begin(), topic.lacking.end(), &layer) == topic.lacking.end())
        topic.lacking.push_back(&layer);
    }
    if (!topic.lacking.empty()) topic.verdict = Verdict::unknown;
    for (const RuleFound& found : topic.rules) {
      if (found.rule->kind == RuleKind::incentive) continue;
      Verdict verdict = found.rule->verdict == RuleVerdict::blocked     ? Verdict::blocked
                        : found.rule->verdict == RuleVerdict::procedure ? Verdict::procedure
                                                                        : Verdict::clear;
      if (found.dates_unknown && found.rule->verdict != RuleVerdict::notice) {
        verdict = Verdict::unknown;
      } else if (verdict == Verdict::blocked && found.eased()) {
        verdict = Verdict::procedure;
        topic.eased = true;
      }
      topic.verdict = std::max(topic.verdict, verdict);
    }
    topic.eased = topic.eased && topic.verdict != Verdict::blocked;
  }

  const ReportQuestion& m_question;
  const Context& m_context;
  const LayersFound& m_layers;
  facts::Overlap& m_overlap;
};

}  // namespace

const char* name_of(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::clear:
      return "clear";
    case Verdict::procedure:
      return "procedure";
    case Verdict::blocked:
      return "blocked";
    case Verdict::unknown:
      break;
  }
  return "unknown";
}

double RuleMeasures::of(catalogue::Measure measure) const {
  switch (measure) {
    case catalogue::Measure::overlap_m2:
      return overlap_m2;
    case catalogue::Measure::overlap_share:
      return site_m2 > 0 ? std::min(overlap_m2 / site_m2, 1.0) : 0;
    case catalogue::Measure::feature_m2:
      return feature_m2;
    case catalogue::Measure::site_m2:
      break;
  }
  return site_m2;
}

bool applies(const Rule& rule, bool matches, const RuleMeasures& measures) {
  return matches &&
         std::all_of(rule.thresholds.begin(), rule.thresholds.end(),
                     [&](const catalogue::Threshold& one) { return one.holds(measures.of(one.of)); });
}

bool RuleFound::eased() const {
  return !eased_by.empty() && eased_share >= all_of_it;
}

std::vector<std::string> layers_of_rules(const catalogue::Catalogue& catalogue) {
  std::vector<std::string> out;
  for (const auto& topic : catalogue.topics())
    for (const Rule& rule : topic.rules)
      if (!rule.layer.empty() && std::find(out.begin(), out.end(), rule.layer) == out.end())
        out.push_back(rule.layer);
  return out;
}

std::vector<TopicFound> judge(const ReportQuestion& question, const Context& context,
                              const LayersFound& layers, facts::Overlap& overlap) {
  return Judge(question, context, layers, overlap).run();
}

}  // namespace ritchi::analysis
