#include "importers/synth/output_folder.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "geodata/base/error.hpp"
#include "importers/synth/text_file.hpp"

namespace ritchi::synth {
namespace {

constexpr const char* mark = ".ritchi-synth";

bool is_between(const std::string& name, std::string_view start, std::string_view end) {
  return name.size() > start.size() + end.size() && name.starts_with(start) && name.ends_with(end);
}

// Whether a path below the folder, with slashes, is one that the generator writes.
bool is_own(std::string name) {
  constexpr std::array<std::string_view, 13> fixed_names{"README.txt",
                                                         "manifest.json",
                                                         "municipalities.geojson",
                                                         "site-survey.csv",
                                                         "interchanges.geojson",
                                                         "investments.csv",
                                                         "farmland_parcels.geojsonl",
                                                         "water-pipe-ledger.csv",
                                                         "substations.csv",
                                                         "promotion_zones.geojson",
                                                         "soil_contamination.geojson",
                                                         "waterworks.geojson",
                                                         "clusters.geojson"};
  constexpr std::array<std::string_view, 11> folders{"a09/A09-", "a10/A10-",  "a11/A11-", "a12/A12-",
                                                     "a13/A13-", "a31/A31a-", "c02/C02-", "c28/C28-",
                                                     "l01/L01-", "l05/L05-",  "n02/N02-"};
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (name.size() > 3 && is_digit(name[0]) && is_digit(name[1]) && name[2] == '/') name.erase(0, 3);
  return std::find(fixed_names.begin(), fixed_names.end(), name) != fixed_names.end() ||
         is_between(name, "pipes_", "_water_op.gml") ||
         is_between(name, "zoning_", "_urf_6668_yoto_op.gml") ||
         is_between(name, "ports_", "_urf_6668_rinko_op.gml") ||
         std::any_of(folders.begin(), folders.end(),
                     [&](std::string_view start) { return is_between(name, start, ""); });
}

std::vector<std::string> own_files(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    std::string name = entry.path().lexically_relative(folder).generic_string();
    if (entry.is_regular_file() && is_own(name)) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

void prepare_output_folder(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_directory(folder, error))
    throw base::Error(base::ErrorKind::conflict, "is a file", folder.string(), "name a folder with --out");
  fs::create_directories(folder, error);
  if (error)
    throw base::Error(base::ErrorKind::io, "cannot make the folder: " + error.message(), folder.string(),
                      "choose a folder that you may write");
  if (!fs::is_empty(folder, error) && !fs::exists(folder / mark))
    throw base::Error(base::ErrorKind::conflict, "the folder is not empty", folder.string(),
                      "name a new or empty folder with --out");
  if (error)
    throw base::Error(base::ErrorKind::io, "cannot read the folder: " + error.message(), folder.string(),
                      "choose a folder that you may read and write");
  // The mark is there from the first moment, so that an interrupted run can be repeated.
  TextFile(folder / mark).close();
  for (const std::string& name : own_files(folder)) {
    fs::remove(folder / name, error);
    if (error)
      throw base::Error(base::ErrorKind::io, "cannot remove an earlier run's file: " + error.message(),
                        (folder / name).string(), "remove it by hand or choose another folder");
  }
}

std::vector<std::string> files_in(const std::filesystem::path& folder) {
  std::vector<std::string> names = own_files(folder);
  std::erase(names, "manifest.json");
  return names;
}

}  // namespace ritchi::synth
