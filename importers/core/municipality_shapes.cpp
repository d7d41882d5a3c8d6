#include "importers/core/municipality_shapes.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "geodata/base/error.hpp"
#include "geodata/geom/spatialite_blob.hpp"
#include "geodata/store/data_folder.hpp"

namespace ritchi::importers {
namespace {

constexpr const char* layer_name = "municipalities";
// 4 million edges take about 150 MB: all municipalities of the largest prefecture in full detail.
constexpr std::size_t most_edges = 4'000'000;
// Whoever asks for one point will ask for its neighbours: about 2 km.
constexpr double margin_degrees = 0.02;

geom::Box around(geom::Point point, double reach_m) {
  const double y = reach_m / 110'000;
  const double x = y / std::cos(point.y * std::numbers::pi / 180);
  return {point.x - x, point.y - y, point.x + x, point.y + y};
}

bool holds(const geom::Box& box, geom::Point point) {
  return point.x >= box.min_x && point.x <= box.max_x && point.y >= box.min_y && point.y <= box.max_y;
}

}  // namespace

MunicipalityShapes::MunicipalityShapes(const std::filesystem::path& data_folder,
                                       const catalogue::Catalogue& catalogue) {
  for (const auto& info : store::find_published(data_folder, layer_name)) {
    if (info.whole.synthetic_rows == info.whole.rows) continue;
    auto dataset = store::Dataset::open(store::dataset_file(data_folder, layer_name, info.partition),
                                        [&](std::string_view id) { return catalogue.find_layer(id); });
    const std::size_t code = dataset->layer().index_of("municipality_code");
    if (code < dataset->layer().attributes.size()) m_sources.push_back({std::move(dataset), code});
  }
}

void MunicipalityShapes::load(const geom::Box& box) {
  if (!m_loaded.empty() && m_loaded.contains(box)) return;
  if (m_edges > most_edges) {
    m_areas.clear();
    m_edges = 0;
    m_last = nullptr;
  }
  m_loaded = {box.min_x - margin_degrees, box.min_y - margin_degrees, box.max_x + margin_degrees,
              box.max_y + margin_degrees};
  for (std::size_t i = 0; i < m_sources.size(); ++i) {
    Source& source = m_sources[i];
    if (!source.dataset->info().whole.extent.intersects(m_loaded)) continue;
    source.used = true;
    source.dataset->in_box(m_loaded, base::Deadline::never(), [&](const store::FeatureView& row) {
      const Key key{i, row.id};
      const auto* code = std::get_if<std::string_view>(&row.values[source.code]);
      if (row.synthetic || row.geometry.empty() || code == nullptr || m_areas.contains(key)) return;
      geom::Geometry shape;
      geom::decode_spatialite(row.geometry, shape);
      m_edges += shape.points.size();
      m_areas.emplace(key, Area{std::string(*code), geom::PointLocator(shape)});
    });
  }
}

std::optional<std::string> MunicipalityShapes::at(geom::Point point) {
  const auto found = [&] {
    if (m_last != nullptr && m_last->shape.contains(point)) return true;
    for (const auto& [key, area] : m_areas) {
      if (!holds(area.shape.bounds(), point) || !area.shape.contains(point)) continue;
      m_last = &area;
      return true;
    }
    return false;
  };
  // Only what is not held already is read.
  if (found()) return m_last->code;
  load(around(point, 0));
  if (found()) return m_last->code;
  return std::nullopt;
}

bool MunicipalityShapes::near_one(geom::Point point, double distance_m, const Test& test) {
  load(around(point, distance_m));
  for (const auto& [key, area] : m_areas)
    if (test(area.code) && area.shape.within(point, distance_m)) return true;
  return false;
}

std::vector<std::string> MunicipalityShapes::used() const {
  std::vector<std::string> out;
  for (const auto& source : m_sources)
    if (source.used)
      out.push_back(fmt::format("{} (revision {})", source.dataset->info().partition,
                                source.dataset->info().whole.revision));
  return out;
}

}  // namespace ritchi::importers
