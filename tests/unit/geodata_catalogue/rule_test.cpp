// Declared rules: every kind of mistake is named with file and reason, and a day is in or out.
#include "geodata/catalogue/rule.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/support/styles_folder.hpp"

namespace {

using namespace ritchi;
using nlohmann::json;

json good_topic() {
  return json::parse(R"({"id": "wells", "title": {"ja": "井戸", "en": "Wells"}, "order": 1, "rules": [
    {"id": "deep_wells", "kind": "rule", "title": {"ja": "深", "en": "deep"},
     "legal_basis": {"ja": "法", "en": "act"}, "authority": {"ja": "市", "en": "city"},
     "procedure": {"ja": "届出", "en": "notify"},
     "applies": {"layer": "wells", "where": "depth_m > 30", "thresholds": [{"of": "site_m2", "at_least": 9}]},
     "verdict": "procedure", "valid_from": "2020-04-01", "valid_to": "2030-03-31",
     "source": {"title": {"ja": "法", "en": "act"}, "date": "2025-04-01"},
     "tests": [{"as_of": "2025-01-01", "applies": true}]}]})");
}

TEST(Rules, ThoseThatAreShippedAreRead) {
  const auto loaded = catalogue::Catalogue::load(test::shipped_styles());
  ASSERT_GE(loaded.topics().size(), 9U);
  for (std::size_t i = 1; i < loaded.topics().size(); ++i)
    EXPECT_LT(loaded.topics()[i - 1].order, loaded.topics()[i].order);
}

TEST(Rules, HoldFromTheirFirstDayToTheirLast) {
  const auto topic = catalogue::parse_topic(good_topic(), "test");
  const auto& rule = topic.rules.at(0);
  EXPECT_FALSE(rule.valid_on("2020-03-31"));
  EXPECT_TRUE(rule.valid_on("2020-04-01"));
  EXPECT_TRUE(rule.valid_on("2030-03-31"));
  EXPECT_FALSE(rule.valid_on("2030-04-01"));
}

TEST(Rules, BoundsIncludeWhatTheySay) {
  catalogue::Threshold bound;
  bound.at_least = 5;
  EXPECT_TRUE(bound.holds(5));
  EXPECT_FALSE(bound.holds(4.999));
  bound = {};
  bound.more_than = 5;
  EXPECT_FALSE(bound.holds(5));
  EXPECT_TRUE(bound.holds(5.001));
  bound.at_most = 6;
  EXPECT_TRUE(bound.holds(6));
  EXPECT_FALSE(bound.holds(6.001));
  bound.less_than = 6;
  EXPECT_FALSE(bound.holds(6));
}

struct Mistake {
  const char* name;
  const char* pointer;
  json value;  // null: the key goes
  const char* reason;
};

class BadRule : public testing::TestWithParam<Mistake> {};

TEST_P(BadRule, IsNamedWithFileAndReason) {
  const test::StylesFolder styles;
  std::filesystem::create_directories(styles.path() / "rules");
  styles.put("layers/wells.json", test::good_layer().dump());
  styles.put("rules/wells.json", good_topic().dump());
  ASSERT_EQ(styles.error(), "");
  json topic = good_topic();
  const json::json_pointer at(GetParam().pointer);
  if (GetParam().value.is_null())
    topic[at.parent_pointer()].erase(at.back());
  else
    topic[at] = GetParam().value;
  styles.put("rules/wells.json", topic.dump());
  const std::string error = styles.error();
  EXPECT_NE(error.find("wells.json"), std::string::npos) << error;
  EXPECT_NE(error.find(GetParam().reason), std::string::npos) << error;
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, BadRule,
    testing::Values(Mistake{"no_tests", "/rules/0/tests", json::array(), "tests"},
                    Mistake{"no_source", "/rules/0/source", nullptr, "source"},
                    Mistake{"no_authority", "/rules/0/authority", nullptr, "authority"},
                    Mistake{"date", "/rules/0/valid_from", "2020-4-1", "valid_from"},
                    Mistake{"backwards", "/rules/0/valid_to", "2019-01-01", "before 'valid_from'"},
                    Mistake{"layer", "/rules/0/applies/layer", "ponds", "unknown layer"},
                    Mistake{"no_layer", "/rules/0/applies/layer", nullptr, "needs a 'layer'"},
                    Mistake{"measure", "/rules/0/applies/thresholds/0/of", "volume_m3", "of"},
                    Mistake{"no_bound", "/rules/0/applies/thresholds/0", json{{"of", "site_m2"}},
                            "thresholds"},
                    Mistake{"eases", "/rules/0/eases", json::array({"nothing"}), "no rule"},
                    Mistake{"follows", "/rules/0/follows", "nothing", "no rule"},
                    Mistake{"no_verdict", "/rules/0/verdict", nullptr, "verdict"},
                    Mistake{"incentive", "/rules/0/kind", "incentive", "no verdict"},
                    Mistake{"misspelt", "/rules/0/valid_form", "2020-04-01", "valid_form"},
                    Mistake{"file", "/id", "springs", "named otherwise"}),
    [](const auto& mistake) { return mistake.param.name; });

TEST(Rules, IdsAreThereOnce) {
  const test::StylesFolder styles;
  std::filesystem::create_directories(styles.path() / "rules");
  styles.put("layers/wells.json", test::good_layer().dump());
  json topic = good_topic();
  topic["rules"].push_back(topic["rules"][0]);
  styles.put("rules/wells.json", topic.dump());
  EXPECT_NE(styles.error().find("another rule has this id"), std::string::npos) << styles.error();
}

}  // namespace
