// The published pipe network of Nagaoka lands where its publisher says it lies; the municipalities of Niigata
// stay neighbours at every zoom.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "geodata/geom/projection.hpp"
#include "geodata/geom/tile_geometry.hpp"
#include "geodata/geom/world.hpp"
#include "tests/unit/geodata_geom/coverage.hpp"

namespace ritchi::geom {
namespace {

std::filesystem::path real_data() {
  const char* set = std::getenv("RITCHI_REAL_DATA");
  return set != nullptr ? std::filesystem::path(set)
                        : std::filesystem::path(RITCHI_SOURCE_DIR).parent_path() / "shared" / "data";
}

TEST(RealData, NagaokasPipesLieInTheirStatedExtent) {
  const auto folder = real_data() / "pipes-nagaoka";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no real data at " << folder;
  const Projection projection = Projection::to_stored("EPSG:10169");
  ASSERT_TRUE(projection.northing_first());
  Box extent;
  std::size_t points = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename().string().find("water") == std::string::npos) continue;
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::string tag = "<gml:posList>";
    for (std::size_t at = text.find(tag); at != std::string::npos; at = text.find(tag, at + 1)) {
      std::istringstream list(
          text.substr(at + tag.size(), text.find('<', at + tag.size()) - at - tag.size()));
      double north = 0;
      double east = 0;
      double height = 0;
      while (list >> north >> east >> height) {
        extent.add(projection.apply(Point{east, north}));
        ++points;
      }
    }
  }
  EXPECT_GT(points, 500u);
  // Stated to four decimals: half a unit of the last place is allowed.
  const Box stated{138.7373 - 5e-5, 37.4061 - 5e-5, 138.7679 + 5e-5, 37.4312 + 5e-5};
  EXPECT_TRUE(stated.contains(extent))
      << extent.min_x << " " << extent.min_y << " " << extent.max_x << " " << extent.max_y;
}

// Municipalities as published, in world coordinates.
std::vector<Geometry> municipalities(const std::filesystem::path& file) {
  std::vector<Geometry> out;
  const auto collection = nlohmann::json::parse(std::ifstream(file));
  for (const auto& feature : collection.at("features")) {
    const auto& geometry = feature.at("geometry");
    const bool multi = geometry.at("type") == "MultiPolygon";
    const auto parts =
        multi ? geometry.at("coordinates") : nlohmann::json::array({geometry.at("coordinates")});
    Geometry lonlat;
    lonlat.kind = Kind::polygon;
    for (const auto& part : parts) {
      for (const auto& ring : part) {
        for (const auto& p : ring) lonlat.points.push_back({p.at(0).get<double>(), p.at(1).get<double>()});
        lonlat.end_ring();
      }
      lonlat.end_part();
    }
    to_world(lonlat, out.emplace_back());
  }
  return out;
}

TEST(RealData, NiigatasMunicipalitiesLeaveNoGapAndDoNotOverlap) {
  const auto file = real_data() / "admin" / "N03-21_15_s0010.geojson";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no real data at " << file;
  const auto features = municipalities(file);
  ASSERT_EQ(features.size(), 37u);
  const auto zooms = test::zooms_of(features, {.minzoom = 3, .maxzoom = 14});
  const std::size_t lakes = test::united(features).holes;
  Box box;
  for (const Geometry& g : features) box.add(g.bounds());
  TileOptions options;
  options.buffer = 0;
  for (int zoom = 3; zoom <= 12; ++zoom) {
    const double tiles = std::ldexp(1.0, zoom);
    double sum = 0;
    double together = 0;
    std::size_t holes = 0;
    for (auto x = static_cast<std::uint32_t>(box.min_x * tiles); x <= box.max_x * tiles; ++x) {
      for (auto y = static_cast<std::uint32_t>(box.min_y * tiles); y <= box.max_y * tiles; ++y) {
        TileCutter cutter({zoom, x, y}, options);
        std::vector<TileGeometry> cut;
        for (std::size_t i = 0; i < features.size(); ++i) {
          TileGeometry out;
          if (!cutter.cut(features[i], out, zooms[i])) continue;
          sum += test::area(out);
          cut.push_back(out);
        }
        if (cut.empty()) continue;
        const test::United all = test::united(cut);
        together += all.area;
        holes += all.holes;
      }
    }
    EXPECT_DOUBLE_EQ(sum, together) << "zoom " << zoom;
    EXPECT_LE(holes, lakes) << "zoom " << zoom;
  }
}

}  // namespace
}  // namespace ritchi::geom
