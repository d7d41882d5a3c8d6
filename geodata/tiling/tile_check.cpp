#include "geodata/tiling/tile_check.hpp"

#include <fmt/format.h>

#include <limits>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/geom/tile_id.hpp"
#include "geodata/tiling/deflate_part.hpp"
#include "geodata/tiling/wire.hpp"

namespace ritchi::tiling {
namespace {

using store::TileEntry;

constexpr std::size_t most_problems = 5;

class TileChecker {
 public:
  TileChecker(const store::TileFile& file, const catalogue::Layer& layer) : m_file(file), m_layer(layer) {}

  std::vector<std::string> run() {
    try {
      m_file.verify();
    } catch (const base::Error& error) {
      m_problems.emplace_back(error.what());
      return std::move(m_problems);  // nothing that it says can be relied on
    }
    check_order();
    check_vertices();
    for (const TileEntry& entry : m_file.tiles()) {
      if (m_problems.size() >= most_problems) break;
      check(entry);
    }
    return std::move(m_problems);
  }

 private:
  void check_order() {
    const auto tiles = m_file.tiles();
    for (std::size_t i = 1; i < tiles.size(); ++i)
      if (tiles[i - 1].number >= tiles[i].number) {
        m_problems.emplace_back("the tiles are out of order");
        return;
      }
  }

  void check_vertices() {
    std::int64_t last = std::numeric_limits<std::int64_t>::min();
    for (const store::VertexEntry& entry : m_file.vertices()) {
      bool sound = entry.id > last;
      last = entry.id;
      try {
        for (const std::uint8_t zoom : m_file.vertex_zooms(entry.id))
          sound = sound && zoom <= m_layer.maxzoom + 1;
      } catch (const base::Error&) {
        sound = false;
      }
      if (sound) continue;
      m_problems.push_back(fmt::format("the vertices of feature {} are not sound", entry.id));
      return;
    }
  }

  void check(const TileEntry& entry) {
    const auto tile = geom::tile_of_number(entry.number);
    if (!tile || tile->z < m_layer.minzoom || tile->z > m_layer.maxzoom) {
      m_problems.push_back(fmt::format("tile number {} is none of the layer's", entry.number));
      return;
    }
    try {
      check_content(entry);
    } catch (const base::Error& error) {
      m_problems.push_back(fmt::format("tile {}/{}/{}: {}", tile->z, tile->x, tile->y, error.what()));
    }
  }

  static void require(bool holds, const char* what) {
    if (!holds) throw base::Error(base::ErrorKind::damaged, what);
  }

  void check_content(const TileEntry& entry) {
    if (entry.size == 0)
      return require(entry.plain_size == 0 && entry.features == 0,
                     "nothing is stored of what it should hold");
    require(entry.offset >= sizeof(store::TileFileHead), "it lies outside its file");
    require(entry.size <= m_file.parts_end(), "it lies outside its file");
    m_part.resize(entry.size);
    m_file.read(entry, m_part.data());
    const std::string plain = inflate_part({m_part, entry.plain_size, entry.crc32});
    m_digest.add(plain);
    const auto words = m_digest.words();
    require(words[0] == entry.content[0] && words[1] == entry.content[1],
            "its content is not what was written");
    require(features_in(plain) == entry.features, "it holds another number of features than was written");
  }

  static std::uint64_t features_in(const std::string& plain) {
    constexpr std::uint64_t layers = 3 << 3 | 2, features = 2 << 3 | 2;
    std::uint64_t out = 0;
    WireReader tile(plain);
    while (!tile.at_end()) {
      require(tile.varint() == layers, "it is no vector tile");
      WireReader layer(tile.bytes(tile.varint()));
      while (!layer.at_end()) {
        const std::uint64_t key = layer.varint();
        const std::uint64_t value = layer.varint();
        if ((key & 7U) == static_cast<std::uint64_t>(WireType::bytes)) layer.bytes(value);
        out += key == features ? 1 : 0;
      }
    }
    return out;
  }

  const store::TileFile& m_file;
  const catalogue::Layer& m_layer;
  std::vector<std::string> m_problems;
  base::Sha256 m_digest;
  std::string m_part;
};

}  // namespace

std::vector<std::string> check_tiles(const store::TileFile& file, const catalogue::Layer& layer) {
  return TileChecker(file, layer).run();
}

}  // namespace ritchi::tiling
