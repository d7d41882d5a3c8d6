// Reads outlines of municipalities from files of KSJ N03.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "importers/synth/outlines.hpp"

namespace ritchi::synth {

struct N03 {
  std::map<int, std::vector<Outline>> prefectures;  // 1 … 47, each sorted by code
  std::string sha256;                               // of the files
};

// Whatever format holds them (GeoJSON, shapefile, archives of them); only the given prefectures are kept.
// Throws Error(not_found | bad_input), also where none of the files has one of them.
N03 read_n03(const std::vector<std::string>& files, const std::vector<int>& prefectures);

}  // namespace ritchi::synth
