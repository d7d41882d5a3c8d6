// What is known about a dataset as a whole: it travels with the file and with every answer made from it.
#pragma once
#include <cstdint>
#include <string>

#include "geodata/geom/geometry.hpp"

namespace ritchi::store {

struct DatasetInfo {
  std::string layer;
  std::string partition;  // [A-Za-z0-9_-]+, usually a prefecture code; "all" where a source is not divided
  std::string revision;   // hexadecimal, a digest of the content
  std::string profile;
  std::string as_of;  // YYYY-MM-DD, the state of affairs that the data describes; empty = not stated
  std::string source_name;
  std::string source_url;
  std::string licence;
  std::string attribution;
  std::string input_sha256;    // over all source files, in order
  std::string import_options;  // those that change the outcome, as JSON text
  std::int64_t rows = 0;
  std::int64_t rejected = 0;
  std::int64_t synthetic_rows = 0;
  geom::Box extent;  // longitude, latitude; empty where no feature has a place
};

}  // namespace ritchi::store
