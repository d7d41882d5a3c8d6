// site-survey.csv (工場適地調査) and industrial_parks.geojson (KSJ L05-1): rows for pieces of land found
// elsewhere.
#pragma once
#include <cstdint>
#include <filesystem>

#include "importers/synth/csv.hpp"
#include "importers/synth/geojson.hpp"
#include "importers/synth/plots.hpp"
#include "importers/synth/region.hpp"

namespace ritchi::synth {

class SiteFile {
 public:
  SiteFile(const std::filesystem::path& path, const Region& region, std::uint64_t seed);
  void add(int cell, const PlotGrid::Plot& plot, const Ring& ring, Random& random);
  void close() { m_file.close(); }
  std::int64_t count() const { return m_file.count(); }

 private:
  double nearest_interchange_m(geom::Point place) const;
  const Region& m_region;
  std::uint64_t m_seed;
  CsvFile m_file;
};

class ParkFile {
 public:
  ParkFile(const std::filesystem::path& path, const Region& region);
  // One park: one row for each of its pieces, each repeating the park's figures.
  void add(int cell, const std::vector<Ring>& pieces, Random& random);
  void close() { m_file.close(); }
  std::int64_t rows() const { return m_file.count(); }
  std::int64_t parks() const { return m_parks; }

 private:
  const Region& m_region;
  GeoJsonFile m_file;
  FeatureText m_feature;
  std::int64_t m_parks = 0;
};

}  // namespace ritchi::synth
