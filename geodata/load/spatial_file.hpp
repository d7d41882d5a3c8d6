// A SpatiaLite file under construction: one feature table with its geometry column and R*Tree, and the tables
// of what else belongs to its features.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "geodata/load/packed_index.hpp"
#include "geodata/store/dataset_meta.hpp"
#include "geodata/store/feature.hpp"
#include "geodata/store/row_extras.hpp"
#include "geodata/store/sqlite.hpp"

namespace ritchi::load {

inline constexpr int stored_srid = 6668;

class SpatialFile {
 public:
  // layer must outlive the file.
  SpatialFile(const std::filesystem::path& file, const catalogue::Layer& layer);
  ~SpatialFile();
  SpatialFile(const SpatialFile&) = delete;
  SpatialFile& operator=(const SpatialFile&) = delete;

  // Rows must come by ascending id, so that each is put behind the last.
  void add(const store::FeatureView& feature, const store::Extras& extras);
  // geometry_type as OGC numbers it. Writes the index, stores meta, checks all and closes.
  void finish(int geometry_type, PackedIndex& index, const store::DatasetMeta& meta);

 private:
  struct Spatialite;
  void take_triggers();
  void add_extras(std::int64_t id, const store::Extras& extras);
  std::string m_where;
  const catalogue::Layer& m_layer;
  std::vector<std::string> m_triggers;       // SpatiaLite's own, made again when all rows are there
  std::unique_ptr<Spatialite> m_spatialite;  // outlives the connection
  std::unique_ptr<store::Connection> m_connection;
  std::unique_ptr<store::Statement> m_insert;
  std::vector<store::Statement> m_insert_children;
  std::unique_ptr<store::Statement> m_insert_note;
};

}  // namespace ritchi::load
