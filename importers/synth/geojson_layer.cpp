#include "importers/synth/geojson_layer.hpp"

#include <utility>

namespace ritchi::synth {
namespace {

std::filesystem::path made_path(const Job& job, const std::string& file) {
  std::filesystem::path path = job.folder / file;
  std::filesystem::create_directories(path.parent_path());
  return path;
}

}  // namespace

GeoJsonLayer::GeoJsonLayer(Job& job, std::string file, std::string_view name)
    : m_plane(job.region.plane),
      m_name(std::move(file)),
      m_file(made_path(job, m_name), GeoJsonFile::Form::collection, name) {}

FeatureText& GeoJsonLayer::record() {
  m_feature.start();
  return m_feature;
}

void GeoJsonLayer::point(geom::Point metres) {
  flag();
  m_feature.point(m_plane.to_degrees(metres));
  m_file.add(m_feature.finish());
}

void GeoJsonLayer::line(const std::vector<geom::Point>& metres) {
  flag();
  m_feature.line(m_plane, metres);
  m_file.add(m_feature.finish());
}

void GeoJsonLayer::polygon(const Area& area) {
  flag();
  m_feature.polygon(m_plane, area);
  m_file.add(m_feature.finish());
}

void GeoJsonLayer::polygons(const std::vector<Area>& areas) {
  flag();
  m_feature.polygons(m_plane, areas);
  m_file.add(m_feature.finish());
}

ImportEntry GeoJsonLayer::close(const std::string& profile, const std::string& layer,
                                const std::string& as_of) {
  m_file.close();
  ImportEntry entry{profile, layer, {m_name}, as_of};
  entry.rows = entry.features = m_file.count();
  return entry;
}

void add_import(Job& job, ImportEntry entry) {
  if (entry.rows > 0) job.imports.push_back(std::move(entry));
}

}  // namespace ritchi::synth
