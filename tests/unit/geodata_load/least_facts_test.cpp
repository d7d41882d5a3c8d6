// What is found where not all is known is marked as the least there is.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/unit/geodata_load/facts_world.hpp"

namespace ritchi {
namespace {

using test::box;
using test::FactsOf;
using test::FactsWorld;
using test::three_sites;

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

TEST(LeastFacts, WhatIsFoundInAPartOfASiteIsTheLeastThereIs) {
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

TEST(LeastFacts, WhatCoversMostOfAKnownPartIsKnownWhereThatIsMoreThanHalf) {
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

TEST(LeastFacts, AFeatureThatDoesNotSayWhatIsAskedLeavesTheRestTheLeast) {
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

TEST(LeastFacts, ADepthOfAClassThatIsOpenAboveIsAtLeastItsLowerBound) {
  FactsWorld world;
  three_sites(world);
  const auto depth_of = [&](const std::vector<test::Values>& classes) {
    world.layers["flood_depth"].clear();
    for (const test::Values& values : classes)
      world.layers["flood_depth"][static_cast<std::int64_t>(world.layers["flood_depth"].size()) + 1] = {
          box(138.09, 37.09, 138.11, 37.2), values};
    world.publish_all();
    return FactsOf(world.facts(), 1);
  };
  const FactsOf open = depth_of({{{"depth_min_m", 20.0}}});
  EXPECT_EQ(open.number("flood_depth_m"), 20);
  EXPECT_TRUE(open.at_least("flood_depth_m"));
  // The greater of the two is closed, but the other may be deeper.
  const FactsOf both = depth_of({{{"depth_min_m", 5.0}}, {{"depth_min_m", 5.0}, {"depth_max_m", 10.0}}});
  EXPECT_EQ(both.number("flood_depth_m"), 10);
  EXPECT_TRUE(both.at_least("flood_depth_m"));
  const FactsOf closed = depth_of({{{"depth_min_m", 5.0}, {"depth_max_m", 10.0}}});
  EXPECT_EQ(closed.number("flood_depth_m"), 10);
  EXPECT_FALSE(closed.at_least("flood_depth_m"));
}

}  // namespace
}  // namespace ritchi
