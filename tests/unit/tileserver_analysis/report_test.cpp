// The constraint report on hand-made worlds: areas, verdicts, dates, coverage, easing, and what is near.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/filter/predicate.hpp"
#include "geodata/geom/geodesic.hpp"
#include "tests/unit/support/world.hpp"
#include "tileserver/analysis/report_process.hpp"

namespace {

using namespace ritchi;
using analysis::Format;
using nlohmann::json;
using test::line_of;
using test::point_at;
using test::square;

json polygon_json(double west, double south, double east, double north) {
  return {{"type", "Polygon"},
          {"coordinates", {{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}}}};
}

class ReportTest : public testing::Test {
 protected:
  // About 20 ha in 長岡市.
  const json m_site = polygon_json(138.80, 37.40, 138.805, 37.404);
  const geom::Geometry m_shape = square(138.80, 37.40, 138.805, 37.404);

  void SetUp() override {
    m_world.publish(
        "municipalities",
        {{square(138.7, 37.3, 138.81, 37.5), {{"name", "長岡市"}, {"municipality_code", "15202"}}},
         {square(138.81, 37.3, 138.9, 37.5), {{"name", "見附市"}, {"municipality_code", "15211"}}}},
        {"15"});
  }

  std::string text(json inputs, Format format = Format::json, const std::string& language = "ja") {
    const auto snapshot = m_world.snapshot();
    analysis::Context context{snapshot, test::shipped_catalogue(), language, "2026-04-01",
                              "",       base::Deadline::never()};
    m_answer = analysis::constraint_report().run(inputs, context, format);
    return m_answer.body;
  }
  json report(const json& inputs, const std::string& language = "ja") {
    return json::parse(text(inputs, Format::json, language));
  }
  json on_site(const std::string& as_of = "") {
    json inputs{{"polygon", m_site}};
    if (!as_of.empty()) inputs["as_of"] = as_of;
    return report(inputs);
  }
  static json by(const json& list, const char* key, const std::string& value) {
    for (const json& item : list)
      if (item.at(key) == value) return item;
    return nullptr;
  }
  static std::string verdict(const json& report, const std::string& topic) {
    return by(report.at("verdicts"), "topic", topic).at("verdict");
  }
  void publish_everything_empty() {
    // A feature far away makes a dataset that covers, so that nothing here means that there is nothing.
    const auto away = square(138.71, 37.31, 138.711, 37.311);
    m_world.publish("farmland_zones", {{away, {{"zone", "blue"}}}}, {"15"});
    m_world.publish("farmland_parcels", {{away, {{"land_use", "paddy"}}}}, {"15"});
    m_world.publish("zoning", {{away, {{"use_district", "industrial"}}}}, {"15"});
    m_world.publish("city_planning", {{away, {{"area_division", "undivided"}}}}, {"15"});
    m_world.publish("soil_contamination", {{away, {{"kind", "action_required"}}}}, {"15"});
    m_world.publish("flood_depth", {{away, {{"depth_rank", "0_to_0.5"}}}}, {"15"});
    m_world.publish("protected_areas", {{away, {{"kind", "natural_park"}, {"name", "x"}}}}, {"15"});
    m_world.publish("forest_areas", {{away, {{"kind", "forest_area"}}}}, {"15"});
    m_world.publish("promotion_zones", {{away, {{"kind", "promotion"}, {"name", "x"}}}}, {"15"});
  }

  test::World m_world;
  analysis::Answer m_answer;
};

TEST_F(ReportTest, TellsAreasSharesAndTheUnion) {
  // Two blue zones that overlap each other, over the western half and a bit more.
  m_world.publish("farmland_zones",
                  {{square(138.79, 37.39, 138.8025, 37.41), {{"zone", "blue"}, {"name", "甲"}}},
                   {square(138.802, 37.39, 138.803, 37.41), {{"zone", "blue"}, {"name", "乙"}}}},
                  {"15"});
  const json out = on_site();
  EXPECT_NEAR(out["area_m2"], geom::area_m2(m_shape), 0.01);
  const json layer = by(out["layers"], "layer", "farmland_zones");
  EXPECT_EQ(layer["coverage"], "covered");
  EXPECT_EQ(layer["count"], 2);
  EXPECT_NEAR(layer["area_m2"], geom::area_m2(square(138.80, 37.40, 138.803, 37.404)), 1);
  EXPECT_NEAR(layer["share"], 0.6, 1e-4);
  EXPECT_EQ(layer["overlaps"][0]["title"], "甲");
  EXPECT_NEAR(layer["overlaps"][0]["share"], 0.5, 1e-4);
  EXPECT_EQ(layer["kinds"][0]["code"], "blue");
  EXPECT_EQ(layer["kinds"][0]["count"], 2);
  EXPECT_EQ(out["municipalities"][0]["code"], "15202");
  EXPECT_EQ(verdict(out, "farmland"), "blocked");
  const json rule = by(out["rules"], "id", "farmland_exclusion_5ha");
  ASSERT_FALSE(rule.is_null());
  EXPECT_EQ(rule["thresholds"][0]["at_least"], 50000);
  EXPECT_NEAR(rule["thresholds"][0]["value"], layer["area_m2"].get<double>(), 0.01);
  EXPECT_EQ(by(out["rules"], "id", "farmland_land_improvement_8_years")["outcome"], "unknown");
  EXPECT_FALSE(by(out["verdicts"], "topic", "farmland")["unknown"].empty());
}

TEST_F(ReportTest, NoDataIsUnknownAndNeverClear) {
  const json bare = on_site();
  for (const char* topic :
       {"farmland", "zoning", "city_planning", "soil", "flood", "protected", "forest", "promotion"})
    EXPECT_EQ(verdict(bare, topic), "unknown") << topic;
  publish_everything_empty();
  const json full = on_site();
  for (const char* topic :
       {"farmland", "zoning", "city_planning", "flood", "protected", "forest", "promotion"})
    EXPECT_EQ(verdict(full, topic), "clear") << topic;
  // Of the size alone: alteration of 3,000 m² and a factory of 9,000 m².
  EXPECT_EQ(verdict(full, "soil"), "procedure");
  EXPECT_EQ(verdict(full, "factory_location"), "procedure");
  m_world.publish("forest_areas", {{square(138.71, 37.31, 138.711, 37.311), {{"kind", "forest_area"}}}},
                  {"15211"});
  const json elsewhere = on_site();
  EXPECT_EQ(verdict(elsewhere, "forest"), "unknown");
  EXPECT_EQ(by(elsewhere["layers"], "layer", "forest_areas")["coverage"], "no_data");
}

TEST_F(ReportTest, WhatIsFoundCountsAlsoWhereNothingIsComplete) {
  m_world.publish("farmland_zones", {{square(138.79, 37.39, 138.81, 37.41), {{"zone", "blue"}}}});
  const json out = on_site();
  EXPECT_EQ(by(out["layers"], "layer", "farmland_zones")["coverage"], "partly");
  EXPECT_EQ(verdict(out, "farmland"), "blocked");
  m_world.publish("farmland_zones", {{square(138.79, 37.39, 138.81, 37.41), {{"zone", "agricultural"}}}});
  // A procedure is needed for sure, but a zone that blocks may be missing from the data.
  EXPECT_EQ(verdict(on_site(), "farmland"), "unknown");
}

TEST_F(ReportTest, APromotionZoneEasesWhatItReaches) {
  publish_everything_empty();
  m_world.publish("farmland_zones", {{square(138.79, 37.39, 138.8025, 37.41), {{"zone", "blue"}}}}, {"15"});
  const json zone{{"kind", "priority"}, {"name", "重点"}, {"adjustment_plan", "計画"}};
  m_world.publish("promotion_zones", {{square(138.79, 37.39, 138.8026, 37.41), zone}}, {"15"});
  const json eased = on_site();
  EXPECT_EQ(verdict(eased, "farmland"), "procedure");
  EXPECT_TRUE(by(eased["verdicts"], "topic", "farmland")["eased"]);
  EXPECT_EQ(by(eased["rules"], "id", "farmland_exclusion")["eased_by"][0], "priority_zone_with_plan");
  // It reaches over half of the blue zone alone.
  m_world.publish("promotion_zones", {{square(138.79, 37.39, 138.80125, 37.41), zone}}, {"15"});
  const json half = on_site();
  EXPECT_EQ(verdict(half, "farmland"), "blocked");
  EXPECT_NEAR(by(half["rules"], "id", "farmland_exclusion")["eased_share"], 0.5, 1e-3);
  // Without a plan, and before it is in force.
  m_world.publish("promotion_zones",
                  {{square(138.79, 37.39, 138.81, 37.41), {{"kind", "priority"}, {"name", "重点"}}}}, {"15"});
  EXPECT_EQ(verdict(on_site(), "farmland"), "blocked");
  json later = zone;
  later["valid_from"] = "2026-04-02";
  m_world.publish("promotion_zones", {{square(138.79, 37.39, 138.81, 37.41), later}}, {"15"});
  EXPECT_EQ(verdict(on_site(), "farmland"), "blocked");
  EXPECT_EQ(verdict(on_site("2026-04-02"), "farmland"), "procedure");
}

TEST_F(ReportTest, TheDayDecidesWhichZonesAndRulesHold) {
  publish_everything_empty();
  const auto all = square(138.79, 37.39, 138.81, 37.41);
  m_world.publish(
      "soil_contamination",
      {{all, {{"kind", "action_required"}, {"valid_from", "2020-01-01"}, {"valid_to", "2024-12-31"}}}},
      {"15"});
  EXPECT_EQ(verdict(on_site("2024-12-31"), "soil"), "blocked");
  const json after = on_site("2025-01-01");
  EXPECT_EQ(verdict(after, "soil"), "procedure");
  EXPECT_EQ(by(after["layers"], "layer", "soil_contamination")["overlaps"][0]["validity"], "ended");
  EXPECT_EQ(by(after["layers"], "layer", "soil_contamination")["area_m2"], 0);
  EXPECT_EQ(verdict(on_site("2019-12-31"), "soil"), "procedure");
  // The rule on blue land is recorded as amended in April 2025; nothing is said of the days before.
  m_world.publish("farmland_zones", {{all, {{"zone", "blue"}}}}, {"15"});
  EXPECT_EQ(by(on_site("2025-03-31")["rules"], "id", "farmland_exclusion")["outcome"], "unknown");
  EXPECT_EQ(by(on_site("2025-04-01")["rules"], "id", "farmland_exclusion")["outcome"], "blocked");
  const auto tax = [&](const char* day) {
    return !by(on_site(day)["incentives"], "id", "regional_investment_tax").is_null();
  };
  m_world.publish("promotion_zones", {{all, {{"kind", "promotion"}, {"name", "促進"}}}}, {"15"});
  EXPECT_TRUE(tax("2028-03-31"));
  EXPECT_FALSE(tax("2028-04-01"));
}

TEST_F(ReportTest, ThresholdsOfSizeHoldOnTheirEdges) {
  publish_everything_empty();
  // Squares of a little less and a little more than 9,000 m².
  const auto sized = [&](double east) {
    return report({{"polygon", polygon_json(138.80, 37.40, east, 37.401)}});
  };
  double below = 138.80, above = 138.81;
  for (int i = 0; i < 60; ++i) {
    const double middle = (below + above) / 2;
    (geom::area_m2(square(138.80, 37.40, middle, 37.401)) < 9000 ? below : above) = middle;
  }
  EXPECT_EQ(verdict(sized(below - 1e-7), "factory_location"), "clear");
  EXPECT_EQ(verdict(sized(above + 1e-7), "factory_location"), "procedure");
}

TEST_F(ReportTest, TellsWhatIsNear) {
  m_world.publish("interchanges", {{point_at(138.85, 37.402), {{"name", "遠IC"}, {"kind", "interchange"}}},
                                   {point_at(138.81, 37.402), {{"name", "近JCT"}, {"kind", "junction"}}},
                                   {point_at(138.83, 37.402), {{"name", "近IC"}, {"kind", "smart"}}}});
  m_world.publish(
      "water_pipes",
      {{line_of({{138.79, 37.41}, {138.82, 37.41}}),
        {{"use", "industrial"}, {"laid_year", 1972}, {"seismic", "no"}, {"status", "in_use"}}},
       {line_of({{138.79, 37.402}, {138.82, 37.402}}), {{"use", "sewer"}}},
       {line_of({{138.79, 37.403}, {138.82, 37.403}}), {{"use", "industrial"}, {"status", "abandoned"}}}});
  m_world.publish("waterworks",
                  {{square(138.7, 37.3, 138.9, 37.5), {{"name", "工水"}, {"spare_m3_per_day", 1200.0}}}});
  const json out = on_site();
  const json interchange = by(out["nearest"], "kind", "interchange");
  EXPECT_EQ(interchange["name"], "近IC");
  EXPECT_NEAR(interchange["distance_m"], geom::distance_m({138.805, 37.402}, {138.83, 37.402}), 0.2);
  const json pipe = by(out["nearest"], "kind", "water_pipe");
  EXPECT_EQ(pipe["attributes"]["laid_year"], 1972);
  EXPECT_EQ(pipe["attributes"]["seismic"], "no");
  EXPECT_NEAR(pipe["distance_m"], geom::distance_m({138.80, 37.404}, {138.80, 37.41}), 0.5);
  const json works = by(out["nearest"], "kind", "waterworks");
  EXPECT_EQ(works["distance_m"], 0);
  EXPECT_EQ(works["attributes"]["spare_m3_per_day"], 1200);
  const json port = by(out["nearest"], "kind", "port");
  EXPECT_EQ(port["has_data"], false);
  EXPECT_TRUE(port["distance_m"].is_null());
}

TEST_F(ReportTest, TellsOfSurroundingsAsTheyAreDeclared) {
  const auto& declared = test::shipped_catalogue().surroundings().nearest;
  const json out = on_site();
  ASSERT_EQ(out["nearest"].size(), declared.size());
  for (std::size_t i = 0; i < declared.size(); ++i) {
    EXPECT_EQ(out["nearest"][i]["kind"], declared[i].kind);
    EXPECT_EQ(out["nearest"][i]["looked_within_m"], declared[i].within_m);
    if (declared[i].where.empty()) continue;
    const auto* layer = test::shipped_catalogue().find_layer(declared[i].layer);
    EXPECT_NO_THROW(filter::parse_text(declared[i].where, *layer)) << declared[i].kind;
  }
}

// However far it is, up to the end and not beyond.
TEST_F(ReportTest, LooksAsFarAsIsDeclared) {
  const auto& declared = test::shipped_catalogue().surroundings().nearest;
  const auto station =
      std::find_if(declared.begin(), declared.end(), [](const auto& one) { return one.kind == "station"; });
  ASSERT_NE(station, declared.end());
  for (const double share : {0.0, 0.01, 0.06, 0.13, 0.3, 0.7, 0.99, 1.01}) {
    // To the north along the western edge.
    const double north = 37.404 + station->within_m * share / 110990;
    const geom::Point there{138.80, north};
    m_world.publish("stations", {{point_at(there.x, there.y), {{"name", "駅"}}}});
    const json found = by(on_site()["nearest"], "kind", "station");
    const double distance_m = geom::distance_m({138.80, 37.404}, there);
    if (distance_m > station->within_m) {
      EXPECT_TRUE(found["distance_m"].is_null()) << share;
    } else {
      EXPECT_NEAR(found["distance_m"], distance_m, 0.06) << share;
    }
  }
}

TEST_F(ReportTest, TellsZonesOfTheNeighbours) {
  m_world.publish("zoning", {{square(138.811, 37.4, 138.82, 37.41),
                              {{"use_district", "industrial"}, {"municipality_code", "15211"}}},
                             {square(138.807, 37.4, 138.809, 37.41),
                              {{"use_district", "commercial"}, {"municipality_code", "15202"}}},
                             {square(138.83, 37.4, 138.84, 37.41),
                              {{"use_district", "commercial"}, {"municipality_code", "15211"}}}});
  const json zones = on_site()["neighbouring_zones"];
  ASSERT_EQ(zones.size(), 1U);
  EXPECT_EQ(zones[0]["municipality_code"], "15211");
  EXPECT_EQ(zones[0]["kind"], "industrial");
  EXPECT_NEAR(zones[0]["distance_m"], geom::distance_m({138.805, 37.402}, {138.811, 37.402}), 1);
}

TEST_F(ReportTest, ASiteIsFoundByItsIdAndHiddenOnesAreNot) {
  m_world.publish("factory_sites", {{m_shape, {{"name", "公開用地"}, {"disclosure", "public"}}},
                                    {m_shape, {{"name", "秘密用地"}, {"disclosure", "internal"}}},
                                    {point_at(138.8, 37.4), {{"name", "点"}, {"disclosure", "public"}}}});
  const json out = report({{"site", 1}});
  EXPECT_EQ(out["site"]["name"], "公開用地");
  EXPECT_NEAR(out["area_m2"], geom::area_m2(m_shape), 0.01);
  EXPECT_EQ(report({{"site", {{"layer", "factory_sites"}, {"id", 1}}}})["site"]["id"], 1);
  const auto refusal = [&](const json& site) {
    try {
      report({{"site", site}});
    } catch (const base::Error& error) {
      return std::string(name_of(error.kind())) + ": " + error.what();
    }
    return std::string("answered");
  };
  EXPECT_EQ(refusal(2).substr(0, 9), "not-found");
  // Word for word as for an id that nobody has.
  std::string never = refusal(99);
  never.replace(never.find("99"), 2, "2");
  EXPECT_EQ(refusal(2), never);
  EXPECT_EQ(refusal(3).substr(0, 9), "bad-input");
  EXPECT_EQ(refusal({{"layer", "nothing"}, {"id", 1}}).substr(0, 9), "not-found");
  for (const json& bad : {json(-1), json(1.5), json("1"), json::array({1}), json{{"layer", 3}, {"id", 1}},
                          json{{"layer", "factory_sites"}}, json{{"id", 1}, {"other", 1}}})
    EXPECT_EQ(refusal(bad).substr(0, 9), "bad-input") << bad;
}

TEST_F(ReportTest, NeverSpeaksOfPermissionGiven) {
  publish_everything_empty();
  for (const char* language : {"ja", "en"}) {
    const std::string body = text({{"polygon", m_site}}, Format::html, language);
    for (const char* word : {"許可されます", "建設できます", "立地できます", "問題ありません",
                             "is permitted here", "you may build"})
      EXPECT_EQ(body.find(word), std::string::npos) << word;
  }
}

TEST_F(ReportTest, ThePageEscapesWhateverDataSay) {
  m_world.publish("farmland_zones",
                  {{square(138.79, 37.39, 138.81, 37.41),
                    {{"zone", "blue"}, {"name", "<script>alert('x')</script>&\""}}}},
                  {"15"});
  const std::string page = text({{"polygon", m_site}}, Format::html);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_NE(page.find("&lt;script&gt;alert(&#39;x&#39;)"), std::string::npos);
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  EXPECT_NE(page.find("<html lang=\"ja\">"), std::string::npos);
  EXPECT_NE(page.find("<svg"), std::string::npos);
  // What the policy allows is this style sheet: no attribute of style would be.
  EXPECT_EQ(page.find(" style="), std::string::npos);
  EXPECT_EQ(m_answer.media_type, "text/html; charset=utf-8");
}

TEST_F(ReportTest, GeoJsonHoldsThePartsInside) {
  m_world.publish("farmland_zones", {{square(138.79, 37.39, 138.8025, 37.41), {{"zone", "blue"}}}}, {"15"});
  const json out = json::parse(text({{"polygon", m_site}}, Format::geojson));
  ASSERT_EQ(out["features"].size(), 2U);
  EXPECT_EQ(out["features"][0]["properties"]["role"], "land");
  EXPECT_EQ(out["features"][1]["properties"]["layer"], "farmland_zones");
  EXPECT_EQ(out["features"][1]["geometry"]["type"], "Polygon");
  EXPECT_EQ(out["as_of"], "2026-04-01");
}

TEST_F(ReportTest, NamesItsSources) {
  publish_everything_empty();
  const json out = on_site();
  const json zoning = by(out["datasets"], "layer", "zoning");
  EXPECT_EQ(zoning["licence"], "CC0");
  EXPECT_EQ(zoning["as_of"], "2025-03-31");
  // Data of a later day than the one asked about are named.
  EXPECT_GT(on_site("2020-01-01")["warnings"].size(), out["warnings"].size());
}

TEST_F(ReportTest, TakesFeaturesElevationAndAnyRingOrder) {
  const json clockwise{{"type", "Polygon"},
                       {"coordinates",
                        {{{138.80, 37.40, 12.5},
                          {138.80, 37.404, 12.5},
                          {138.805, 37.404, 12.5},
                          {138.805, 37.40, 12.5},
                          {138.805, 37.40, 12.5},
                          {138.80, 37.40, 12.5}}}}};
  const json feature{{"type", "Feature"}, {"properties", nullptr}, {"geometry", clockwise}};
  const json collection{
      {"type", "FeatureCollection"},
      {"features",
       {feature, {{"type", "Feature"}, {"geometry", polygon_json(138.81, 37.40, 138.815, 37.404)}}}}};
  EXPECT_NEAR(report({{"polygon", feature}})["area_m2"], geom::area_m2(m_shape), 0.01);
  EXPECT_NEAR(report({{"polygon", collection}})["area_m2"], 2 * geom::area_m2(m_shape), 0.05);
}

}  // namespace
