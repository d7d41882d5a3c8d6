// A feature's part in a tile is the same whether that tile is asked for alone or all are.
#include "geodata/tiling/item_maker.hpp"

#include <gtest/gtest.h>

#include <map>
#include <numbers>
#include <random>

#include "geodata/geom/spatialite_blob.hpp"
#include "geodata/geom/tile_id.hpp"
#include "geodata/geom/world.hpp"
#include "tests/unit/geodata_tiling/items.hpp"

namespace ritchi::tiling {
namespace {

using geom::TileId;
using test::layer_with;

double unit(std::mt19937& random) {
  return static_cast<double>(random()) / static_cast<double>(std::mt19937::max());
}

constexpr int jgd2011 = 6668;

std::string stored(const geom::Geometry& shape) {
  std::string out;
  geom::encode_spatialite(shape, jgd2011, out);
  return out;
}
std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

geom::Geometry closed(geom::Kind kind, std::vector<geom::Point> points) {
  geom::Geometry out;
  out.kind = kind;
  if (kind == geom::Kind::polygon) points.push_back(points.front());
  out.points = std::move(points);
  if (kind != geom::Kind::point) out.end_ring();
  if (kind == geom::Kind::polygon) out.end_part();
  return out;
}

geom::Geometry star(double x, double y, double radius, int vertices, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<geom::Point> points;
  for (int i = 0; i < vertices; ++i) {
    const double angle = 2 * std::numbers::pi * i / vertices;
    const double r = radius * (0.5 + 0.5 * unit(random));
    points.push_back({x + r * std::cos(angle), y + r * std::sin(angle)});
  }
  return closed(geom::Kind::polygon, std::move(points));
}

geom::Geometry walk(double x, double y, double step, int vertices, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<geom::Point> points{{x, y}};
  for (int i = 1; i < vertices; ++i)
    points.push_back(
        {points.back().x + step * (unit(random) - 0.4), points.back().y + step * (unit(random) - 0.6)});
  return closed(geom::Kind::line, std::move(points));
}

// Compares all tiles of a zoom that have a part, and all round them.
void expect_same(const catalogue::Layer& layer, const geom::Geometry& shape, int last_zoom,
                 std::size_t least_tiles = 0) {
  ItemMaker maker(layer);
  const std::string blob = stored(shape);
  const std::vector<store::ValueView> values{std::string_view("a"), 5.0, std::int64_t{1}};
  ASSERT_TRUE(maker.take({7, "S", false, bytes_of(blob), values}, 99));
  std::vector<std::uint8_t> zooms(maker.world().points.size());
  for (std::size_t i = 0; i < zooms.size(); ++i)
    zooms[i] = static_cast<std::uint8_t>(i % 7 == 0 || i + 1 == zooms.size() ? 0 : i % 11);
  for (const bool thinned : {false, true}) {
    if (thinned) maker.keep_vertices_from(zooms);
    for (int zoom = 0; zoom <= last_zoom; ++zoom) {
      std::map<std::uint64_t, std::string> at_once;
      std::map<std::uint64_t, TileId> round;
      std::string bytes;
      maker.items_at(zoom, [&](TileId tile, const Item& item) {
        EXPECT_EQ(item.id, 7);
        EXPECT_EQ(item.digest, 99U);
        EXPECT_EQ(item.rank, 5);
        encode_item(item, bytes);
        EXPECT_TRUE(at_once.emplace(geom::tile_number(tile), bytes).second) << "one tile twice";
        const auto last = (std::uint32_t{1} << static_cast<unsigned>(zoom)) - 1;
        for (const std::uint32_t x : {tile.x - 1, tile.x, tile.x + 1, last - tile.x})
          for (const std::uint32_t y : {tile.y - 1, tile.y, tile.y + 1})
            if (x <= last && y <= last) round[geom::tile_number({zoom, x, y})] = {zoom, x, y};
      });
      for (const auto& [number, tile] : round) {
        Item item;
        const bool there = maker.item_in(tile, item);
        const auto found = at_once.find(number);
        ASSERT_EQ(there, found != at_once.end()) << tile.z << '/' << tile.x << '/' << tile.y;
        if (!there) continue;
        encode_item(item, bytes);
        ASSERT_EQ(bytes == found->second, true) << tile.z << '/' << tile.x << '/' << tile.y;
      }
      if (zoom == last_zoom) {
        EXPECT_GE(at_once.size(), least_tiles);
      }
    }
  }
}

TEST(ItemMaker, OneTileAloneIsAsAmongAll) {
  const nlohmann::json rules[] = {nlohmann::json::object(),
                                  {{"smallest_area", 50}},
                                  {{"smallest_area", 50}, {"merge", {{"by", {"kind"}}}}}};
  for (const auto& rule : rules)
    for (const char* tiny : {"drop", "keep"}) {
      const auto layer = layer_with("any", rule, {{"tiny", tiny}});
      for (unsigned seed = 1; seed <= 12; ++seed) {
        const double size = std::pow(10.0, -5.0 + seed / 2.5);
        expect_same(layer, star(138.7, 36.2, size, 5 + static_cast<int>(seed) * 9, seed), 11);
        expect_same(layer, walk(138.7, 36.2, size, 40, seed), 11);
      }
    }
}

TEST(ItemMaker, HugeFeaturesInHundredsOfTiles) {
  const auto layer = layer_with("any", {});
  expect_same(layer, star(138, 37, 3, 5000, 1), 11, 700);
  expect_same(layer, walk(130, 34, 0.5, 3000, 2), 10, 100);
  // Long, straight and thin: a sliver in many tiles.
  expect_same(layer, closed(geom::Kind::polygon, {{130, 30}, {140, 40}, {140, 40.0005}}), 9, 20);
  expect_same(layer, closed(geom::Kind::line, {{130, 30}, {140, 40}}), 11, 50);
}

TEST(ItemMaker, AtTheEdgesOfTheWorld) {
  const auto layer = layer_with("any", {});
  const auto clustered = layer_with("any", {{"cluster", {{"cell", 256}}}});
  for (const double x : {-180.0, -179.999, 179.999, 180.0})
    for (const double y : {-85.06, -85.05, 0.0, 85.05, 85.06}) {
      expect_same(layer, closed(geom::Kind::point, {{x, y}}), 12);
      expect_same(clustered, closed(geom::Kind::point, {{x, y}}), 12);
    }
  expect_same(layer, closed(geom::Kind::polygon, {{-180, -80}, {180, -80}, {180, 80}, {-180, 80}}), 6, 500);
  expect_same(layer, closed(geom::Kind::polygon, {{179, 10}, {180, 10}, {180, 11}, {179, 11}}), 10);
  expect_same(layer, closed(geom::Kind::polygon, {{-180, 10}, {-179, 10}, {-179, 11}, {-180, 11}}), 10);
}

TEST(ItemMaker, ClustersAreFedFromAllCellsOfTheBuffer) {
  for (const int cell : {16, 128, 4096}) {
    const auto layer = layer_with("any", {{"cluster", {{"cell", cell}}}});
    for (unsigned seed = 1; seed <= 20; ++seed) {
      std::mt19937 random(seed);
      expect_same(layer, closed(geom::Kind::point, {{138 + unit(random), 37 + unit(random)}}), 12);
      expect_same(layer, star(138 + unit(random), 37 + unit(random), 0.01, 9, seed), 12);
    }
  }
}

// Half a unit beyond the buffer is still rounded onto its edge.
TEST(ItemMaker, AtTheEdgesOfTheBuffer) {
  const auto plain = layer_with("any", {});
  const auto clustered = layer_with("any", {{"cluster", {{"cell", 64}}}});
  const double unit_degrees = 360.0 / (4096 * 256);  // at zoom 8
  for (int tenth = -12; tenth <= 12; ++tenth)
    for (const int edge : {-64, 0, 64}) {
      const double x = 90 + unit_degrees * (edge + tenth * 0.1);
      for (const auto* layer : {&plain, &clustered}) {
        expect_same(*layer, closed(geom::Kind::point, {{x, 37.123}}), 8);
        expect_same(*layer, closed(geom::Kind::line, {{x, 37.123}, {x, 37.124}, {x + unit_degrees, 37.124}}),
                    8);
        expect_same(*layer,
                    closed(geom::Kind::polygon, {{x, 37.12}, {x + unit_degrees * 9, 37.12}, {x, 37.2}}), 8);
      }
    }
}

// Where nothing is to be seen of a feature at a zoom, one tile says that it was there.
TEST(ItemMaker, WhatIsTooSmallIsCountedOnce) {
  const auto layer = layer_with("any", {});
  for (unsigned seed = 1; seed <= 30; ++seed) {
    ItemMaker maker(layer);
    const auto shape = seed % 2 == 0 ? star(138.7, 36.2, 1e-4, 9, seed) : walk(138.7, 36.2, 1e-5, 5, seed);
    const std::string blob = stored(shape);
    const std::vector<store::ValueView> values(3);
    ASSERT_TRUE(maker.take({7, "S", false, bytes_of(blob), values}));
    for (int zoom = 0; zoom <= 14; ++zoom) {
      int lost = 0;
      int shown = 0;
      maker.items_at(zoom, [&](TileId, const Item& item) { ++(item.form == Form::lost ? lost : shown); });
      EXPECT_GE(lost + shown, 1) << zoom;
      EXPECT_EQ(lost, shown == 0 ? 1 : 0) << zoom;
    }
  }
}

}  // namespace
}  // namespace ritchi::tiling
