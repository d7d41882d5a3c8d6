// Shapes come back from their commands as they were.
#include "geodata/tiling/path.hpp"

#include <gtest/gtest.h>

#include <random>

#include "geodata/base/error.hpp"
#include "geodata/geom/grid_rings.hpp"
#include "geodata/tiling/wire.hpp"

namespace ritchi::tiling {
namespace {

geom::TileGeometry round_trip(const geom::TileGeometry& shape) {
  std::string path;
  encode_path(shape, path);
  geom::TileGeometry out;
  out.points.push_back({1, 2});  // is replaced
  decode_path(shape.kind, path, out);
  return out;
}

geom::TilePoint random_point(std::mt19937& random) {
  return {static_cast<int>(random() % 4225) - 64, static_cast<int>(random() % 4225) - 64};
}

TEST(Path, PointsAndLinesComeBack) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    geom::TileGeometry shape;
    shape.kind = round % 2 == 0 ? geom::Kind::point : geom::Kind::line;
    for (unsigned part = 0; part <= random() % 4; ++part) {
      for (unsigned i = 0; i < 2 + random() % 300; ++i) shape.points.push_back(random_point(random));
      if (shape.kind == geom::Kind::line)
        shape.ring_ends.push_back(static_cast<std::uint32_t>(shape.points.size()));
    }
    EXPECT_EQ(round_trip(shape), shape);
  }
}

TEST(Path, PolygonsComeBackWithTheirHoles) {
  std::mt19937 random(2);
  for (int round = 0; round < 300; ++round) {
    geom::TileGeometry shape;
    shape.kind = geom::Kind::polygon;
    for (unsigned part = 0; part <= random() % 3; ++part) {
      for (unsigned ring = 0; ring <= random() % 3; ++ring) {
        std::vector<geom::TilePoint> points;
        do {
          points.clear();
          for (unsigned i = 0; i < 3 + random() % 20; ++i) points.push_back(random_point(random));
        } while (geom::doubled_area(points.data(), points.size()) == 0);
        if ((geom::doubled_area(points.data(), points.size()) > 0) != (ring == 0))
          std::reverse(points.begin(), points.end());
        shape.points.insert(shape.points.end(), points.begin(), points.end());
        shape.ring_ends.push_back(static_cast<std::uint32_t>(shape.points.size()));
      }
      shape.part_ends.push_back(static_cast<std::uint32_t>(shape.ring_ends.size()));
    }
    EXPECT_EQ(round_trip(shape), shape);
  }
}

TEST(Path, CommandsOutOfOrderAreAnError) {
  geom::TileGeometry out;
  for (const std::vector<std::uint32_t>& words :
       {std::vector<std::uint32_t>{15}, {3}, {9, 0, 0, 15}, {9, 0}, {9 + (1U << 20), 0, 0}}) {
    std::string path;
    for (const std::uint32_t word : words) put_varint(path, word);
    EXPECT_THROW(decode_path(geom::Kind::polygon, path, out), base::Error);
  }
  // No coordinate runs over.
  std::string far;
  put_varint(far, 1 | (4U << 3U));
  for (int i = 0; i < 8; ++i) put_varint(far, zigzag(std::int32_t{2147483647}));
  EXPECT_THROW(decode_path(geom::Kind::point, far, out), base::Error);
}

}  // namespace
}  // namespace ritchi::tiling
