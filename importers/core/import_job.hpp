// One run of `ritchi import`: sources in, published datasets out, with a report for each layer.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "geodata/base/progress.hpp"
#include "geodata/load/dataset_writer.hpp"
#include "importers/core/geometry_check.hpp"
#include "importers/core/import_report.hpp"

namespace ritchi::importers {

// How many rejected records are too many: a count, or a share of those that are of the layer.
struct RejectLimit {
  double share = 0.10;
  std::optional<std::int64_t> count;
  // "100" or "5%". Throws Error(bad_input).
  static RejectLimit parse(const std::string& text);
  bool exceeded(std::int64_t rejected, std::int64_t of) const;
  std::string text() const;
};

struct ImportRequest {
  std::string profile;  // or "auto"
  std::vector<std::string> sources;
  std::filesystem::path data;
  std::string layer;      // --layer, for auto
  std::string partition;  // empty: the prefecture of all records, else "all"
  std::string as_of;
  std::string source_crs;
  std::string encoding;
  std::map<std::string, std::string> columns;  // --map
  std::string covers;                          // --covers: "japan" or codes; empty: as the profile says
  std::filesystem::path rejects;               // empty: DATA/rejects/<layer>-<partition>.csv
  RejectLimit reject_limit;
  double max_repair_share = default_max_repair_share;
  bool dry_run = false;
  load::Apply apply = load::Apply::replace;
  std::string language = "en";  // of what is written for people
  std::uint64_t max_features = 100'000'000;
  std::uint64_t max_unpacked_bytes = std::uint64_t{64} << 30;
  std::filesystem::path styles;    // the catalogue
  std::filesystem::path profiles;  // the declared formats
};

// Throws Error where nothing can be said about single records: no source, unknown profile, damaged file, full
// disk. Then nothing is published and nothing is left behind.
std::vector<ImportReport> run_import(const ImportRequest& request, base::Progress& progress);

}  // namespace ritchi::importers
