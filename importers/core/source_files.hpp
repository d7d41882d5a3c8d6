// From what a user names (file, archive, folder, database) to the files that are read, and their digest.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace ritchi::importers {

struct SourceFile {
  std::string name;   // as GDAL opens it: a path, /vsizip/…, PG:…
  std::string shown;  // as the user sees it
};

struct SourceSet {
  std::vector<SourceFile> files;    // to be read, in order
  std::vector<std::string> hashed;  // ordinary files on disk whose content is the input, in order
  std::vector<std::string> notes;   // what lies there too and is not read
  bool complete_digest = true;      // false where a source is no file (database, network)
};

// Folders and ZIP archives are replaced by the vector files in them: of several formats of the same data the
// best is taken (shapefile, GeoPackage, newline-delimited GeoJSON, GeoJSON, GML, CSV), by name. Throws
// Error(not_found | bad_input | io | too_large) with what to do.
SourceSet expand_sources(const std::vector<std::string>& named, std::uint64_t max_unpacked_bytes);

// SHA-256 over all files' content in order.
std::string digest_of(const SourceSet& set);

// Throws Error(bad_input) where a shapefile's parts are missing or shorter than their headers say.
void check_shapefile(const std::string& shp_name, const std::string& shown);

}  // namespace ritchi::importers
