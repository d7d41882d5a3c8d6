// The names of aggregates are the same where tiles are made and where they are described.
#include "geodata/tiling/aggregate.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "geodata/catalogue/layer.hpp"

namespace {

using namespace ritchi;
using nlohmann::json;
using tiling::AggregateWay;

catalogue::Layer pipes(const json& generalise) {
  const json title{{"ja", "x"}, {"en", "x"}};
  const auto attribute = [&title](const char* name, const char* type) {
    return json{{"name", name}, {"title", title}, {"type", type}};
  };
  return catalogue::parse_layer(
      {{"id", "pipes"},
       {"title", title},
       {"description", title},
       {"geometry", "line"},
       {"minzoom", 5},
       {"maxzoom", 10},
       {"generalise", generalise},
       {"attributes", json::array({attribute("kind", "text"), attribute("laid_year", "integer"),
                                   attribute("length_m", "real"), attribute("width_m", "real")})}},
      "test");
}

std::vector<std::string> names_of(const tiling::LayerAggregates& aggregates) {
  std::vector<std::string> out;
  for (const auto& key : aggregates.keys) out.push_back(key.name);
  return out;
}

TEST(Aggregates, ClassesAreNamedByTheirFirstAndLastValue) {
  const auto layer = pipes(json::parse(
      R"([{"zooms": [5, 5], "cluster": {"sum": ["length_m"], "max": ["width_m"], "classes": {"attribute": "laid_year", "breaks": [1966, 1986]}}}])"));
  const auto found = tiling::aggregates_of(layer);
  EXPECT_TRUE(found.any);
  EXPECT_EQ(names_of(found),
            (std::vector<std::string>{"length_m_sum", "length_m_sum_1966_1985", "length_m_sum_from_1986",
                                      "length_m_sum_to_1965", "length_m_sum_unknown", "width_m_max"}));
  for (const auto& key : found.keys) {
    EXPECT_EQ(key.attribute + (key.way == AggregateWay::max ? "_max" : "_sum") +
                  (key.class_name.empty() ? "" : "_" + key.class_name),
              key.name);
    EXPECT_EQ(key.class_name.empty(), key.of_class == 0);
  }
}

TEST(Aggregates, ALayerHasTheKeysOfAllItsZoomsOnceAndOfNoOthers) {
  const auto layer = pipes(json::parse(R"([
      {"zooms": [0, 4], "cluster": {"sum": ["width_m"]}},
      {"zooms": [5, 6], "cluster": {"sum": ["length_m"]}},
      {"zooms": [7, 8], "join": {"by": ["kind"], "sum": ["length_m"], "min": ["width_m"]}},
      {"zooms": [9, 10], "smallest_area": 4, "merge": {"by": ["kind"], "max": ["laid_year"]}},
      {"zooms": [11, 14], "cluster": {"max": ["width_m"]}}])"));
  EXPECT_EQ(names_of(tiling::aggregates_of(layer)),
            (std::vector<std::string>{"laid_year_max", "length_m_sum", "width_m_min"}));
}

TEST(Aggregates, CountingAloneIsAggregatingToo) {
  const auto counted = tiling::aggregates_of(pipes(json::parse(R"([{"zooms": [5, 5], "cluster": {}}])")));
  EXPECT_TRUE(counted.any);
  EXPECT_TRUE(counted.keys.empty());
  EXPECT_FALSE(tiling::aggregates_of(pipes(json::parse(R"([{"zooms": [5, 5], "tolerance": 2}])"))).any);
}

// What the plan sums up it must find again under the names that are described.
TEST(Aggregates, ThePlanUsesTheDescribedNames) {
  const auto layer = pipes(json::parse(
      R"([{"zooms": [5, 5], "cluster": {"sum": ["length_m"], "min": ["width_m"], "classes": {"attribute": "laid_year", "breaks": [1986]}}}])"));
  const tiling::TileKeys own(layer);
  const catalogue::ZoomRule rule = catalogue::rule_at(layer, 5);
  std::vector<std::string> keys = own.names();
  const tiling::AggregatePlan plan(own, rule.cluster->of, rule.cluster->classes, keys);
  std::vector<std::string> added(keys.begin() + static_cast<std::ptrdiff_t>(own.names().size()), keys.end());
  std::vector<std::string> described{tiling::count_key};
  for (const auto& key : tiling::aggregate_keys(rule.cluster->of, rule.cluster->classes))
    described.push_back(key.name);
  EXPECT_EQ(added, described);
}

}  // namespace
