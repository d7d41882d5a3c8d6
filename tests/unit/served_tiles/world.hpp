// Layers full of random shapes, published through the real parts and read back through them.
#pragma once
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "geodata/catalogue/catalogue.hpp"
#include "geodata/load/dataset_writer.hpp"
#include "geodata/store/snapshot.hpp"
#include "geodata/tiling/deflate_part.hpp"
#include "tests/unit/support/temporary_folder.hpp"

namespace ritchi::test {

using Records = std::vector<load::Record>;

inline catalogue::Layer layer_with(const std::string& geometry, const nlohmann::json& rules, int minzoom = 5,
                                   int maxzoom = 12, bool disclosure = false) {
  nlohmann::json declared{{"id", "things"},
                          {"geometry", geometry},
                          {"rank", "amount"},
                          {"minzoom", minzoom},
                          {"maxzoom", maxzoom},
                          {"generalise", rules},
                          {"attributes",
                           {{{"name", "kind"}, {"type", "text"}},
                            {{"name", "amount"}, {"type", "integer"}},
                            {{"name", "part"}, {"type", "real"}}}}};
  if (disclosure) declared["attributes"].push_back({{"name", "disclosure"}, {"type", "text"}});
  return catalogue::parse_layer(declared, "test");
}

inline load::Record record_of(std::int64_t id, geom::Geometry shape, std::mt19937& random) {
  load::Record out;
  out.id = id;
  out.source_id = "S" + std::to_string(id);
  out.synthetic = id % 3 == 0;
  out.geometry = std::move(shape);
  out.values.resize(3);
  out.values[0].emplace<std::string>(1, static_cast<char>('a' + random() % 3));
  out.values[1].emplace<std::int64_t>(random() % 1000);
  out.values[2].emplace<double>(static_cast<double>(random() % 1000) / 8);
  if (random() % 10 == 0) out.values[1] = catalogue::Value{};
  return out;
}

inline double unit(std::mt19937& random) {
  return static_cast<double>(random()) / static_cast<double>(std::mt19937::max());
}

inline geom::Geometry point(double x, double y) {
  geom::Geometry out;
  out.points.push_back({x, y});
  return out;
}

inline geom::Geometry ring(std::vector<geom::Point> points) {
  geom::Geometry out;
  out.kind = geom::Kind::polygon;
  points.push_back(points.front());
  out.points = std::move(points);
  out.end_ring();
  out.end_part();
  return out;
}

// A star of many vertices round a middle.
inline geom::Geometry star(double x, double y, double radius, int vertices, std::mt19937& random) {
  std::vector<geom::Point> points;
  for (int i = 0; i < vertices; ++i) {
    const double angle = 2 * std::numbers::pi * i / vertices;
    const double r = radius * (0.6 + 0.4 * unit(random));
    points.push_back({x + r * std::cos(angle), y + r * std::sin(angle)});
  }
  return ring(std::move(points));
}

inline Records random_points(unsigned seed, int count) {
  std::mt19937 random(seed);
  Records out;
  for (int i = 1; i <= count; ++i)
    out.push_back(record_of(i, point(138 + unit(random), 37 + unit(random)), random));
  return out;
}

// From specks to one that covers half of Honshu.
inline Records random_polygons(unsigned seed, int count) {
  std::mt19937 random(seed);
  Records out;
  for (int i = 1; i <= count; ++i)
    out.push_back(
        record_of(i,
                  star(138 + unit(random), 37 + unit(random), std::pow(10.0, -4.5 + 3.5 * unit(random)),
                       3 + static_cast<int>(random() % 60), random),
                  random));
  out.push_back(record_of(count + 1, star(138.3, 37.2, 1.7, 3000, random), random));
  return out;
}

inline Records random_lines(unsigned seed, int count) {
  std::mt19937 random(seed);
  Records out;
  for (int i = 1; i <= count; ++i) {
    geom::Geometry line;
    line.kind = geom::Kind::line;
    // On a coarse grid, so that ends meet; the last ones run through hundreds of tiles.
    const double step = i + 3 > count ? 0.2 : 0.01;
    geom::Point at{138 + 0.05 * static_cast<double>(random() % 20),
                   37 + 0.05 * static_cast<double>(random() % 20)};
    for (unsigned k = 0; k < 2 + random() % 20; ++k) {
      line.points.push_back(at);
      at = {at.x + step * (static_cast<double>(random() % 5) - 2),
            at.y + step * (static_cast<double>(random() % 5) - 2)};
    }
    line.end_ring();
    out.push_back(record_of(i, std::move(line), random));
  }
  return out;
}

// Cells of a jittered grid that share every border, which wind about; they cover lon, lat [0, side] from a
// corner without gap or overlap.
inline Records mosaic(unsigned seed, int cells, double side) {
  std::mt19937 random(seed);
  constexpr int between = 6;  // vertices of a border between its ends
  const double step = side / cells;
  std::map<std::tuple<int, int, int, bool>, geom::Point> vertices;
  const auto vertex = [&](int i, int j, int k, bool along) {
    const auto [found, fresh] = vertices.try_emplace({i, j, k, along});
    if (fresh) {
      const double wobble = step * 0.15;
      const double t = static_cast<double>(k) / (between + 1);
      found->second = {138 + step * (i + (along ? t : 0)) + wobble * (unit(random) - 0.5),
                       37 + step * (j + (along ? 0 : t)) + wobble * (unit(random) - 0.5)};
    }
    return found->second;
  };
  const auto corner = [&](int i, int j) { return vertex(i, j, 0, true); };
  Records out;
  for (int j = 0; j < cells; ++j)
    for (int i = 0; i < cells; ++i) {
      std::vector<geom::Point> points{corner(i, j)};
      for (int k = 1; k <= between; ++k) points.push_back(vertex(i, j, k, true));
      points.push_back(corner(i + 1, j));
      for (int k = 1; k <= between; ++k) points.push_back(vertex(i + 1, j, k, false));
      points.push_back(corner(i + 1, j + 1));
      for (int k = between; k > 0; --k) points.push_back(vertex(i, j + 1, k, true));
      points.push_back(corner(i, j + 1));
      for (int k = between; k > 0; --k) points.push_back(vertex(i, j, k, false));
      out.push_back(record_of(1 + j * cells + i, ring(std::move(points)), random));
    }
  return out;
}

inline load::Outcome publish(const std::filesystem::path& data, const catalogue::Layer& layer,
                             const Records& records, const std::string& partition = "all",
                             load::Apply apply = load::Apply::replace) {
  load::DatasetWriter writer(data, layer);
  for (const auto& record : records) writer.add(record);
  store::DatasetInfo info;
  info.partition = partition;
  info.profile = "test";
  return writer.publish(info, apply);
}

inline std::shared_ptr<const store::Snapshot> snapshot_of(const std::filesystem::path& data) {
  static const auto catalogue =
      catalogue::Catalogue::load(std::filesystem::path(RITCHI_SOURCE_DIR) / "styles");
  return store::Snapshot::load(data, catalogue, nullptr);
}

inline std::string plain_of(const store::TileFile& file, const store::TileEntry& entry) {
  if (entry.size == 0) return {};
  std::string part(entry.size, '\0');
  file.read(entry, part.data());
  return tiling::inflate_part({part, entry.plain_size, entry.crc32});
}

}  // namespace ritchi::test
