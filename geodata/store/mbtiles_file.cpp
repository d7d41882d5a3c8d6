#include "geodata/store/mbtiles_file.hpp"

#include "geodata/store/sqlite.hpp"

namespace ritchi::store {
namespace {

// No journal: an unfinished file is thrown away, never rolled back. The application id is that of MBTiles.
constexpr const char* settings =
    "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = "
    "EXCLUSIVE; PRAGMA cache_size = -65536; PRAGMA temp_store = FILE; PRAGMA application_id = 0x4d504258";

constexpr const char* tables =
    "CREATE TABLE metadata (name TEXT NOT NULL, value TEXT);"
    "CREATE TABLE images (tile_id INTEGER PRIMARY KEY, tile_data BLOB NOT NULL);"
    "CREATE TABLE map (zoom_level INTEGER NOT NULL, tile_column INTEGER NOT NULL, tile_row INTEGER NOT NULL, "
    "tile_id INTEGER NOT NULL);"
    "CREATE VIEW tiles AS SELECT map.zoom_level AS zoom_level, map.tile_column AS tile_column, map.tile_row "
    "AS tile_row, images.tile_data AS tile_data FROM map JOIN images ON images.tile_id = map.tile_id;";

// Once at the end, sorted, instead of row by row along the curve.
constexpr const char* indexes =
    "CREATE UNIQUE INDEX metadata_name ON metadata (name);"
    "CREATE UNIQUE INDEX map_tile ON map (zoom_level, tile_column, tile_row)";

// The tables, before any statement upon them can be prepared.
Connection with_tables(const std::filesystem::path& path) {
  Connection out = Connection::create(path);
  out.execute(settings);
  out.execute("BEGIN");
  out.execute(tables);
  return out;
}

}  // namespace

struct MbtilesFile::State {
  explicit State(const std::filesystem::path& path)
      : file(with_tables(path)),
        metadata(file.prepare("INSERT INTO metadata VALUES (?1, ?2)")),
        content(file.prepare("INSERT INTO images VALUES (?1, ?2)")),
        tile(file.prepare("INSERT INTO map VALUES (?1, ?2, ?3, ?4)")) {}
  Connection file;
  Statement metadata;
  Statement content;
  Statement tile;
};

MbtilesFile::MbtilesFile(const std::filesystem::path& file) : m_state(std::make_unique<State>(file)) {}
MbtilesFile::~MbtilesFile() = default;

void MbtilesFile::add_metadata(std::string_view name, std::string_view value) {
  m_state->metadata.bind(1, name);
  m_state->metadata.bind(2, value);
  m_state->metadata.run();
}

void MbtilesFile::add_content(std::int64_t content, std::string_view bytes) {
  m_state->content.bind(1, content);
  m_state->content.bind_blob(2, bytes);
  m_state->content.run();
}

void MbtilesFile::add_tile(int zoom, std::uint32_t column, std::uint32_t xyz_row, std::int64_t content) {
  const std::int64_t last_row = (std::int64_t{1} << zoom) - 1;
  m_state->tile.bind(1, std::int64_t{zoom});
  m_state->tile.bind(2, std::int64_t{column});
  m_state->tile.bind(3, last_row - xyz_row);
  m_state->tile.bind(4, content);
  m_state->tile.run();
}

void MbtilesFile::finish() {
  m_state->file.execute(indexes);
  m_state->file.execute("COMMIT");
  m_state.reset();
}

}  // namespace ritchi::store
