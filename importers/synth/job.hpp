// What one region's generators share: the region, the seed, the folder, and the list of what they wrote.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "importers/synth/region.hpp"

namespace ritchi::synth {

// One `ritchi import` that the written files call for.
struct ImportEntry {
  std::string profile;
  std::string layer;
  std::vector<std::string> files;  // relative to the job's folder
  std::string as_of;
  std::vector<std::string> options;
  std::int64_t rows = 0;      // source records that are of this layer
  std::int64_t features = 0;  // what an import that refuses the planted records makes of them
  std::map<std::string, std::int64_t> planted;  // defects an importer must refuse or repair, by kind
};

// How many records of each subject.
struct Counts {
  std::int64_t sites = 0;
  std::int64_t parcels = 0;
  std::int64_t pipes = 0;
  std::int64_t investments = 0;
  std::int64_t parks = 0;
};

struct Job {
  const Region& region;
  std::uint64_t seed = 0;
  Counts counts;
  std::filesystem::path folder;
  std::vector<ImportEntry> imports;
};

// Each writes its files into job.folder and appends to job.imports.
void write_municipalities(Job& job);
void write_interchanges(Job& job);
void write_zoning(Job& job);
void write_farmland(Job& job);
void write_sites_and_parks(Job& job);
void write_pipes(Job& job);
void write_investments(Job& job);

}  // namespace ritchi::synth
