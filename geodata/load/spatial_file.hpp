// A SpatiaLite file under construction: one feature table, its geometry column and R*Tree.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "geodata/catalogue/layer.hpp"
#include "geodata/store/dataset_meta.hpp"
#include "geodata/store/sqlite.hpp"

namespace ritchi::load {

class SpatialFile {
 public:
  SpatialFile(const std::filesystem::path& file, const catalogue::Layer& layer);
  ~SpatialFile();
  SpatialFile(const SpatialFile&) = delete;
  SpatialFile& operator=(const SpatialFile&) = delete;

  // INSERT with parameters id, source_id, synthetic, attributes…, geom.
  store::Statement& insert() { return *m_insert; }
  // geometry_type as OGC names it. Registers the column, builds the index, stores meta, checks all and
  // closes.
  void finish(const std::string& geometry_type, std::int64_t placed_rows, const store::DatasetMeta& meta);

 private:
  struct Spatialite;
  std::string m_where;
  std::string m_table;
  std::unique_ptr<Spatialite> m_spatialite;  // outlives the connection
  std::unique_ptr<store::Connection> m_connection;
  std::unique_ptr<store::Statement> m_insert;
};

}  // namespace ritchi::load
