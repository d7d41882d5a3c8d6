// Makes a folder of source files in the formats in which such data are really published, every record
// invented.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "importers/synth/job.hpp"

namespace ritchi::synth {

struct Request {
  std::uint64_t seed = 1;
  // 1 = 10,000 sites, 200,000 farmland parcels, 40,000 pipes, 20,000 investments, 300 parks
  double scale = 1;
  std::string region = "15202";
  std::filesystem::path out;
  std::vector<std::string> n03 = {};  // files with the real outlines of prefectures
};

struct Summary {
  Counts counts;
  std::int64_t imports = 0;  // entries of manifest.json
  std::string n03_sha256;    // of the outlines' files, where given
};

// Equal seed, scale, region and outlines give equal bytes in every file. Records are written as they are
// made: what is held in memory does not grow with the scale. `out` must be absent, empty, or a folder that
// this function wrote before (its files are replaced). A prefecture that the outlines do not have keeps its
// invented ones. Throws Error(bad_input), Error(conflict), Error(io), Error(not_found). said, where given, is
// called with a line for people whenever a part is done.
Summary generate(const Request& request, const std::function<void(std::string_view)>& said = {});

Counts counts_for(double scale);

}  // namespace ritchi::synth
