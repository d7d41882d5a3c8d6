// What a report tells of the surroundings: every kind of mistake is named with file, entry and reason.
#include "geodata/catalogue/surroundings.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/support/styles_folder.hpp"

namespace {

using namespace ritchi;
using nlohmann::json;

json good_report() {
  return json::parse(R"({"id": "constraint_report",
    "nearest": [{"kind": "well", "title": {"ja": "井戸", "en": "Well"}, "layer": "wells", "where": "depth_m > 30",
                 "first_m": 500, "within_m": 2000, "values": ["depth_m"]}],
    "neighbouring_zones": {"within_m": 1000, "layers": [{"layer": "wells", "kind": "use"}]}})");
}

json good_wells() {
  json out = test::good_layer();
  for (const char* name : {"municipality_code", "use"})
    out["attributes"].push_back({{"name", name}, {"title", {{"ja", name}, {"en", name}}}, {"type", "text"}});
  return out;
}

TEST(Surroundings, ThoseThatAreShippedAreRead) {
  const auto loaded = catalogue::Catalogue::load(test::shipped_styles());
  EXPECT_GE(loaded.surroundings().nearest.size(), 7U);
  EXPECT_GE(loaded.surroundings().neighbours.size(), 4U);
  EXPECT_GT(loaded.surroundings().neighbours_within_m, 0);
}

TEST(Surroundings, AreReadInTheirOrder) {
  const test::StylesFolder styles;
  std::filesystem::create_directories(styles.path() / "reports");
  styles.put("layers/wells.json", good_wells().dump());
  json report = good_report();
  json second = report["nearest"][0];
  second["kind"] = "any_well";
  second.erase("where");
  report["nearest"].push_back(second);
  styles.put("reports/constraint_report.json", report.dump());
  const auto read = catalogue::Catalogue::load(styles.path()).surroundings();
  ASSERT_EQ(read.nearest.size(), 2U);
  EXPECT_EQ(read.nearest[0].kind, "well");
  EXPECT_EQ(read.nearest[0].title.in("en"), "Well");
  EXPECT_EQ(read.nearest[0].where, "depth_m > 30");
  EXPECT_EQ(read.nearest[0].first_m, 500);
  EXPECT_EQ(read.nearest[0].within_m, 2000);
  EXPECT_EQ(read.nearest[0].values, std::vector<std::string>{"depth_m"});
  EXPECT_EQ(read.nearest[1].kind, "any_well");
  EXPECT_EQ(read.nearest[1].where, "");
  EXPECT_EQ(read.neighbours_within_m, 1000);
  ASSERT_EQ(read.neighbours.size(), 1U);
  EXPECT_EQ(read.neighbours[0].kind, "use");
}

TEST(Surroundings, NeedNotBeDeclared) {
  const test::StylesFolder styles;
  styles.put("layers/wells.json", good_wells().dump());
  EXPECT_TRUE(catalogue::Catalogue::load(styles.path()).surroundings().nearest.empty());
}

struct Mistake {
  const char* name;
  const char* pointer;
  json value;  // null: the key goes
  const char* reason;
};

class BadSurroundings : public testing::TestWithParam<Mistake> {};

TEST_P(BadSurroundings, AreNamedWithFileAndReason) {
  const test::StylesFolder styles;
  std::filesystem::create_directories(styles.path() / "reports");
  styles.put("layers/wells.json", good_wells().dump());
  styles.put("reports/constraint_report.json", good_report().dump());
  ASSERT_EQ(styles.error(), "");
  json report = good_report();
  const json::json_pointer at(GetParam().pointer);
  if (GetParam().value.is_null())
    report[at.parent_pointer()].erase(at.back());
  else
    report[at] = GetParam().value;
  styles.put("reports/constraint_report.json", report.dump());
  const std::string error = styles.error();
  EXPECT_NE(error.find("constraint_report.json"), std::string::npos) << error;
  EXPECT_NE(error.find(GetParam().reason), std::string::npos) << error;
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, BadSurroundings,
    testing::Values(Mistake{"no_title", "/nearest/0/title", nullptr, "title"},
                    Mistake{"layer", "/nearest/0/layer", "ponds",
                            "nearest 'well': key 'layer' names the unknown layer 'ponds'"},
                    Mistake{"value", "/nearest/0/values/0", "depth",
                            "'depth', which the layer 'wells' does not have"},
                    Mistake{"backwards", "/nearest/0/first_m", 2001, "'first_m' is greater"},
                    Mistake{"nowhere", "/nearest/0/within_m", 0, "within_m"},
                    Mistake{"twice", "/nearest/1", good_report()["nearest"][0], "declared twice"},
                    Mistake{"misspelt", "/nearest/0/were", "depth_m > 30", "were"},
                    Mistake{"zones", "/neighbouring_zones/layers/0/layer", "ponds", "unknown layer 'ponds'"},
                    Mistake{"zone_kind", "/neighbouring_zones/layers/0/kind", "purpose",
                            "'purpose', which the layer does not have"},
                    Mistake{"zone_number", "/neighbouring_zones/layers/0/kind", "depth_m", "no text"},
                    Mistake{"id", "/id", "match_sites", "id"}),
    [](const auto& mistake) { return mistake.param.name; });

TEST(Surroundings, ZonesOfNobodyAreRefused) {
  const test::StylesFolder styles;
  std::filesystem::create_directories(styles.path() / "reports");
  json wells = good_wells();
  wells["attributes"].erase(1);
  styles.put("layers/wells.json", wells.dump());
  styles.put("reports/constraint_report.json", good_report().dump());
  EXPECT_NE(styles.error().find("municipality_code"), std::string::npos) << styles.error();
}

}  // namespace
