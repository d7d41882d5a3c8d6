#include "geodata/load/spatial_file.hpp"

#include <spatialite.h>

#include <mutex>

#include "geodata/base/error.hpp"

namespace ritchi::load {
namespace {

using base::Error;
using base::ErrorKind;
using catalogue::AttributeType;
using store::sql_name;

constexpr int stored_srid = 6668;

// SpatiaLite's start and end reach libxml2's, which are not safe between threads.
std::mutex& spatialite_mutex() {
  static std::mutex mutex;
  return mutex;
}

const char* column_type(AttributeType type) {
  switch (type) {
    case AttributeType::text:
      return "TEXT";
    case AttributeType::integer:
      return "INTEGER";
    case AttributeType::real:
      return "DOUBLE";
    case AttributeType::boolean:
      return "BOOLEAN";
    case AttributeType::date:
      return "DATE";
    case AttributeType::datetime:
      return "TIMESTAMP";
  }
  return "TEXT";
}

std::string create_table_sql(const catalogue::Layer& layer) {
  std::string out = "CREATE TABLE " + sql_name(layer.id) +
                    " (id INTEGER PRIMARY KEY, source_id TEXT NOT NULL, synthetic BOOLEAN NOT NULL";
  for (const auto& attribute : layer.attributes)
    out += ", " + sql_name(attribute.name) + " " + column_type(attribute.type);
  return out + ", geom BLOB)";
}

std::string insert_sql(const catalogue::Layer& layer) {
  std::string out = "INSERT INTO " + sql_name(layer.id) + " VALUES (?1";
  for (std::size_t i = 2; i <= layer.attributes.size() + 4; ++i) out += ", ?" + std::to_string(i);
  return out + ")";
}

// Runs one of SpatiaLite's SQL functions that answer 1 for success.
void call(const store::Connection& connection, const std::string& sql, const std::string& where) {
  store::Statement statement = connection.prepare("SELECT " + sql);
  if (!statement.step() || statement.integer(0) != 1)
    throw Error(ErrorKind::internal, "SpatiaLite refused " + sql, where);
}

}  // namespace

struct SpatialFile::Spatialite {
  void* cache = nullptr;
  Spatialite() {
    const std::lock_guard lock(spatialite_mutex());
    cache = spatialite_alloc_connection();
  }
  ~Spatialite() {
    const std::lock_guard lock(spatialite_mutex());
    spatialite_cleanup_ex(cache);
  }
  Spatialite(const Spatialite&) = delete;
  Spatialite& operator=(const Spatialite&) = delete;
};

SpatialFile::SpatialFile(const std::filesystem::path& file, const catalogue::Layer& layer)
    : m_where(file.parent_path().string()),
      m_table(layer.id),
      m_spatialite(std::make_unique<Spatialite>()),
      m_connection(std::make_unique<store::Connection>(store::Connection::create(file))) {
  // No journal: an unfinished file is never used, so there is nothing to roll back. secure_delete zeroes what
  // SpatiaLite's own bookkeeping leaves behind, so that equal input gives equal bytes.
  m_connection->execute(
      "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA "
      "cache_size = -65536;"
      "PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY");
  {
    const std::lock_guard lock(spatialite_mutex());
    spatialite_init_ex(m_connection->handle(), m_spatialite->cache, 0);
  }
  m_connection->execute("BEGIN");
  call(*m_connection, "InitSpatialMetaData(0, 'NONE')", m_where);
  call(*m_connection, "InsertEpsgSrid(" + std::to_string(stored_srid) + ")", m_where);
  m_connection->execute(create_table_sql(layer));
  m_insert = std::make_unique<store::Statement>(m_connection->prepare(insert_sql(layer)));
}

SpatialFile::~SpatialFile() {
  m_insert.reset();
  m_connection.reset();
}

void SpatialFile::finish(const std::string& geometry_type, std::int64_t placed_rows,
                         const store::DatasetMeta& meta) {
  m_insert.reset();
  const std::string table = "'" + m_table + "', 'geom'";  // a layer id holds a-z, 0-9 and _ only
  call(*m_connection,
       "RecoverGeometryColumn(" + table + ", " + std::to_string(stored_srid) + ", '" + geometry_type +
           "', 'XY')",
       m_where);
  call(*m_connection, "CreateSpatialIndex(" + table + ")", m_where);
  store::write_meta(*m_connection, meta);
  // SpatiaLite's diary tells the time of day: equal input would not give equal bytes.
  m_connection->execute(
      "DELETE FROM spatialite_history; DELETE FROM sqlite_sequence WHERE name = 'spatialite_history';"
      "UPDATE geometry_columns_time SET last_insert = '0000-01-01T00:00:00.000Z', last_update = "
      "'0000-01-01T00:00:00.000Z', last_delete = '0000-01-01T00:00:00.000Z'");
  m_connection->execute("COMMIT");

  store::Statement indexed =
      m_connection->prepare("SELECT count(*) FROM " + sql_name("idx_" + m_table + "_geom"));
  indexed.step();
  if (indexed.integer(0) != placed_rows)
    throw Error(ErrorKind::internal,
                "the spatial index holds " + std::to_string(indexed.integer(0)) + " features, not " +
                    std::to_string(placed_rows),
                m_where);
  indexed.reset();
  store::Statement check = m_connection->prepare("PRAGMA quick_check(1)");
  if (!check.step() || check.text(0) != "ok")
    throw Error(ErrorKind::io, "the file just written does not read back whole", m_where, "check the disk");
  check.reset();
}

}  // namespace ritchi::load
