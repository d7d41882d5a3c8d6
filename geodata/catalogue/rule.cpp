#include "geodata/catalogue/rule.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "geodata/base/error.hpp"
#include "geodata/catalogue/json_read.hpp"

namespace ritchi::catalogue {
namespace {

using base::Error;
using base::ErrorKind;
using nlohmann::json;

constexpr std::array measures{Measure::site_m2, Measure::overlap_m2, Measure::overlap_share,
                              Measure::feature_m2};

Title title_in(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return {};
  return {found->at("ja").get<std::string>(), found->at("en").get<std::string>()};
}

Threshold threshold_in(const json& object, const std::string& where) {
  Threshold out;
  const auto name = object.at("of").get<std::string>();
  out.of = *std::find_if(measures.begin(), measures.end(),
                         [&](Measure measure) { return name == name_of(measure); });
  out.at_least = optional_number(object, "at_least", where);
  out.more_than = optional_number(object, "more_than", where);
  out.at_most = optional_number(object, "at_most", where);
  out.less_than = optional_number(object, "less_than", where);
  return out;
}

RuleExample example_in(const json& object, const std::string& where) {
  RuleExample out;
  out.site_m2 = get<double>(object, "site_m2", out.site_m2, where);
  out.overlap_m2 = get<double>(object, "overlap_m2", out.overlap_m2, where);
  out.feature_m2 = get<double>(object, "feature_m2", out.overlap_m2, where);
  out.as_of = object.at("as_of").get<std::string>();
  out.values = object.value("values", json::object()).dump();
  out.applies = object.at("applies").get<bool>();
  return out;
}

RuleVerdict verdict_in(const json& object) {
  const std::string name = object.value("verdict", "notice");
  return name == "blocked"     ? RuleVerdict::blocked
         : name == "procedure" ? RuleVerdict::procedure
                               : RuleVerdict::notice;
}

Rule rule_in(const json& object, const std::string& topic, const std::string& file) {
  Rule out;
  out.id = object.at("id").get<std::string>();
  const std::string where = file + "/" + out.id;
  const auto fail = [&](const std::string& why) { throw Error(ErrorKind::bad_input, why, where); };
  out.topic = topic;
  out.kind = object.at("kind") == "incentive" ? RuleKind::incentive : RuleKind::rule;
  out.title = title_in(object, "title");
  out.legal_basis = title_in(object, "legal_basis");
  out.authority = title_in(object, "authority");
  out.procedure = title_in(object, "procedure");
  out.note = title_in(object, "note");
  const json applies = object.value("applies", json::object());
  out.layer = get<std::string>(applies, "layer", {}, where);
  out.where = get<std::string>(applies, "where", {}, where);
  for (const json& threshold : applies.value("thresholds", json::array()))
    out.thresholds.push_back(threshold_in(threshold, where));
  out.verdict = verdict_in(object);
  out.missing = title_in(object, "missing");
  out.eases = object.value("eases", std::vector<std::string>());
  out.valid_from = get<std::string>(object, "valid_from", {}, where);
  out.valid_to = get<std::string>(object, "valid_to", {}, where);
  out.follows = get<std::string>(object, "follows", {}, where);
  out.nothing_before = get<bool>(object, "nothing_before", false, where);
  const json& source = object.at("source");
  out.source = {title_in(source, "title"), get<std::string>(source, "url", {}, where),
                source.at("date").get<std::string>()};
  for (const json& example : object.at("tests")) out.tests.push_back(example_in(example, where));

  if (!out.valid_from.empty() && !out.valid_to.empty() && out.valid_to < out.valid_from)
    fail("'valid_to' is before 'valid_from'");
  if (out.layer.empty() && !out.where.empty()) fail("'where' needs a 'layer'");
  for (const Threshold& threshold : out.thresholds)
    if (out.layer.empty() && threshold.of != Measure::site_m2)
      fail(std::string("'") + name_of(threshold.of) + "' needs a 'layer'");
  if (out.kind == RuleKind::incentive && out.verdict != RuleVerdict::notice)
    fail("an incentive leads to no verdict");
  if (out.kind == RuleKind::rule && out.verdict == RuleVerdict::notice && out.missing.ja.empty())
    fail("a rule leads to a verdict, or says what is 'missing'");
  if (!out.eases.empty() && out.layer.empty()) fail("'eases' needs a 'layer'");
  return out;
}

}  // namespace

bool Threshold::holds(double value) const {
  return (!at_least || value >= *at_least) && (!more_than || value > *more_than) &&
         (!at_most || value <= *at_most) && (!less_than || value < *less_than);
}

bool Rule::valid_on(std::string_view day) const {
  return (valid_from.empty() || day >= valid_from) && (valid_to.empty() || day <= valid_to);
}

const char* name_of(RuleKind kind) noexcept {
  return kind == RuleKind::rule ? "rule" : "incentive";
}

const char* name_of(RuleVerdict verdict) noexcept {
  switch (verdict) {
    case RuleVerdict::blocked:
      return "blocked";
    case RuleVerdict::procedure:
      return "procedure";
    case RuleVerdict::notice:
      break;
  }
  return "notice";
}

const char* name_of(Measure measure) noexcept {
  switch (measure) {
    case Measure::site_m2:
      return "site_m2";
    case Measure::overlap_m2:
      return "overlap_m2";
    case Measure::overlap_share:
      return "overlap_share";
    case Measure::feature_m2:
      break;
  }
  return "feature_m2";
}

Topic parse_topic(const json& object, const std::string& where) {
  Topic out;
  out.id = object.at("id").get<std::string>();
  out.title = title_in(object, "title");
  out.order = get<int>(object, "order", 0, where);
  for (const json& rule : object.at("rules")) out.rules.push_back(rule_in(rule, out.id, where));
  return out;
}

void check_rules(const std::vector<Topic>& topics, const std::vector<Layer>& layers) {
  std::set<std::string> ids;
  const auto fail = [](const Rule& rule, const std::string& why) {
    throw Error(ErrorKind::bad_input, why, "styles/rules/" + rule.topic + ".json/" + rule.id);
  };
  for (const Topic& topic : topics)
    for (const Rule& rule : topic.rules)
      if (!ids.insert(rule.id).second) fail(rule, "another rule has this id");
  for (const Topic& topic : topics)
    for (const Rule& rule : topic.rules) {
      for (const std::string& eased : rule.eases)
        if (!ids.contains(eased)) fail(rule, "eases '" + eased + "', which is no rule");
      if (!rule.follows.empty() && !ids.contains(rule.follows))
        fail(rule, "follows '" + rule.follows + "', which is no rule");
      if (!rule.layer.empty() && std::none_of(layers.begin(), layers.end(),
                                              [&](const Layer& layer) { return layer.id == rule.layer; }))
        fail(rule, "names the unknown layer '" + rule.layer + "'");
    }
}

}  // namespace ritchi::catalogue
