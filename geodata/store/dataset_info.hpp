// What is known about a dataset as a whole: it travels with the file and with every answer made from it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "geodata/geom/geometry.hpp"

namespace ritchi::store {

// Counts, extent and digest of those rows that one audience may see.
struct Summary {
  std::int64_t rows = 0;
  std::int64_t synthetic_rows = 0;
  geom::Box extent;      // longitude, latitude; empty where no feature has a place
  std::string revision;  // hexadecimal, a digest of the declared layer, the provenance and these rows alone

  friend bool operator==(const Summary&, const Summary&) = default;
};

struct DatasetInfo {
  std::string layer;
  std::string partition;  // [A-Za-z0-9_-]+, usually a prefecture code; "all" where a source is not divided
  std::string profile;
  std::string as_of;  // YYYY-MM-DD, the state of affairs that the data describes; empty = not stated
  std::string source_name;
  std::string source_url;
  std::string licence;
  std::string attribution;
  std::string input_sha256;    // over all source files, in order
  std::string import_options;  // those that change the outcome, as JSON text
  // Places for which the rows are all there are, so that none found there means none: "japan", prefecture (2)
  // and municipality (5 digits) codes, sorted; empty: not stated.
  std::vector<std::string> covers;
  std::int64_t rejected = 0;
  Summary whole;  // every row: for the operator's commands only
  Summary open;   // the rows that everybody may see; nothing else of this dataset reaches the public
};

}  // namespace ritchi::store
