// What one region's generators share: the region, the seed, the folder, and the list of what they wrote.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "importers/synth/plots.hpp"
#include "importers/synth/region.hpp"

namespace ritchi::synth {

// One `ritchi import` that the written files call for, and what it must report.
struct ImportEntry {
  std::string profile;
  std::string layer;
  std::vector<std::string> files;  // relative to the job's folder
  std::string as_of;
  std::vector<std::string> options = {};
  std::int64_t rows = 0;      // source records that are of this layer
  std::int64_t others = 0;    // records of another layer in the same files
  std::int64_t ended = 0;     // of the rows, those that say themselves that they no longer hold
  std::int64_t features = 0;  // what becomes of the accepted rows, rows of one key joined
  std::map<std::string, std::int64_t> rejected = {};  // rows an importer must refuse, by kind of defect
  std::map<std::string, std::int64_t> odd = {};       // rows it must take although they look wrong, by kind
  std::int64_t repaired = 0;                          // of these, shapes that it mends

  std::int64_t rejected_rows() const;
  std::int64_t accepted_rows() const { return rows - ended - rejected_rows(); }
};

// How many records of each subject.
struct Counts {
  std::int64_t sites = 0;
  std::int64_t parcels = 0;
  std::int64_t pipes = 0;
  std::int64_t investments = 0;
  std::int64_t parks = 0;
};

// Where the parks of one cell lie: a box of the cell's plots.
struct ParkGround {
  int cell = 0;
  int count = 0;
  int west = plot_units;
  int south = plot_units;
  int east = 0;
  int north = 0;
};

// The largest surveyed site of one cell.
struct SiteGround {
  int cell = 0;
  PlotGrid::Plot plot;
};

struct Job {
  const Region& region;
  std::uint64_t seed = 0;
  Counts counts;
  std::filesystem::path folder;
  std::vector<ImportEntry> imports;
  // What subjects written later lie by: of each cell one entry, so that it does not grow with the scale.
  std::vector<ParkGround> park_grounds = {};     // by write_sites_and_parks
  std::vector<SiteGround> site_grounds = {};     // by write_sites_and_parks
  std::vector<int> industrial_water_cells = {};  // by write_pipes
};

// What a region's land holds; an estimate from below where real outlines cut through the cells.
Counts room_in(const Region& region, std::uint64_t seed);
// Throws Error(bad_input) naming what does not fit, before anything is written.
void check_room(const Region& region, std::uint64_t seed, const Counts& counts);

// Each writes its files into job.folder and appends to job.imports.
void write_municipalities(Job& job);
void write_interchanges(Job& job);
void write_zoning(Job& job);
void write_farmland(Job& job);
void write_sites_and_parks(Job& job);
void write_pipes(Job& job);
void write_investments(Job& job);
void write_city_planning(Job& job);
void write_flood(Job& job);
void write_protected_areas(Job& job);
void write_forests(Job& job);
void write_promotion_zones(Job& job);  // after the parks
void write_soil(Job& job);             // after the parks and sites
void write_waterworks(Job& job);       // after the pipes
void write_substations(Job& job);
void write_stations(Job& job);
void write_ports(Job& job);
void write_airports(Job& job);
void write_land_prices(Job& job);
void write_clusters(Job& job);

}  // namespace ritchi::synth
