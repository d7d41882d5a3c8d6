// Law and practice as data: what applies to land where some layer's features lie, from when until when, whom
// to ask. Declared in styles/rules/*.json, one file for each topic, immutable once read.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/catalogue/layer.hpp"

namespace ritchi::catalogue {

enum class RuleKind { rule, incentive };

// What becomes of a topic to which a rule applies. notice: it is told, and decides nothing.
enum class RuleVerdict { notice, procedure, blocked };

enum class Measure {
  site_m2,        // of the whole polygon
  overlap_m2,     // of it, what the features cover together
  overlap_share,  // the same, 0 to 1 of the polygon
  feature_m2      // of the largest single feature, also beyond the polygon
};

// All bounds that are stated must hold.
struct Threshold {
  Measure of = Measure::site_m2;
  std::optional<double> at_least, more_than, at_most, less_than;
  bool holds(double value) const;
};

struct RuleSource {
  Title title;
  std::string url;   // may be empty
  std::string date;  // YYYY-MM-DD, the state of the law or publication that the text follows
};

// A case with its answer, by which the rule is tested.
struct RuleExample {
  double site_m2 = 10000;
  double overlap_m2 = 10000;
  double feature_m2 = 10000;
  std::string as_of;
  std::string values;  // attributes of the overlapping feature, as JSON text
  bool applies = true;
};

struct Rule {
  std::string id;
  std::string topic;
  RuleKind kind = RuleKind::rule;
  Title title, legal_basis, authority, procedure;
  Title note;         // may be empty
  std::string layer;  // whose overlapping features it is about; empty: about any land
  std::string where;  // CQL2 text, a condition on those features; empty: all
  std::vector<Threshold> thresholds;
  RuleVerdict verdict = RuleVerdict::notice;
  // What the rule turns on and no data set says; may be empty.
  Title missing;
  std::vector<std::string> eases;  // rules that block no more where this one's features lie
  std::string valid_from;          // the first day; empty: from before all that is asked about
  std::string valid_to;            // the last day; empty: not known to end
  std::string follows;             // the rule that held before valid_from
  bool nothing_before = false;     // nothing of the kind held before valid_from
  RuleSource source;
  std::vector<RuleExample> tests;

  bool valid_on(std::string_view day) const;
};

struct Topic {
  std::string id;
  Title title;
  int order = 0;
  std::vector<Rule> rules;
};

const char* name_of(RuleKind kind) noexcept;
const char* name_of(RuleVerdict verdict) noexcept;
const char* name_of(Measure measure) noexcept;

// A document that fits its schema. Throws Error(bad_input) naming file, rule and reason.
Topic parse_topic(const nlohmann::json& json, const std::string& where);
// Of all topics together: ids are there once, what is eased and followed exists, layers are known. Throws
// Error(bad_input).
void check_rules(const std::vector<Topic>& topics, const std::vector<Layer>& layers);

}  // namespace ritchi::catalogue
