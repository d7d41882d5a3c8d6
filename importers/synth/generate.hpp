// Makes a folder of source files in the formats in which such data are really published, every record
// invented.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "importers/synth/job.hpp"

namespace ritchi::synth {

struct Request {
  std::uint64_t seed = 1;
  double scale =
      1;  // 1 = 10,000 sites, 200,000 farmland parcels, 40,000 pipes, 20,000 investments, 300 parks
  std::string region = "15202";
  std::filesystem::path out;
};

struct Summary {
  Counts counts;
  std::int64_t imports = 0;  // entries of manifest.json
};

// Equal seed, scale and region give equal bytes in every file. `out` must be absent, empty, or a folder that
// this function wrote before (its files are replaced). Throws Error(bad_input), Error(conflict), Error(io).
// said, where given, is called with a line for people whenever a part is done.
Summary generate(const Request& request, const std::function<void(std::string_view)>& said = {});

Counts counts_for(double scale);

}  // namespace ritchi::synth
