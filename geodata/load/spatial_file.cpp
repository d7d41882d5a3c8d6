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
      return "BIGINT";  // readers of GDAL's kind take INTEGER for 32 bits, and amounts in yen are larger
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

std::string column_sql(const std::vector<catalogue::Attribute>& attributes) {
  std::string out;
  for (const auto& attribute : attributes)
    out += ", " + sql_name(attribute.name) + " " + column_type(attribute.type);
  return out;
}

std::string create_table_sql(const catalogue::Layer& layer) {
  return "CREATE TABLE " + sql_name(layer.id) +
         " (id INTEGER PRIMARY KEY, source_id TEXT NOT NULL, synthetic BOOLEAN NOT NULL" +
         column_sql(layer.attributes) + ", geom BLOB)";
}

// For tables whose rows belong to a feature.
std::string create_rows_sql(const std::string& table, const std::string& columns) {
  return "CREATE TABLE " + sql_name(table) + " (feature_id INTEGER NOT NULL, position INTEGER NOT NULL" +
         columns + ", PRIMARY KEY (feature_id, position))";
}

std::string insert_sql(const std::string& table, std::size_t columns) {
  std::string out = "INSERT INTO " + sql_name(table) + " VALUES (?1";
  for (std::size_t i = 2; i <= columns; ++i) out += ", ?" + std::to_string(i);
  return out + ")";
}

void bind_view(store::Statement& row, int parameter, const store::ValueView& value) {
  if (const auto* flag = std::get_if<bool>(&value))
    row.bind(parameter, std::int64_t{*flag ? 1 : 0});
  else if (const auto* whole = std::get_if<std::int64_t>(&value))
    row.bind(parameter, *whole);
  else if (const auto* real = std::get_if<double>(&value))
    row.bind(parameter, *real);
  else if (const auto* text = std::get_if<std::string_view>(&value))
    row.bind(parameter, *text);
  else
    row.bind_null(parameter);
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
      m_layer(layer),
      m_spatialite(std::make_unique<Spatialite>()),
      m_connection(std::make_unique<store::Connection>(store::Connection::create(file))) {
  // No journal: an unfinished file is never used, so there is nothing to roll back. secure_delete zeroes what
  // SpatiaLite's own bookkeeping leaves behind, so that equal input gives equal bytes.
  m_connection->execute(
      "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA "
      "cache_size = -16384;"
      "PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY");
  {
    const std::lock_guard lock(spatialite_mutex());
    spatialite_init_ex(m_connection->handle(), m_spatialite->cache, 0);
  }
  m_connection->execute("BEGIN");
  call(*m_connection, "InitSpatialMetaData(0, 'NONE')", m_where);
  call(*m_connection, "InsertEpsgSrid(" + std::to_string(stored_srid) + ")", m_where);
  m_connection->execute(create_table_sql(layer));
  // Column and index are registered while the table is empty, which asks SpatiaLite to look at no row; the
  // kind of geometry is known, and the index written, at the end.
  const std::string column = "'" + layer.id + "', 'geom'";  // a layer id holds a-z, 0-9 and _ only
  call(*m_connection,
       "RecoverGeometryColumn(" + column + ", " + std::to_string(stored_srid) + ", 'GEOMETRY', 'XY')",
       m_where);
  call(*m_connection, "CreateSpatialIndex(" + column + ")", m_where);
  take_triggers();
  m_insert = std::make_unique<store::Statement>(
      m_connection->prepare(insert_sql(layer.id, layer.attributes.size() + 4)));
  for (const auto& child : layer.children) {
    const std::string table = store::child_table(layer, child);
    m_connection->execute(create_rows_sql(table, column_sql(child.attributes)));
    m_insert_children.push_back(m_connection->prepare(insert_sql(table, child.attributes.size() + 2)));
  }
  m_connection->execute(create_rows_sql(
      store::notes_table,
      ", kind TEXT NOT NULL, field TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL"));
  m_insert_note =
      std::make_unique<store::Statement>(m_connection->prepare(insert_sql(store::notes_table, 6)));
}

SpatialFile::~SpatialFile() {
  m_insert.reset();
  m_insert_children.clear();
  m_insert_note.reset();
  m_connection.reset();
}

// They would keep the index and check the shapes row by row; both is done at once at the end.
void SpatialFile::take_triggers() {
  std::vector<std::string> names;
  {
    store::Statement found = m_connection->prepare(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?1 ORDER BY rowid");
    found.bind(1, std::string_view(m_layer.id));
    while (found.step()) {
      names.emplace_back(found.text(0));
      m_triggers.emplace_back(found.text(1));
    }
  }
  for (const auto& name : names) m_connection->execute("DROP TRIGGER " + sql_name(name));
}

void SpatialFile::add(const store::FeatureView& feature, const store::Extras& extras) {
  store::Statement& row = *m_insert;
  row.bind(1, feature.id);
  row.bind(2, feature.source_id);
  row.bind(3, std::int64_t{feature.synthetic ? 1 : 0});
  int parameter = 4;
  for (const auto& value : feature.values) bind_view(row, parameter++, value);
  if (feature.geometry.empty())
    row.bind_null(parameter);
  else
    row.bind_blob(parameter,
                  {reinterpret_cast<const char*>(feature.geometry.data()), feature.geometry.size()});
  row.run();
  if (!extras.empty()) add_extras(feature.id, extras);
}

void SpatialFile::add_extras(std::int64_t id, const store::Extras& extras) {
  for (std::size_t table = 0; table < extras.children.size(); ++table) {
    std::int64_t position = 0;
    for (const auto& values : extras.children[table]) {
      store::Statement& row = m_insert_children.at(table);
      row.bind(1, id);
      row.bind(2, ++position);
      int parameter = 3;
      for (const auto& value : values) row.bind(parameter++, value);
      row.run();
    }
  }
  std::int64_t position = 0;
  for (const auto& note : extras.notes) {
    m_insert_note->bind(1, id);
    m_insert_note->bind(2, ++position);
    int parameter = 3;
    for (const auto* text : {&note.kind, &note.field, &note.before, &note.after})
      m_insert_note->bind(parameter++, std::string_view(*text));
    m_insert_note->run();
  }
}

void SpatialFile::finish(int geometry_type, PackedIndex& index, const store::DatasetMeta& meta) {
  m_insert.reset();
  m_insert_children.clear();
  m_insert_note.reset();
  const std::string index_table = "idx_" + m_layer.id + "_geom";
  index.write(*m_connection, index_table);
  m_connection->execute("UPDATE geometry_columns SET geometry_type = " + std::to_string(geometry_type) +
                        " WHERE f_table_name = '" + m_layer.id + "'");
  for (const auto& trigger : m_triggers) m_connection->execute(trigger);
  store::write_meta(*m_connection, meta);
  // SpatiaLite's diary tells the time of day: equal input would not give equal bytes.
  m_connection->execute(
      "DELETE FROM spatialite_history; DELETE FROM sqlite_sequence WHERE name = 'spatialite_history';"
      "UPDATE geometry_columns_time SET last_insert = '0000-01-01T00:00:00.000Z', last_update = "
      "'0000-01-01T00:00:00.000Z', last_delete = '0000-01-01T00:00:00.000Z'");
  m_connection->execute("COMMIT");

  store::Statement indexed = m_connection->prepare("SELECT count(*) FROM " + sql_name(index_table));
  indexed.step();
  if (indexed.integer(0) != index.size())
    throw Error(ErrorKind::internal,
                "the spatial index holds " + std::to_string(indexed.integer(0)) + " features, not " +
                    std::to_string(index.size()),
                m_where);
  indexed.reset();
  store::Statement check = m_connection->prepare("PRAGMA quick_check(1)");
  if (!check.step() || check.text(0) != "ok")
    throw Error(ErrorKind::io, "the file just written does not read back whole", m_where, "check the disk");
  check.reset();
}

}  // namespace ritchi::load
