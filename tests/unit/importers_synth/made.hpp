// A small generated folder, made once for all tests, and GDAL's view of its files.
#pragma once
#include <gdal/cpl_vsi.h>
#include <gdal/gdal.h>
#include <gdal/ogr_api.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include "geodata/base/text.hpp"
#include "importers/synth/generate.hpp"
#include "tests/unit/support/temporary_folder.hpp"

namespace ritchi::synth {

using Scratch = test::TemporaryFolder;

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline nlohmann::json manifest_of(const std::filesystem::path& folder) {
  return nlohmann::json::parse(bytes_of(folder / "manifest.json"));
}

// Scale 0.02 of the demo region, seed 1.
inline const std::filesystem::path& demo() {
  static const Scratch scratch;
  static const bool made = [] {
    generate({1, 0.02, "15202", scratch.path() / "demo"});
    return true;
  }();
  static const std::filesystem::path path = made ? scratch.path() / "demo" : "";
  return path;
}

struct DatasetCloser {
  void operator()(void* dataset) const { GDALClose(dataset); }
};
using Dataset = std::unique_ptr<void, DatasetCloser>;
struct FeatureCloser {
  void operator()(OGRFeatureH feature) const { OGR_F_Destroy(feature); }
};
using Feature = std::unique_ptr<std::remove_pointer_t<OGRFeatureH>, FeatureCloser>;
struct GeometryCloser {
  void operator()(OGRGeometryH geometry) const { OGR_G_DestroyGeometry(geometry); }
};
using Shape = std::unique_ptr<std::remove_pointer_t<OGRGeometryH>, GeometryCloser>;

// GDAL reads CSV in UTF-8 alone: a file in CP932 is handed to it from memory, decoded.
inline std::string readable(const std::filesystem::path& path) {
  const std::string bytes = bytes_of(path);
  if (path.extension() != ".csv" || bytes.starts_with("\xEF\xBB\xBF")) return path.string();
  const std::string text = base::decode(bytes, "CP932").value();
  const std::string name = "/vsimem/" + path.filename().string();
  VSILFILE* file = VSIFOpenL(name.c_str(), "wb");
  if (file == nullptr || VSIFWriteL(text.data(), 1, text.size(), file) != text.size())
    throw std::runtime_error("cannot keep " + name);
  VSIFCloseL(file);
  return name;
}

inline Dataset open(const std::filesystem::path& path) {
  static const bool ready = [] {
    GDALAllRegister();
    return true;
  }();
  // KSJ's shapefiles state no encoding; whoever reads them must know.
  const char* const options[] = {"ENCODING=CP932", nullptr};
  const bool zones = path.extension() == ".shp";
  Dataset dataset(ready ? GDALOpenEx(readable(path).c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, nullptr,
                                     zones ? options : nullptr, nullptr)
                        : nullptr);
  if (!dataset) throw std::runtime_error("GDAL cannot open " + path.string());
  return dataset;
}

// Calls visit with each feature of the named layer (of the only one, if none is named); returns how many.
inline int each(const std::filesystem::path& path, const std::function<void(OGRFeatureH)>& visit,
                const char* layer_name = nullptr) {
  const Dataset dataset = open(path);
  const OGRLayerH layer = layer_name != nullptr ? GDALDatasetGetLayerByName(dataset.get(), layer_name)
                                                : GDALDatasetGetLayer(dataset.get(), 0);
  if (layer == nullptr) throw std::runtime_error("no such layer in " + path.string());
  int count = 0;
  OGR_L_ResetReading(layer);
  for (Feature feature(OGR_L_GetNextFeature(layer)); feature; feature.reset(OGR_L_GetNextFeature(layer))) {
    ++count;
    visit(feature.get());
  }
  return count;
}

inline std::string text(OGRFeatureH feature, const char* field) {
  const int index = OGR_F_GetFieldIndex(feature, field);
  if (index < 0) throw std::runtime_error(std::string("no field ") + field);
  return OGR_F_IsFieldSetAndNotNull(feature, index) ? OGR_F_GetFieldAsString(feature, index) : "";
}

inline Shape shape_of_wkt(std::string wkt) {
  char* at = wkt.data();
  OGRGeometryH geometry = nullptr;
  if (OGR_G_CreateFromWkt(&at, nullptr, &geometry) != OGRERR_NONE)
    throw std::runtime_error("bad WKT: " + wkt);
  return Shape(geometry);
}

inline nlohmann::json entry_of(const std::string& profile) {
  const nlohmann::json manifest = manifest_of(demo());
  for (const auto& entry : manifest.at("imports"))
    if (entry.at("profile") == profile) return entry;
  throw std::runtime_error("no import with profile " + profile);
}

// The files of one import.
inline std::vector<std::filesystem::path> files_of(const std::string& profile) {
  const nlohmann::json entry = entry_of(profile);
  std::vector<std::filesystem::path> files;
  for (const auto& name : entry.at("files")) files.push_back(demo() / name.get<std::string>());
  return files;
}

}  // namespace ritchi::synth
