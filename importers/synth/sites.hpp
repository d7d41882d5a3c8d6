// site-survey.csv (工場適地調査) and l05/ (KSJ L05-1): rows for pieces of land found elsewhere.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "importers/synth/csv.hpp"
#include "importers/synth/job.hpp"
#include "importers/synth/plots.hpp"
#include "importers/synth/region.hpp"
#include "importers/synth/shapefile.hpp"

namespace ritchi::synth {

class SiteFile {
 public:
  SiteFile(const std::filesystem::path& path, const Region& region, std::uint64_t seed);
  void add(int cell, int municipality, const PlotGrid::Plot& plot, const Ring& ring, Random& random);
  void close() { m_file.close(); }
  void report(ImportEntry& entry) const;

 private:
  std::string shape_of(const Ring& ring);
  double nearest_interchange_m(geom::Point place) const;
  const Region& m_region;
  std::uint64_t m_seed;
  CsvFile m_file;
  std::map<std::string, std::int64_t> m_rejected;
  std::map<std::string, std::int64_t> m_odd;
};

class ParkFile {
 public:
  // path without extension.
  ParkFile(const std::filesystem::path& path, const Region& region);
  // One park: one row for each of its pieces, each repeating the park's figures.
  void add(int cell, int municipality, const std::vector<Ring>& pieces, Random& random);
  void close() { m_file.close(); }
  std::int64_t parks() const { return m_parks; }
  void report(ImportEntry& entry) const;

 private:
  void add_row(const Ring& ring, const std::vector<std::string>& values);
  const Region& m_region;
  PolygonShapefile m_file;
  std::int64_t m_parks = 0;
  std::map<std::string, std::int64_t> m_odd;
};

}  // namespace ritchi::synth
