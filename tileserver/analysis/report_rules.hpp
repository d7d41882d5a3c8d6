// Which rules apply to a piece of land on a day, and what becomes of each topic.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tileserver/analysis/report_layers.hpp"

namespace ritchi::analysis {

enum class Verdict { clear, procedure, unknown, blocked };
const char* name_of(Verdict verdict) noexcept;

// What a rule's thresholds are compared with.
struct RuleMeasures {
  double site_m2 = 0;
  double overlap_m2 = 0;
  double feature_m2 = 0;
  double of(catalogue::Measure measure) const;
};

// Do its thresholds hold? matches: is there a feature that fulfils its condition, or does it need none.
bool applies(const catalogue::Rule& rule, bool matches, const RuleMeasures& measures);

// A rule that applies, or of which it is not known whether it does.
struct RuleFound {
  const catalogue::Rule* rule = nullptr;
  RuleMeasures measures;
  bool at_least = false;       // there may be more of what it is about than was measured
  bool dates_unknown = false;  // its condition is met, but what held on that day is not written here
  // Rules that ease it; in part only where they do not reach over all that it found.
  std::vector<const catalogue::Rule*> eased_by;
  double eased_share = 0;
  bool eased() const;
};

struct TopicFound {
  const catalogue::Topic* topic = nullptr;
  Verdict verdict = Verdict::clear;
  bool has_verdict = true;                 // incentives have none
  bool eased = false;                      // it would be blocked but for what eases
  std::vector<const LayerFound*> lacking;  // layers of its rules without data for all of the land
  std::vector<RuleFound> rules;
};

using LayersFound = std::map<std::string, LayerFound, std::less<>>;

// The layers that rules are about, in the order of the topics.
std::vector<std::string> layers_of_rules(const catalogue::Catalogue& catalogue);

std::vector<TopicFound> judge(const ReportQuestion& question, const Context& context,
                              const LayersFound& layers, facts::Overlap& overlap);

}  // namespace ritchi::analysis
