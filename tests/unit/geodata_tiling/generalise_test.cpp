// Of many features few are made, and nothing is lost: counts, sums, lengths and areas add up.
#include "geodata/tiling/generalise.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <set>

#include "tests/unit/geodata_tiling/items.hpp"

namespace ritchi::tiling {
namespace {

using namespace test;

struct Place {
  int x, y;
  std::string kind;
  double amount;
  std::int64_t year;
};

std::vector<Place> places(unsigned seed, int count) {
  std::mt19937 random(seed);
  std::vector<Place> out;
  for (int i = 0; i < count; ++i)
    out.push_back({static_cast<int>(random() % 8192), static_cast<int>(random() % 4096),
                   std::string(1, static_cast<char>('a' + random() % 3)),
                   static_cast<double>(random() % 1000), 1950 + static_cast<int>(random() % 70)});
  return out;
}

// What one of two neighbouring tiles is given: all that its cells reach.
LayerTile tile_of(const catalogue::Layer& layer, const std::vector<Place>& all, int shift, int reach) {
  Items items(layer);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const int x = all[i].x - shift;
    if (x >= -reach && x < 4096 + reach)
      items.add(static_cast<std::int64_t>(i) + 1, point_at(x, all[i].y), all[i].kind, all[i].amount,
                all[i].year);
  }
  return make(layer, items.all());
}

TEST(Cluster, NeighbouringTilesShowTheSameClustersAndSumsAreTrue) {
  for (const int cell : {16, 64, 256, 4096}) {
    const auto layer =
        layer_with("point", {{"cluster",
                              {{"cell", cell},
                               {"sum", {"amount"}},
                               {"max", {"amount"}},
                               {"classes", {{"attribute", "year"}, {"breaks", {1966, 1986}}}}}}});
    const auto all = places(static_cast<unsigned>(cell), 3000);
    const int reach = std::max(cell, 64);
    const auto west = features_in(tile_of(layer, all, 0, reach).bytes);
    const auto east = features_in(tile_of(layer, all, 4096, reach).bytes);
    // Each cluster near the common edge, as either tile has it.
    std::map<std::pair<int, int>, std::map<std::string, TileValue>> of_west;
    std::map<std::pair<int, int>, std::map<std::string, TileValue>> of_east;
    const auto near = [](int x) { return x >= 4096 - 64 && x < 4096 + 64; };
    for (const auto& f : west)
      if (near(f.shape.points[0].x)) of_west[{f.shape.points[0].x, f.shape.points[0].y}] = f.values;
    for (const auto& f : east)
      if (near(f.shape.points[0].x + 4096))
        of_east[{f.shape.points[0].x + 4096, f.shape.points[0].y}] = f.values;
    for (auto* values : {&of_west, &of_east})
      for (auto& [at, of] : *values) of.erase("_dropped");
    EXPECT_EQ(of_west, of_east) << cell;

    // Every place is in one cell of one tile.
    std::int64_t count = 0;
    double sum = 0;
    double by_class = 0;
    double largest = 0;
    for (const auto* features : {&west, &east})
      for (const auto& f : *features) {
        const auto at = f.shape.points[0];
        if (at.x < 0 || at.x >= 4096) continue;
        count += f.count();
        sum += f.has("_count") ? f.number("amount_sum") : f.number("amount");
        largest = std::max({largest, f.number("amount_max"), f.number("amount")});
        for (const auto* name : {"amount_sum_to_1965", "amount_sum_1966_1985", "amount_sum_from_1986"})
          by_class += f.number(name);
        if (!f.has("_count")) by_class += f.number("amount");
        EXPECT_FALSE(f.has("amount_sum_unknown"));
      }
    double true_sum = 0;
    double true_largest = 0;
    for (const auto& place : all) {
      true_sum += place.amount;
      true_largest = std::max(true_largest, place.amount);
    }
    EXPECT_EQ(count, 3000);
    EXPECT_EQ(sum, true_sum);
    EXPECT_EQ(by_class, true_sum);
    EXPECT_EQ(largest, true_largest);
  }
}

const catalogue::Layer& roads() {
  static const auto layer = layer_with("line", {{"join", {{"by", {"kind"}}, {"sum", {"amount"}}}}});
  return layer;
}

double total_length(const std::vector<TileFeature>& features) {
  double out = 0;
  for (const auto& feature : features) out += length_of(feature.shape);
  return out;
}

TEST(Join, LinesMeetOnlyWhereTwoOfOneKindEnd) {
  Items items(roads());
  items.add(1, line_of({{{0, 0}, {10, 0}}}), "a", 1);
  items.add(2, line_of({{{20, 0}, {10, 0}}}), "a", 2);    // runs the other way
  items.add(3, line_of({{{20, 0}, {30, 0}}}), "b", 4);    // another kind
  items.add(4, line_of({{{100, 0}, {110, 0}}}), "a", 8);  // a crossing of three
  items.add(5, line_of({{{110, 0}, {120, 0}}}), "a", 16);
  items.add(6, line_of({{{110, 0}, {110, 10}}}), "a", 32);
  items.add(7, line_of({{{200, 0}, {210, 0}, {205, 5}, {200, 0}}}), "a", 64);  // a ring by itself
  items.add(8, line_of({{{300, 0}, {310, 0}}}), "a", 128);                     // a ring of two
  items.add(9, line_of({{{310, 0}, {305, 5}, {300, 0}}}), "a", 256);
  items.add(10, line_of({{{400, 0}, {410, 0}}, {{420, 0}, {430, 0}}}), "a", 512);  // in two stretches
  const auto features = features_in(make(roads(), items.all()).bytes);
  std::set<std::uint64_t> alone;
  std::multiset<double> joined;
  for (const auto& f : features) {
    if (f.id != 0) {
      alone.insert(f.id);
      EXPECT_FALSE(f.has("_count"));
    } else {
      joined.insert(f.number("amount_sum"));
      EXPECT_EQ(f.number("_count"), 2);
    }
  }
  EXPECT_EQ(alone, (std::set<std::uint64_t>{3, 4, 5, 6, 7, 10}));
  EXPECT_EQ(joined, (std::multiset<double>{3, 384}));
  EXPECT_EQ(total_length(features),
            total_length(features_in(make(layer_with("line", {}), items.all()).bytes)));
}

TEST(Join, InANetworkNoLengthAndNoAmountIsLost) {
  for (unsigned seed = 1; seed <= 30; ++seed) {
    std::mt19937 random(seed);
    Items items(roads());
    double amounts = 0;
    const int count = 1 + static_cast<int>(random() % 200);
    for (int i = 1; i <= count; ++i) {
      // On a coarse grid, so that many meet; some features have several stretches.
      std::vector<std::vector<geom::TilePoint>> stretches;
      for (unsigned part = 0; part <= random() % 3; ++part) {
        const int x = static_cast<int>(random() % 8) * 100;
        const int y = static_cast<int>(random() % 8) * 100;
        const bool along = random() % 2 == 0;
        stretches.push_back({{x, y}, along ? geom::TilePoint{x + 100, y} : geom::TilePoint{x, y + 100}});
        if (random() % 2 == 0) std::reverse(stretches.back().begin(), stretches.back().end());
      }
      items.add(i, line_of(stretches), std::string(1, static_cast<char>('a' + random() % 2)), i);
      amounts += i;
    }
    const LayerTile tile = make(roads(), items.all());
    const auto features = features_in(tile.bytes);
    EXPECT_EQ(stand_for(features) + tile.dropped, count);
    EXPECT_DOUBLE_EQ(total_length(features),
                     total_length(features_in(make(layer_with("line", {}), items.all()).bytes)));
    double sum = 0;
    for (const auto& f : features) sum += f.id == 0 ? f.number("amount_sum") : f.number("amount");
    EXPECT_EQ(sum, amounts);
  }
}

TEST(Merge, SquaresHaveTheAreaOfWhatTheyStandFor) {
  for (const double least : {4.0, 8.0, 50.0}) {
    const auto layer =
        layer_with("polygon", {{"smallest_area", least}, {"merge", {{"by", {"kind"}}, {"sum", {"amount"}}}}});
    std::mt19937 random(static_cast<unsigned>(least));
    Items items(layer);
    std::map<std::string, double> area;
    double amounts = 0;
    const int count = 2000;
    for (int i = 1; i <= count; ++i) {
      const std::string kind(1, static_cast<char>('a' + random() % 4));
      Item& item = items.add(
          i, square_at(static_cast<int>(random() % 4096), static_cast<int>(random() % 4096), 1), kind, i);
      item.form = Form::small;
      item.path = {};
      item.area = least * static_cast<double>(random() % 1000) / 1000;
      area[kind] += item.area;
      amounts += i;
    }
    const LayerTile tile = make(layer, items.all());
    const auto features = features_in(tile.bytes);
    std::map<std::string, double> shown;
    double sum = 0;
    for (const auto& f : features) {
      EXPECT_EQ(f.id, 0U);
      EXPECT_GE(area_of(f.shape), std::floor(std::sqrt(least)) * std::floor(std::sqrt(least)));
      shown[std::get<std::string>(f.values.at("kind"))] += area_of(f.shape);
      sum += f.number("amount_sum");
      for (const auto p : f.shape.points) EXPECT_TRUE(p.x >= 0 && p.y >= 0 && p.x <= 4096 && p.y <= 4096);
    }
    for (const auto& [kind, of] : area)
      EXPECT_NEAR(shown[kind], of, least + 2 * std::sqrt(least) + 1) << kind;
    EXPECT_EQ(stand_for(features) + tile.dropped, count);
    if (tile.dropped == 0) {
      EXPECT_EQ(sum, amounts);
    }
  }
}

}  // namespace
}  // namespace ritchi::tiling
