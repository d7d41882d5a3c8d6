// The prepared tiles of one dataset: what a server reads and sends, without touching a feature.
//
// File DATA/<layer>/<partition>.<first 16 digits of the dataset's revision>.tiles, little-endian:
//   TileFileHead                      256 bytes
//   parts                             deflate parts (see tiling/deflate_part.hpp), in the order of tile
//   numbers
//                                     but for those that equal an earlier one
//   TileEntry × tiles                 ascending by number
//   VertexEntry × features            ascending by id: features of which some vertices come later than others
//   bytes                             the zooms of their vertices, one byte each
// It is made from the rows that everybody may see and from nothing else. The SpatiaLite file stays the truth:
// where this one is missing, or of another version or declaration, tiles are made from features instead, and
// `ritchi check --rebuild` makes it anew.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "geodata/base/descriptor.hpp"
#include "geodata/catalogue/layer.hpp"

namespace ritchi::store {

inline constexpr std::uint32_t tile_file_version = 1;

struct TileFileHead {
  std::array<char, 8> magic{'R', 'I', 'T', 'C', 'H', 'I', 'T', 'L'};
  std::uint32_t version = tile_file_version;
  std::uint32_t unprepared_from = 0;   // first zoom that is left to be made from features; 0: none is
  std::array<char, 64> revision{};     // of the whole dataset, hexadecimal, zeros behind it
  std::array<char, 64> declaration{};  // see declaration_digest
  std::array<char, 64> checksum{};     // SHA-256 of unprepared_from and all behind the parts, hexadecimal
  std::uint64_t entries_offset = 0;
  std::uint64_t entries = 0;
  std::uint64_t vertices_offset = 0;
  std::uint64_t vertices = 0;
  std::uint64_t vertex_bytes_offset = 0;
  std::uint64_t file_size = 0;
};
static_assert(sizeof(TileFileHead) == 256 && std::is_trivially_copyable_v<TileFileHead>);

// One tile of the layer. A tile in which nothing is to be seen, though features belong there, has size 0.
struct TileEntry {
  std::uint64_t number = 0;  // see geom/tile_id.hpp
  std::uint64_t offset = 0;
  std::uint32_t size = 0;  // of the part
  std::uint32_t plain_size = 0;
  std::uint32_t crc32 = 0;  // of the plain bytes
  std::uint32_t features = 0;
  std::uint64_t dropped = 0;               // features that belong here and are not shown
  std::array<std::uint64_t, 2> content{};  // the first half of the plain bytes' SHA-256
  std::uint64_t rows = 0;  // sum of the digests of all rows that matter for this tile, shown or not
};
static_assert(sizeof(TileEntry) == 64 && std::is_trivially_copyable_v<TileEntry>);

struct VertexEntry {
  std::int64_t id = 0;
  std::uint64_t offset = 0;  // in the bytes; they end where the next one's begin
};
static_assert(sizeof(VertexEntry) == 16 && std::is_trivially_copyable_v<VertexEntry>);

std::filesystem::path tile_file(const std::filesystem::path& dataset_file, const std::string& revision);

// Where several datasets of a layer have shares in one tile, these are merged when one of them is published:
// DATA/<layer>/shared.<first 16 digits of their revisions' digest>.tiles, of the same layout, holds those
// tiles alone; `rows` of an entry is a digest of the shares that it was merged from. Partitions cannot be
// called `shared`.
inline constexpr const char* shared_partition = "shared";
struct PublishedPart {
  std::string partition;
  std::string revision;  // of the whole dataset
};
// Of those datasets of a layer that have public rows, in any order.
std::string shared_revision(std::vector<PublishedPart> parts);
std::filesystem::path shared_tile_file(const std::filesystem::path& layer_folder,
                                       const std::string& revision);

// Of everything declared that decides what a layer's tiles hold: of what is public, as the tiles are.
std::string declaration_digest(const catalogue::Layer& layer);

// Open for reading; safe to use from many threads. Directories are mapped, parts are read when asked for, so
// that the memory of the process does not grow with the file.
class TileFile {
 public:
  // Throws Error(not_found) where there is none, Error(unsupported) for another version or declaration,
  // Error(damaged) for one cut short or of another revision.
  static std::shared_ptr<const TileFile> open(const std::filesystem::path& file, const std::string& revision,
                                              const std::string& declaration);
  // Whatever revision it is of.
  static std::shared_ptr<const TileFile> open_any(const std::filesystem::path& file,
                                                  const std::string& declaration);
  ~TileFile();
  TileFile(const TileFile&) = delete;
  TileFile& operator=(const TileFile&) = delete;

  // Deep zooms of features that are many tiles wide are not prepared: each tile would hold hardly anything.
  bool prepares(int zoom) const {
    return m_head.unprepared_from == 0 || static_cast<std::uint32_t>(zoom) < m_head.unprepared_from;
  }
  std::span<const TileEntry> tiles() const { return m_tiles; }
  std::span<const VertexEntry> vertices() const { return m_vertices; }
  // Where the parts end.
  std::uint64_t parts_end() const { return m_head.entries_offset; }
  // nullptr: no feature belongs there. Throws Error(damaged) for an entry that leads out of the file.
  const TileEntry* find(std::uint64_t number) const;
  // Writes size bytes to `out`. Throws Error(io).
  void read(const TileEntry& entry, char* out) const;
  // Empty: every vertex at every zoom.
  std::span<const std::uint8_t> vertex_zooms(std::int64_t id) const;
  const std::filesystem::path& file() const { return m_file; }
  int descriptor() const { return m_descriptor.get(); }
  // Recomputes the checksum of the directories; the parts have their own. Throws Error(damaged).
  void verify() const;

 private:
  TileFile() = default;
  void map(const TileFileHead& head);
  void check_place(const TileEntry& entry) const;
  std::filesystem::path m_file;
  base::UniqueDescriptor m_descriptor;
  void* m_mapped = nullptr;
  std::size_t m_mapped_size = 0;
  TileFileHead m_head;
  std::span<const TileEntry> m_tiles;
  std::span<const VertexEntry> m_vertices;
  std::span<const std::uint8_t> m_vertex_bytes;
};

}  // namespace ritchi::store
