// A tile keeps to its budget, says what it left out, and is the same whatever order its items come in.
#include "geodata/tiling/layer_maker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "geodata/base/error.hpp"
#include "geodata/tiling/layer_encoder.hpp"
#include "tests/unit/geodata_tiling/items.hpp"

namespace ritchi::tiling {
namespace {

using namespace test;
using nlohmann::json;

Items crowd(const catalogue::Layer& layer, unsigned seed, int count) {
  std::mt19937 random(seed);
  Items out(layer);
  for (int i = 1; i <= count; ++i)
    out.add(i, point_at(static_cast<int>(random() % 4096), static_cast<int>(random() % 4096)),
            "kind " + std::to_string(random() % 50), static_cast<double>(random() % 200), 1900 + i % 120);
  return out;
}

TEST(LayerEncoder, GeneratedCodeReadsWhatWasWritten) {
  const std::vector<std::string> keys{"a", "b", "never"};
  LayerEncoder encoder("things", 4096);
  for (int round = 0; round < 2; ++round) {
    encoder.clear();
    std::vector<std::string> texts;
    for (int i = 0; i < 3000; ++i) texts.push_back(encode_value(store::ValueView{std::int64_t{i % 700}}));
    std::string path;
    encode_path(point_at(5, 6), path);
    for (int i = 0; i < 3000; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const ValueList values{texts[at], i % 3 == 0 ? std::string_view{} : texts[at / 2]};
      encoder.add(Form::point, i, path, keys, values);
      EXPECT_EQ(encoder.features(), i + 1);
    }
    const std::string bytes = encoder.finish();
    EXPECT_EQ(bytes.size(), encoder.size());
    wire::Tile tile;
    ASSERT_TRUE(tile.ParseFromString(bytes));
    EXPECT_EQ(tile.layers(0).keys_size(), 2);
    EXPECT_EQ(tile.layers(0).values_size(), 700);
    EXPECT_FALSE(tile.layers(0).features(0).has_id());
    const auto features = features_in(bytes);
    ASSERT_EQ(features.size(), 3000U);
    for (std::size_t i = 0; i < features.size(); ++i) {
      EXPECT_EQ(features[i].id, i);
      EXPECT_EQ(features[i].number("a"), static_cast<double>(i % 700));
      EXPECT_EQ(features[i].has("b"), i % 3 != 0);
      if (i % 3 != 0) {
        EXPECT_EQ(features[i].number("b"), static_cast<double>(i / 2 % 700));
      }
      EXPECT_EQ(features[i].shape, point_at(5, 6));
    }
  }
}

TEST(LayerMaker, StaysWithinItsBudgetAndTheHighestRanksStay) {
  for (const int most_bytes : {1000, 1100, 1500, 4000, 20000, 500000}) {
    for (const int count : {1, 3, 8, 20, 40, 900}) {
      const auto layer = layer_with("point", {{"max_bytes", most_bytes}, {"max_features", 500}});
      const Items items = crowd(layer, static_cast<unsigned>(most_bytes + count), count);
      const LayerTile tile = make(layer, items.all());
      EXPECT_LE(tile.bytes.size(), static_cast<std::size_t>(most_bytes));
      const auto features = features_in(tile.bytes);
      EXPECT_LE(features.size(), 500U);
      EXPECT_EQ(static_cast<std::int64_t>(features.size()), tile.features);
      EXPECT_EQ(tile.features + tile.dropped, count);
      EXPECT_EQ(dropped_in(features), tile.dropped);
      std::vector<std::pair<double, std::int64_t>> best;  // by rank, then the smaller id
      for (const Item& item : items.all()) best.emplace_back(-item.rank, item.id);
      std::sort(best.begin(), best.end());
      std::vector<std::uint64_t> kept;
      for (std::size_t i = 0; i < features.size(); ++i)
        kept.push_back(static_cast<std::uint64_t>(best[i].second));
      std::sort(kept.begin(), kept.end());
      for (std::size_t i = 0; i < kept.size(); ++i) ASSERT_EQ(features[i].id, kept[i]);
    }
  }
}

// Keys are written once, so few features with many long keys are the ones that a careless guess lets through.
TEST(LayerMaker, LongKeysCountToo) {
  json attributes = json::array();
  for (int i = 0; i < 30; ++i)
    attributes.push_back(
        {{"name", "a_very_long_name_of_an_attribute_" + std::to_string(i)}, {"type", "integer"}});
  const auto layer = catalogue::parse_layer({{"id", "things"},
                                             {"geometry", "point"},
                                             {"attributes", attributes},
                                             {"generalise", {{{"zooms", {0, 22}}, {"max_bytes", 1000}}}}},
                                            "test");
  std::string values;
  const std::vector<store::ValueView> row(30, store::ValueView{std::int64_t{1}});
  TileKeys(layer).encode({1, "S", true, {}, row}, values);
  std::string path;
  encode_path(point_at(1, 1), path);
  for (int count = 1; count < 6; ++count) {
    std::vector<Item> items;
    for (int i = 1; i <= count; ++i) {
      items.emplace_back();
      items.back().id = i;
      items.back().path = path;
      items.back().values = values;
    }
    const LayerTile tile = make(layer, items);
    EXPECT_LE(tile.bytes.size(), 1000U);
    EXPECT_EQ(tile.features + tile.dropped, count);
  }
}

TEST(LayerMaker, TheOrderOfItemsDoesNotMatter) {
  const json rules[] = {json::object(),
                        {{"max_bytes", 3000}},
                        {{"max_features", 17}},
                        {{"cluster", {{"cell", 512}, {"sum", {"amount"}}}}}};
  for (const json& rule : rules) {
    const auto layer = layer_with("point", rule);
    const Items items = crowd(layer, 9, 400);
    const LayerTile first = make(layer, items.all());
    std::mt19937 random(4);
    for (int round = 0; round < 20; ++round) {
      auto mixed = items.all();
      std::shuffle(mixed.begin(), mixed.end(), random);
      const LayerTile again = make(layer, mixed);
      EXPECT_EQ(again.bytes, first.bytes);
      EXPECT_EQ(again.dropped, first.dropped);
    }
  }
}

// What stands for several is dropped as all of them.
TEST(LayerMaker, DroppedClustersCountAsAllTheyStandFor) {
  const auto layer =
      layer_with("point", {{"max_features", 3}, {"cluster", {{"cell", 1024}, {"sum", {"amount"}}}}});
  const LayerTile tile = make(layer, crowd(layer, 5, 700).all());
  const auto features = features_in(tile.bytes);
  EXPECT_EQ(features.size(), 3U);
  EXPECT_EQ(stand_for(features) + tile.dropped, 700);
  EXPECT_EQ(dropped_in(features), tile.dropped);
}

TEST(LayerMaker, OnlyDeclaredAttributesAreShown) {
  const auto layer = layer_with("point", {{"attributes", {"amount"}}});
  for (const auto& feature : features_in(make(layer, crowd(layer, 5, 7).all()).bytes)) {
    EXPECT_TRUE(feature.has("amount") && feature.has("synthetic") && feature.has("source_id"));
    EXPECT_FALSE(feature.has("kind") || feature.has("year"));
  }
}

TEST(LayerMaker, WhatMergingNeedsMustBeShown) {
  for (const json& rule :
       {json{{"attributes", {"kind"}}}, json{{"attributes", {"amount"}}, {"cluster", {{"sum", {"year"}}}}},
        json{{"attributes", {"amount"}}, {"join", {{"by", {"kind"}}}}},
        json{{"attributes", {"amount"}}, {"merge", {{"by", {"kind"}}}}}}) {
    EXPECT_THROW(layer_with("any", rule), base::Error) << rule.dump();
  }
}

}  // namespace
}  // namespace ritchi::tiling
