// Every shipped rule keeps what its cases say, and its cases lie on both sides of everything it turns on.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "geodata/filter/evaluate.hpp"
#include "geodata/filter/instant.hpp"
#include "geodata/filter/predicate.hpp"
#include "tests/unit/support/world.hpp"
#include "tileserver/analysis/report_rules.hpp"

namespace {

using namespace ritchi;
using analysis::RuleMeasures;
using catalogue::Rule;
using catalogue::RuleExample;
using catalogue::Threshold;

bool fulfils(const Rule& rule, const RuleExample& example) {
  if (rule.where.empty()) return true;
  const auto& layer = *test::shipped_catalogue().find_layer(rule.layer);
  const auto predicate = filter::parse_text(rule.where, layer);
  const auto given = nlohmann::json::parse(example.values);
  std::vector<catalogue::Value> values(layer.attributes.size());
  for (const auto& [name, value] : given.items()) {
    EXPECT_LT(layer.index_of(name), values.size()) << rule.id << " " << name;
    if (value.is_string())
      values[layer.index_of(name)] = value.get<std::string>();
    else
      values[layer.index_of(name)] = value.get<double>();
  }
  std::vector<catalogue::ValueView> views;
  for (const auto& value : values) views.push_back(store::view_of(value));
  return filter::evaluate(predicate->root(), {1, "1", false, views, {}}) == filter::Truth::yes;
}

RuleMeasures measures_of(const RuleExample& example) {
  return {example.site_m2, example.overlap_m2, example.feature_m2};
}

bool applies_to(const Rule& rule, const RuleExample& example) {
  return rule.valid_on(example.as_of) &&
         analysis::applies(rule, fulfils(rule, example), measures_of(example));
}

std::string day_beside(const std::string& day, int days) {
  return filter::day_text(*filter::parse_day(day) + days);
}

class ShippedRules : public testing::Test {
 protected:
  template <class Each>
  static void each_rule(const Each& look) {
    int rules = 0;
    for (const auto& topic : test::shipped_catalogue().topics())
      for (const Rule& rule : topic.rules) {
        ++rules;
        look(rule);
      }
    EXPECT_GE(rules, 30);
  }
  static bool has_case(const Rule& rule, const std::function<bool(const RuleExample&)>& wanted) {
    return std::any_of(rule.tests.begin(), rule.tests.end(), wanted);
  }
};

TEST_F(ShippedRules, KeepWhatTheirCasesSay) {
  each_rule([](const Rule& rule) {
    for (std::size_t i = 0; i < rule.tests.size(); ++i)
      EXPECT_EQ(applies_to(rule, rule.tests[i]), rule.tests[i].applies) << rule.id << ", case " << i;
  });
}

TEST_F(ShippedRules, HaveCasesOnBothSidesOfEveryDate) {
  each_rule([](const Rule& rule) {
    const auto on = [&](const std::string& day, bool applies) {
      EXPECT_TRUE(
          has_case(rule, [&](const RuleExample& one) { return one.as_of == day && one.applies == applies; }))
          << rule.id << " has no case that says " << applies << " on " << day;
    };
    if (!rule.valid_from.empty()) {
      on(rule.valid_from, true);
      on(day_beside(rule.valid_from, -1), false);
    }
    if (!rule.valid_to.empty()) {
      on(rule.valid_to, true);
      on(day_beside(rule.valid_to, 1), false);
    }
  });
}

TEST_F(ShippedRules, HaveCasesOnBothSidesOfEveryThreshold) {
  each_rule([](const Rule& rule) {
    for (const Threshold& threshold : rule.thresholds)
      for (const auto& bound :
           {threshold.at_least, threshold.more_than, threshold.at_most, threshold.less_than}) {
        if (!bound) continue;
        // As near as a square metre, so that a bound that is off by more is found.
        const double nearby = threshold.of == catalogue::Measure::overlap_share ? 0.001 : 1;
        for (const bool side : {true, false})
          EXPECT_TRUE(has_case(rule,
                               [&](const RuleExample& one) {
                                 const double value = measures_of(one).of(threshold.of);
                                 return threshold.holds(value) == side && one.applies == side &&
                                        std::abs(value - *bound) <= nearby;
                               }))
              << rule.id << " " << name_of(threshold.of) << " " << *bound << (side ? " holds" : " fails");
      }
  });
}

TEST_F(ShippedRules, HaveCasesOnBothSidesOfTheirCondition) {
  each_rule([](const Rule& rule) {
    if (rule.where.empty()) return;
    for (const bool side : {true, false})
      EXPECT_TRUE(has_case(
          rule, [&](const RuleExample& one) { return fulfils(rule, one) == side && one.applies == side; }))
          << rule.id << (side ? " fulfilled" : " not fulfilled");
  });
}

// A rule that a later one follows must end the day before that one begins.
TEST_F(ShippedRules, FollowEachOtherWithoutGaps) {
  std::map<std::string, const Rule*> by_id;
  each_rule([&](const Rule& rule) { by_id[rule.id] = &rule; });
  each_rule([&](const Rule& rule) {
    if (rule.follows.empty()) return;
    ASSERT_FALSE(rule.valid_from.empty()) << rule.id;
    EXPECT_EQ(by_id.at(rule.follows)->valid_to, day_beside(rule.valid_from, -1)) << rule.id;
  });
}

// What is eased must be blocked, and the condition of every rule must be one that the layer's codes know.
TEST_F(ShippedRules, NameKnownCodesAlone) {
  each_rule([](const Rule& rule) {
    for (const RuleExample& one : rule.tests) {
      const auto given = nlohmann::json::parse(one.values);
      for (const auto& [name, value] : given.items()) {
        const auto* attribute = test::shipped_catalogue().find_layer(rule.layer)->find(name);
        ASSERT_NE(attribute, nullptr) << rule.id << " " << name;
        if (attribute->codes.empty()) continue;
        EXPECT_NE(test::shipped_catalogue().find_codes(attribute->codes)->find(value.get<std::string>()),
                  nullptr)
            << rule.id << " " << value;
      }
    }
  });
}

}  // namespace
