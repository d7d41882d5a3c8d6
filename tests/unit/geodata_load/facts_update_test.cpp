// Facts of small worlds against what was worked out by hand, and of random ones against computing all anew.
#include "geodata/load/facts_update.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "geodata/geom/geodesic.hpp"
#include "geodata/store/snapshot.hpp"
#include "tests/unit/geodata_geom/shapes.hpp"
#include "tests/unit/geodata_load/facts_world.hpp"

namespace ritchi {
namespace {

using test::box;
using test::FactsOf;
using test::FactsWorld;
using test::line;
using test::point;
using Feature = FactsWorld::Feature;

// Two sites of 0.002° by 0.002° in one municipality, and a third far outside of it.
FactsWorld& three_sites(FactsWorld& world) {
  world.layers["municipalities"][1] = {box(138, 37, 139, 38),
                                       {{"name", "長岡市"}, {"municipality_code", "15202"}}};
  world.layers["factory_sites"] = {
      {1, {box(138.100, 37.100, 138.102, 37.102), {{"disclosure", "internal"}, {"area_ha", 4.0}}}},
      {2,
       {box(138.500, 37.500, 138.502, 37.502),
        {{"disclosure", "public"}, {"wanted_industries", "化学、食品"}}}},
      {3, {box(136.000, 36.000, 136.002, 36.002), {{"disclosure", "public"}}}}};
  return world;
}

TEST(SiteFacts, AreWhatOneWorksOutByHand) {
  FactsWorld world;
  three_sites(world);
  world.layers["interchanges"] = {{1, {point(138.101, 37.2), {{"kind", "interchange"}}}},
                                  {2, {point(138.101, 37.11), {{"kind", "junction"}}}}};
  // Half of site 1 is blue, and a quarter of it is white land that overlaps the blue.
  world.layers["farmland_zones"] = {{1, {box(138.09, 37.09, 138.101, 37.11), {{"zone", "blue"}}}},
                                    {2, {box(138.1005, 37.09, 138.101, 37.11), {{"zone", "agricultural"}}}}};
  world.layers["flood_depth"] = {
      {1,
       {box(138.101, 37.0, 138.2, 37.2), {{"depth_min_m", 0.5}, {"depth_max_m", 3.0}, {"river", "信濃川"}}}},
      {2, {box(138.1015, 37.0, 138.2, 37.2), {{"depth_min_m", 5.0}, {"river", "渋海川"}}}}};
  // The first was lifted before the data's date.
  world.layers["soil_contamination"] = {
      {1,
       {box(138.1, 37.1, 138.101, 37.102),
        {{"kind", "action_required"}, {"valid_from", "2010-01-01"}, {"valid_to", "2020-01-01"}}}},
      {2,
       {box(138.1, 37.1, 138.102, 37.101),
        {{"kind", "notification_required"}, {"valid_from", "2015-01-01"}}}}};
  world.publish_all();
  const FactsOf one(world.facts(), 1), two(world.facts(), 2), three(world.facts(), 3);

  EXPECT_EQ(one.number("area_ha"), 4);
  EXPECT_NEAR(two.number("area_ha"), 3.94, 0.05);  // of the shape
  EXPECT_EQ(two.texts("wanted_industries"), "化学,食品,");
  EXPECT_EQ(one.texts("wanted_industries"), "?");

  // A junction is no interchange; the nearest point of the site is on its northern edge.
  EXPECT_NEAR(one.number("interchange_km") * 1000, geom::distance_m({138.101, 37.102}, {138.101, 37.2}),
              1e-3);
  EXPECT_EQ(one.source("interchange_km"), "interchanges");
  EXPECT_TRUE(std::isnan(three.number("interchange_km")));  // outside of what the data cover
  EXPECT_TRUE(std::isnan(one.number("port_km")));           // nothing published

  EXPECT_NEAR(one.number("farmland_blue"), 0.5, 1e-6);
  EXPECT_NEAR(one.number("farmland_agricultural"), 0.5, 1e-6);  // together, not added up
  EXPECT_EQ(two.number("farmland_blue"), 0);
  EXPECT_TRUE(std::isnan(three.number("farmland_blue")));
  EXPECT_EQ(two.source("farmland_blue"), "farmland_zones");

  EXPECT_NEAR(one.number("flood"), 0.5, 1e-6);
  EXPECT_NEAR(one.number("flood_over_3m"), 0.25, 1e-6);
  EXPECT_EQ(one.number("flood_depth_m"), 5);  // open-ended: its lower bound
  EXPECT_EQ(one.texts("flood_rivers"), "信濃川,渋海川,");
  EXPECT_EQ(two.number("flood_depth_m"), 0);
  EXPECT_EQ(two.texts("flood_rivers"), "");  // known to be none
  EXPECT_EQ(three.texts("flood_rivers"), "?");
  EXPECT_TRUE(std::isnan(three.number("flood_depth_m")));

  EXPECT_NEAR(one.number("soil_contamination"), 0.5, 1e-5);
  EXPECT_EQ(one.number("soil_action_required"), 0);
  EXPECT_EQ(one.texts("soil_area_kinds"), "notification_required,");
}

TEST(SiteFacts, WithoutStatedCoverAZeroIsNotKnownButWhatIsThereIs) {
  FactsWorld world;
  three_sites(world);
  world.covers["farmland_zones"] = {};
  world.layers["farmland_zones"] = {{1, {box(138.05, 37.05, 138.101, 37.11), {{"zone", "blue"}}}},
                                    {2, {box(138.6, 37.6, 138.7, 37.7), {{"zone", "blue"}}}}};
  world.publish_all();
  EXPECT_NEAR(FactsOf(world.facts(), 1).number("farmland_blue"), 0.5, 1e-6);
  EXPECT_TRUE(FactsOf(world.facts(), 1).at_least("farmland_blue"));
  EXPECT_TRUE(std::isnan(FactsOf(world.facts(), 2).number("farmland_blue")));
  EXPECT_FALSE(FactsOf(world.facts(), 2).at_least("farmland_blue"));
}

// Site 1 lies half in 長岡市, of which there are data, and half in 見附市, of which there are none.
FactsWorld& half_covered_site(FactsWorld& world) {
  three_sites(world);
  world.layers["municipalities"] = {
      {1, {box(138, 37, 138.101, 38), {{"name", "長岡市"}, {"municipality_code", "15202"}}}},
      {2, {box(138.101, 37, 139, 38), {{"name", "見附市"}, {"municipality_code", "15211"}}}}};
  for (const char* layer : {"farmland_zones", "flood_depth", "zoning", "soil_contamination"})
    world.covers[layer] = {"15202"};
  return world;
}

TEST(SiteFacts, WhatIsFoundInAPartOfASiteIsTheLeastThereIs) {
  FactsWorld world;
  half_covered_site(world);
  world.layers["farmland_zones"] = {{1, {box(138.09, 37.09, 138.1001, 37.11), {{"zone", "blue"}}}}};
  world.layers["flood_depth"] = {{1,
                                  {box(138.09, 37.09, 138.1005, 37.11),
                                   {{"depth_min_m", 0.5}, {"depth_max_m", 3.0}, {"river", "信濃川"}}}}};
  world.layers["soil_contamination"] = {
      {1, {box(138.05, 37.05, 138.2, 37.2), {{"kind", "action_required"}}}}};
  world.publish_all();
  const FactsOf one(world.facts(), 1), two(world.facts(), 2);
  EXPECT_NEAR(one.number("farmland_blue"), 0.05, 1e-6);
  EXPECT_TRUE(one.at_least("farmland_blue"));
  EXPECT_EQ(one.number("flood_depth_m"), 3);
  EXPECT_TRUE(one.at_least("flood_depth_m"));
  EXPECT_EQ(one.texts("flood_rivers"), "信濃川,");
  EXPECT_TRUE(one.at_least("flood_rivers"));
  EXPECT_TRUE(std::isnan(one.number("flood_over_3m")));  // nothing of that kind in the part that is known
  EXPECT_FALSE(one.at_least("flood_over_3m"));
  EXPECT_EQ(one.number("soil_contamination"), 1);  // more than all of it there is not
  EXPECT_FALSE(one.at_least("soil_contamination"));
  EXPECT_TRUE(one.at_least("soil_area_kinds"));
  EXPECT_TRUE(std::isnan(two.number("farmland_blue")));  // all of it in 見附市

  // The rest is surveyed: only the marks go.
  for (const char* layer : {"farmland_zones", "flood_depth", "soil_contamination"}) {
    world.covers[layer] = {"15202", "15211"};
    world.publish(layer);
  }
  const FactsOf whole(world.facts(), 1);
  EXPECT_NEAR(whole.number("farmland_blue"), 0.05, 1e-6);
  for (const char* fact : {"farmland_blue", "flood_depth_m", "flood_rivers", "soil_area_kinds"})
    EXPECT_FALSE(whole.at_least(fact)) << fact;
  EXPECT_EQ(whole.number("flood_over_3m"), 0);
  const std::string updated = world.bytes();
  world.compute_all();
  EXPECT_TRUE(updated == world.bytes());
}

TEST(SiteFacts, WhatCoversMostOfAKnownPartIsKnownWhereThatIsMoreThanHalf) {
  FactsWorld world;
  half_covered_site(world);
  const auto zone_to = [&](double east) {
    world.layers["zoning"] = {{1, {box(138.09, 37.09, east, 37.2), {{"use_district", "industrial"}}}}};
    world.layers["farmland_zones"] = {{1, {box(138.2, 37.2, 138.3, 37.3), {{"zone", "blue"}}}}};
    world.covers["farmland_zones"] = {"15"};
    world.publish_all();
    return FactsOf(world.facts(), 1);
  };
  // 40 % of the site: the other half may be of one other district.
  const FactsOf less = zone_to(138.1008);
  EXPECT_EQ(less.text("zoning_district"), "?");
  EXPECT_TRUE(std::isnan(less.number("extendable_ha")));
  const FactsOf more = zone_to(138.1012);
  EXPECT_EQ(more.text("zoning_district"), "industrial");
  EXPECT_GT(more.number("extendable_ha"), 0);
  EXPECT_TRUE(more.at_least("extendable_ha"));
}

TEST(SiteFacts, AFeatureThatDoesNotSayWhatIsAskedLeavesTheRestTheLeast) {
  FactsWorld world;
  three_sites(world);
  world.layers["flood_depth"] = {{1,
                                  {box(138.09, 37.09, 138.101, 37.2),
                                   {{"depth_min_m", 0.5}, {"depth_max_m", 3.0}, {"river", "信濃川"}}}},
                                 {2, {box(138.101, 37.09, 138.2, 37.2), {}}}};
  world.publish_all();
  const FactsOf one(world.facts(), 1);
  EXPECT_EQ(one.number("flood_depth_m"), 3);
  EXPECT_TRUE(one.at_least("flood_depth_m"));
  EXPECT_EQ(one.texts("flood_rivers"), "信濃川,");
  EXPECT_TRUE(one.at_least("flood_rivers"));
  EXPECT_EQ(one.number("flood"), 1);
  EXPECT_FALSE(one.at_least("flood"));
}

TEST(SiteFacts, ThePipeIsThatOfTheUndertakingWhichServesThePlace) {
  FactsWorld world;
  three_sites(world);
  world.layers["waterworks"] = {
      {1,
       {box(138.0, 37.0, 138.3, 37.3),
        {{"name", "甲"}, {"fiscal_year", std::int64_t{2022}}, {"spare_m3_per_day", 500.0}}}}};
  const auto pipe = [](double x, const char* undertaking, const char* status, std::int64_t year) {
    return Feature{line({{x, 37.0}, {x, 37.6}}),
                   {{"use", "industrial"},
                    {"undertaking", undertaking},
                    {"status", status},
                    {"laid_year", year},
                    {"seismic", "no"}}};
  };
  world.layers["water_pipes"] = {{1, pipe(138.103, "乙", "in_use", 1990)},
                                 {2, pipe(138.110, "甲", "in_use", 1975)},
                                 {3, pipe(138.104, "甲", "abandoned", 1960)}};
  world.publish_all();
  const FactsOf one(world.facts(), 1), two(world.facts(), 2);
  EXPECT_EQ(one.text("water_undertaking"), "甲");
  EXPECT_EQ(one.number("spare_m3_per_day"), 500);
  EXPECT_NEAR(one.number("water_pipe_km") * 1000, geom::distance_m({138.102, 37.1}, {138.110, 37.1}), 0.05);
  EXPECT_EQ(one.number("water_pipe_laid_year"), 1975);
  EXPECT_EQ(one.text("water_pipe_seismic"), "no");
  // No undertaking is known to serve site 2: the nearest pipe of any.
  EXPECT_EQ(two.text("water_undertaking"), "?");
  EXPECT_EQ(two.number("water_pipe_laid_year"), 1975);
  world.layers["waterworks"][1].values["name"] = "丙";
  world.publish("waterworks");
  EXPECT_EQ(FactsOf(world.facts(), 1).number("water_pipe_laid_year"), 1990);  // 丙 has no known pipe
}

TEST(SiteFacts, LandNextToASiteIsThatOfCompatibleDistrictsAndNotBlocked) {
  FactsWorld world;
  three_sites(world);
  const auto zone = [](double west, double south, double east, double north, const char* district) {
    return Feature{box(west, south, east, north), {{"use_district", district}}};
  };
  // A strip of 0.001° north of site 1 goes with it, and one beyond a street does not; the south is
  // residential.
  world.layers["zoning"] = {{1, zone(138.100, 37.100, 138.102, 37.102, "industrial")},
                            {2, zone(138.100, 37.102, 138.102, 37.103, "exclusive_industrial")},
                            {3, zone(138.100, 37.1032, 138.102, 37.1042, "industrial")},
                            {4, zone(138.100, 37.099, 138.102, 37.100, "category_1_residential")}};
  world.layers["farmland_zones"] = {{1, {box(138.1015, 37.1, 138.12, 37.2), {{"zone", "blue"}}}}};
  world.publish_all();
  const double strip_ha = geom::area_m2(box(138.100, 37.102, 138.1015, 37.103)) / 10000;
  EXPECT_NEAR(FactsOf(world.facts(), 1).number("extendable_ha"), strip_ha, strip_ha * 1e-5);
  // Site 2 is outside of all districts: a ring of 500 m round it.
  const double side = std::sqrt(geom::area_m2(box(138.500, 37.500, 138.502, 37.502)));
  const double ring_ha = (4 * side * 500 + std::numbers::pi * 500 * 500) / 10000;
  EXPECT_NEAR(FactsOf(world.facts(), 2).number("extendable_ha"), ring_ha, ring_ha * 0.01);
  EXPECT_TRUE(std::isnan(FactsOf(world.facts(), 3).number("extendable_ha")));
}

TEST(SiteFacts, OnlyWhatAChangeReachesIsComputedAndLayersThatNobodyDependsOnCostNothing) {
  FactsWorld world;
  three_sites(world);
  world.layers["farmland_zones"] = {{1, {box(138.09, 37.09, 138.101, 37.11), {{"zone", "blue"}}}},
                                    {2, {box(138.7, 37.7, 138.8, 37.8), {{"zone", "blue"}}}}};
  world.layers["interchanges"] = {{1, {point(138.101, 37.11), {{"kind", "interchange"}}}},
                                  {2, {point(138.501, 37.51), {{"kind", "interchange"}}}}};
  world.publish_all();
  // Far from every site, and not near any border of what reaches one.
  world.layers["farmland_zones"][2].shape = box(138.7, 37.7, 138.79, 37.8);
  world.layers["farmland_zones"][3] = {box(138.75, 37.75, 138.8, 37.8), {{"zone", "blue"}}};
  auto done = world.publish("farmland_zones");
  ASSERT_EQ(done.size(), 1U);
  EXPECT_EQ(done[0].failure, "");
  EXPECT_EQ(done[0].features_computed, 0);
  // Nearer to site 2 than what it has, and farther from site 1.
  world.layers["interchanges"][3] = {point(138.501, 37.505), {{"kind", "interchange"}}};
  done = world.publish("interchanges");
  ASSERT_EQ(done.size(), 1U);
  EXPECT_LE(done[0].features_computed, 2);  // site 3 has none, so that any might be its own
  // One site changes.
  world.layers["factory_sites"][1].values["area_ha"] = 5.0;
  done = world.publish("factory_sites");
  ASSERT_EQ(done.size(), 1U);
  EXPECT_EQ(done[0].features_computed, 1);
  EXPECT_EQ(FactsOf(world.facts(), 1).number("area_ha"), 5);
  world.layers["water_facilities"] = {{1, {point(138, 37), {}}}};
  EXPECT_TRUE(world.publish("water_facilities").empty());
}

TEST(SiteFacts, AFailureLeavesTheDatasetPublishedAndSaysWhatToDo) {
  FactsWorld world;
  three_sites(world).publish_all();
  const std::string before = world.bytes();
  world.layers["interchanges"] = {{1, {point(138.101, 37.2), {}}}};
  load::DatasetWriter writer(world.path(), *world.catalogue().find_layer("interchanges"));
  load::Record record;
  record.id = 1;
  record.source_id = "1";
  record.geometry = point(138.101, 37.2);
  record.values.resize(world.catalogue().find_layer("interchanges")->attributes.size());
  writer.add(record);
  store::DatasetInfo info;
  info.partition = "15";
  ASSERT_EQ(writer.publish(info), load::Outcome::published);
  auto request = world.request();
  request.tick = [] { throw base::Error(base::ErrorKind::io, "interrupted"); };
  const auto done = load::update_facts(request, {writer.info(), writer.before()});
  ASSERT_EQ(done.size(), 1U);
  EXPECT_NE(done[0].failure.find("interrupted"), std::string::npos);
  EXPECT_NE(done[0].remedy.find("--rebuild"), std::string::npos);
  EXPECT_EQ(world.bytes(), before);
  for (const auto& entry : std::filesystem::directory_iterator(world.path() / "factory_sites"))
    EXPECT_EQ(entry.path().filename().string().find(".import-"), std::string::npos) << entry.path();
}

// Every layer that facts come from, with some features that reach sites and some that do not.
class RandomWorld {
 public:
  explicit RandomWorld(unsigned seed) : m_dice(seed) {
    world.layers["municipalities"] = {{1, {box(138, 37, 138.5, 38), {{"municipality_code", "15202"}}}},
                                      {2, {box(138.5, 37, 139, 38), {{"municipality_code", "15203"}}}}};
    for (const auto& id : layers())
      for (int i = m_dice.whole(2, 8); i > 0; --i) world.layers[id][m_dice.whole(1, 30)] = feature(id);
    // One states municipalities only, one nothing.
    world.covers["soil_contamination"] = {"15202"};
    world.covers["protected_areas"] = {};
  }

  static const std::vector<std::string>& layers() {
    static const std::vector<std::string> all{"factory_sites",      "zoning",          "farmland_zones",
                                              "waterworks",         "water_pipes",     "interchanges",
                                              "substations",        "flood_depth",     "airports",
                                              "soil_contamination", "protected_areas", "promotion_zones"};
    return all;
  }

  // Changes a few features of one layer; gives its name.
  std::string step() {
    const int which = m_dice.whole(0, static_cast<int>(layers().size()));
    const std::string id = which == static_cast<int>(layers().size())
                               ? "municipalities"
                               : layers()[static_cast<std::size_t>(which)];
    auto& features = world.layers[id];
    if (id == "municipalities") {
      features[m_dice.whole(1, 3)] = {box(138, 37, m_dice.between(138.2, 139), m_dice.between(37.3, 38)),
                                      {{"municipality_code", "15202"}}};
      return id;
    }
    for (int i = m_dice.whole(1, 3); i > 0; --i) {
      const std::int64_t number = m_dice.whole(1, 30);
      if (features.size() > 2 && m_dice.whole(0, 2) == 0)
        features.erase(number);
      else
        features[number] = feature(id);
    }
    return id;
  }

  FactsWorld world;

 private:
  Feature feature(const std::string& id) {
    const double x = m_dice.between(138, 138.9), y = m_dice.between(37, 37.9);
    const double size = m_dice.between(0.005, 0.3);
    const auto one_of = [&](std::vector<const char*> words) {
      return std::string(
          words[static_cast<std::size_t>(m_dice.whole(0, static_cast<int>(words.size()) - 1))]);
    };
    if (id == "factory_sites") {
      const bool is_point = m_dice.whole(0, 5) == 0;
      return {is_point ? point(x, y) : box(x, y, x + 0.005, y + 0.004),
              {{"disclosure", one_of({"public", "internal"})}, {"area_ha", m_dice.between(1, 20)}}};
    }
    if (id == "interchanges") return {point(x, y), {{"kind", one_of({"interchange", "smart", "junction"})}}};
    if (id == "substations") return {point(x, y), {{"spare_capacity_mw", m_dice.between(0, 50)}}};
    if (id == "water_pipes")
      return {line({{x, y}, {x + size, y + size / 2}}),
              {{"use", one_of({"industrial", "industrial", "drinking"})},
               {"undertaking", one_of({"甲", "乙", "丙"})},
               {"status", one_of({"in_use", "abandoned"})},
               {"laid_year", std::int64_t{m_dice.whole(1960, 2020)}}}};
    test::Values values;
    if (id == "zoning") values["use_district"] = one_of({"industrial", "exclusive_industrial", "commercial"});
    if (id == "farmland_zones") values["zone"] = one_of({"blue", "agricultural"});
    if (id == "waterworks")
      values = {{"name", one_of({"甲", "乙"})},
                {"fiscal_year", std::int64_t{2022}},
                {"spare_m3_per_day", m_dice.between(0, 1000)}};
    if (id == "flood_depth")
      values = {{"depth_min_m", m_dice.between(0, 5)}, {"river", one_of({"信濃川", "渋海川"})}};
    if (id == "soil_contamination" || id == "promotion_zones")
      values = {{"valid_from", one_of({"2010-01-01", "2024-06-01"})},
                {"valid_to", one_of({"2020-01-01", "2030-01-01"})}};
    if (id == "soil_contamination") values["kind"] = one_of({"action_required", "notification_required"});
    if (id == "promotion_zones")
      values["kind"] = one_of({"priority", "promotion", "factory_location_relief"});
    if (id == "protected_areas") values["kind"] = "natural_park";
    if (id == "airports") values["status"] = one_of({"in_service", "suspended"});
    return {box(x, y, x + size, y + size), values};
  }

  geom::test::Dice m_dice;
};

TEST(SiteFacts, AfterAnySequenceOfChangesTheyAreAsIfComputedWhole) {
  for (unsigned seed = 1; seed <= 2; ++seed) {
    RandomWorld random(seed);
    FactsWorld& world = random.world;
    world.publish_all();
    std::int64_t computed = 0, all = 0;
    for (int step = 0; step < 25; ++step) {
      const std::string layer = random.step();
      for (const auto& done : world.publish(layer)) {
        ASSERT_EQ(done.failure, "") << layer;
        computed += done.features_computed;
        all += done.features;
      }
      const std::string updated = world.bytes();
      world.facts()->verify();
      world.compute_all();
      ASSERT_TRUE(updated == world.bytes()) << "seed " << seed << ", step " << step << ", " << layer;
    }
    EXPECT_LT(computed, all);
  }
}

TEST(SiteFacts, ASnapshotOffersThemAndReloadsWhenTheyComeOrGo) {
  FactsWorld world;
  three_sites(world).publish_all();
  auto snapshot = store::Snapshot::load(world.path(), world.catalogue(), nullptr);
  const auto dataset = snapshot->find("factory_sites")->datasets.front();
  ASSERT_NE(dataset->facts(), nullptr);
  EXPECT_EQ(dataset->facts()->ids().size(), 3U);
  EXPECT_TRUE(dataset->is_current());
  world.layers["interchanges"] = {{1, {point(138.101, 37.2), {{"kind", "interchange"}}}}};
  world.publish("interchanges");
  EXPECT_FALSE(dataset->is_current());
  snapshot = store::Snapshot::load(world.path(), world.catalogue(), snapshot.get());
  const auto fresh = snapshot->find("factory_sites")->datasets.front();
  EXPECT_FALSE(std::isnan(fresh->facts()->find("interchange_km")->numbers[0]));
  std::filesystem::remove(store::facts_file(world.path(), "factory_sites", "15"));
  EXPECT_FALSE(fresh->is_current());
  snapshot = store::Snapshot::load(world.path(), world.catalogue(), snapshot.get());
  const auto without = snapshot->find("factory_sites")->datasets.front();
  EXPECT_EQ(without->facts(), nullptr);
  EXPECT_NE(without->why_no_facts().find("--rebuild"), std::string::npos);
  std::ofstream(store::facts_file(world.path(), "factory_sites", "15")) << "nonsense";
  EXPECT_FALSE(without->is_current());
}

}  // namespace
}  // namespace ritchi
