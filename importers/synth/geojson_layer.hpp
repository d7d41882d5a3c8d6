// A GeoJSON file of one layer: every record flagged as invented, and the import that brings the file in.
#pragma once
#include <string>
#include <vector>

#include "importers/synth/geojson.hpp"
#include "importers/synth/job.hpp"

namespace ritchi::synth {

class GeoJsonLayer {
 public:
  // The file's path within the job's folder, and the collection's name.
  GeoJsonLayer(Job& job, std::string file, std::string_view name);

  FeatureText& record();  // begins the next one: its properties, in the order of the calls
  // Each gives the record its shape and writes it.
  void point(geom::Point metres);
  void line(const std::vector<geom::Point>& metres);
  void polygon(const Area& area);
  void polygons(const std::vector<Area>& areas);

  // What is written so far, each row a feature; the caller may say otherwise before it is handed to the job.
  ImportEntry close(const std::string& profile, const std::string& layer, const std::string& as_of);

 private:
  void flag() { m_feature.number("synthetic", std::int64_t{1}); }

  const Plane& m_plane;
  std::string m_name;
  GeoJsonFile m_file;
  FeatureText m_feature;
};

// Hands it over unless it has no rows.
void add_import(Job& job, ImportEntry entry);

}  // namespace ritchi::synth
