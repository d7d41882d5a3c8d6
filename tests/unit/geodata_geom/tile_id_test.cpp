#include "geodata/geom/tile_id.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <utility>

namespace ritchi::geom {
namespace {

// The curve as its definition has it, one level after the other.
std::uint64_t number_by_definition(TileId tile) {
  std::uint64_t out = first_tile_number(tile.z);
  std::uint64_t x = tile.x;
  std::uint64_t y = tile.y;
  for (std::uint64_t side = std::uint64_t{1} << tile.z >> 1U; side > 0; side /= 2) {
    const bool right = (x & side) != 0;
    const bool lower = (y & side) != 0;
    out += side * side * ((right ? 3U : 0U) ^ (lower ? 1U : 0U));
    if (lower) continue;
    if (right) {
      x = ~x & (side - 1);
      y = ~y & (side - 1);
    }
    std::swap(x, y);
  }
  return out;
}

TEST(TileNumber, AreThoseOfTheSpecification) {
  EXPECT_EQ(tile_number({0, 0, 0}), 0U);
  EXPECT_EQ(tile_number({1, 0, 0}), 1U);
  EXPECT_EQ(tile_number({1, 0, 1}), 2U);
  EXPECT_EQ(tile_number({1, 1, 1}), 3U);
  EXPECT_EQ(tile_number({1, 1, 0}), 4U);
  EXPECT_EQ(tile_number({2, 0, 0}), 5U);
  EXPECT_EQ(tile_number({12, 3423, 1763}), 19078479U);
}

TEST(TileNumber, OfAllTilesOfTheFirstZoomsAreEachNumberOnce) {
  std::uint64_t tiles = 0;
  std::set<std::uint64_t> numbers;
  for (int z = 0; z <= 8; ++z) {
    for (std::uint32_t x = 0; x < 1U << z; ++x) {
      for (std::uint32_t y = 0; y < 1U << z; ++y, ++tiles) {
        const TileId tile{z, x, y};
        numbers.insert(tile_number(tile));
        ASSERT_EQ(tile_number(tile), number_by_definition(tile));
        ASSERT_EQ(tile_of_number(tile_number(tile)), tile);
      }
    }
    EXPECT_EQ(tiles, first_tile_number(z + 1));
  }
  EXPECT_EQ(numbers.size(), tiles);
  EXPECT_EQ(*numbers.rbegin(), tiles - 1);
}

TEST(TileNumber, GoesThereAndBackAtEveryZoom) {
  std::mt19937_64 random(7);
  for (int z = 0; z <= max_numbered_zoom; ++z) {
    const auto last = static_cast<std::uint32_t>((std::uint64_t{1} << z) - 1);
    std::uniform_int_distribution<std::uint32_t> any(0, last);
    for (int i = 0; i < 2000; ++i) {
      const TileId tile{z, any(random), any(random)};
      ASSERT_EQ(tile_number(tile), number_by_definition(tile)) << z << '/' << tile.x << '/' << tile.y;
      ASSERT_EQ(tile_of_number(tile_number(tile)), tile);
    }
    EXPECT_EQ(tile_of_number(first_tile_number(z)), (TileId{z, 0, 0}));
    EXPECT_EQ(tile_of_number(first_tile_number(z + 1) - 1), (TileId{z, last, 0}));
  }
}

TEST(TileNumber, BehindTheLastTileIsNoTile) {
  EXPECT_EQ(tile_of_number(first_tile_number(max_numbered_zoom + 1)), std::nullopt);
  EXPECT_EQ(tile_of_number(~std::uint64_t{0}), std::nullopt);
}

TEST(TileNumber, OfTheTilesBelowATileAreConsecutive) {
  const TileId parent{9, 453, 200};
  std::set<std::uint64_t> numbers;
  for (std::uint32_t x = 0; x < 8; ++x)
    for (std::uint32_t y = 0; y < 8; ++y) numbers.insert(tile_number({12, 453 * 8 + x, 200 * 8 + y}));
  const std::uint64_t place = tile_number(parent) - first_tile_number(9);
  EXPECT_EQ(*numbers.begin(), first_tile_number(12) + place * 64);
  EXPECT_EQ(*numbers.rbegin(), first_tile_number(12) + place * 64 + 63);
}

}  // namespace
}  // namespace ritchi::geom
