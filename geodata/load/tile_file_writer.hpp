// Writes a file of prepared tiles (layout: store/tile_file.hpp).
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "geodata/base/descriptor.hpp"
#include "geodata/load/external_sort.hpp"
#include "geodata/store/tile_file.hpp"
#include "geodata/tiling/deflate_part.hpp"

namespace ritchi::load {

class TileFileWriter {
 public:
  // The file must not exist. Working files lie beside it and have no name.
  explicit TileFileWriter(const std::filesystem::path& file);
  ~TileFileWriter();
  TileFileWriter(const TileFileWriter&) = delete;
  TileFileWriter& operator=(const TileFileWriter&) = delete;

  // Ascending by number. `entry` says all but where the part lies; a part without bytes is one of nothing.
  void add(store::TileEntry entry, const tiling::DeflatePart& part);
  // Ascending by id.
  void add_vertices(std::int64_t id, std::span<const std::uint8_t> zooms);
  // Writes the directories and syncs. Throws Error(io) for a full disk, as add does.
  // unprepared_from: see store::TileFileHead.
  void finish(const std::string& revision, const std::string& declaration, std::uint32_t unprepared_from = 0);
  std::uint64_t tiles() const { return m_tiles; }

 private:
  void write(std::string_view bytes);
  void flush();

  std::filesystem::path m_file;
  base::UniqueDescriptor m_descriptor;
  std::string m_buffer;
  std::uint64_t m_size = 0;
  std::uint64_t m_tiles = 0;
  std::uint64_t m_vertices = 0;
  std::uint64_t m_vertex_bytes = 0;
  ExternalSort m_entries;
  ExternalSort m_vertex_entries;
  ExternalSort m_vertex_zooms;
  // Parts written lately, by content: whole tiles inside one zone are all alike.
  struct Written {
    std::array<std::uint64_t, 2> content{};
    std::uint64_t offset = 0;
  };
  std::vector<Written> m_written;
};

}  // namespace ritchi::load
