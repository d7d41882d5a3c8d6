// A supplier for tests: the tiles that it is given, nothing else.
#pragma once
#include <map>
#include <memory>
#include <random>
#include <string>

#include "geodata/base/digest.hpp"
#include "geodata/base/gzip.hpp"
#include "tileserver/tiles/tile_supplier.hpp"

namespace ritchi::tiles {

using TileList = std::map<std::uint64_t, std::string>;  // number -> plain bytes

inline void put_field(std::string& out, int number, const std::string& content) {
  out += static_cast<char>(number << 3 | 2);
  std::size_t size = content.size();
  for (; size >= 0x80; size >>= 7) out += static_cast<char>((size & 0x7F) | 0x80);
  out += static_cast<char>(size);
  out += content;
}

// A vector tile with one layer of this name, version 2 and some bytes that differ.
inline std::string layer_bytes(const std::string& name, const std::string& value) {
  std::string layer;
  put_field(layer, 1, name);
  put_field(layer, 4, value);
  layer += "\x78\x02";
  std::string out;
  put_field(out, 3, layer);
  return out;
}

class ListedTiles : public TileSupplier {
 public:
  explicit ListedTiles(TileList tiles, const std::string& digest = "of the list")
      : m_tiles(std::move(tiles)) {
    m_digest = base::sha256_hex(digest);
    m_info.name = "試験 & test";
    m_info.description = "what is tested";
    m_info.attribution = "© nobody";
    m_info.version = "abc";
    m_info.zooms = {0, 14};
    m_info.bounds = {138.5, 36.75, 140.25, 38.5};
    m_info.vector_layers = {{{"id", "a"}, {"fields", {{"x", "X"}}}, {"minzoom", 0}, {"maxzoom", 14}},
                            {{"id", "b"}, {"fields", nlohmann::json::object()}}};
  }
  const TileSetInfo& info() const override { return m_info; }
  const std::string& digest() const override { return m_digest; }
  std::unique_ptr<TileNumbers> numbers(std::uint64_t from) const override {
    return std::make_unique<Numbers>(m_tiles.lower_bound(from), m_tiles.end());
  }
  SuppliedTile tile(std::uint64_t number) const override {
    if (number >= m_fails_at) throw std::runtime_error("the supplier broke");
    const std::string& bytes = m_tiles.at(number);
    if (bytes.empty()) return {};
    base::Sha256 digest;
    digest.add(bytes);
    const auto words = digest.words();
    return {{words[0], words[1]}, std::make_shared<const std::string>(base::gzip(bytes))};
  }
  void fail_from(std::uint64_t number) { m_fails_at = number; }
  const TileList& list() const { return m_tiles; }

 private:
  class Numbers : public TileNumbers {
   public:
    Numbers(TileList::const_iterator at, TileList::const_iterator end) : m_at(at), m_end(end) {}
    std::optional<std::uint64_t> next() override {
      if (m_at == m_end) return std::nullopt;
      return (m_at++)->first;
    }

   private:
    TileList::const_iterator m_at;
    TileList::const_iterator m_end;
  };
  TileList m_tiles;
  TileSetInfo m_info;
  std::string m_digest;
  std::uint64_t m_fails_at = ~std::uint64_t{0};
};

// Runs, gaps, repeated contents far from each other, and numbers without a tile.
inline TileList random_tiles(unsigned seed, std::size_t count) {
  std::mt19937 random(seed);
  TileList out;
  std::uint64_t number = random() % 3;
  for (std::size_t i = 0; i < count; ++i) {
    const auto kind = random() % 10;
    std::string bytes;
    if (kind < 3)
      bytes = layer_bytes("a", "common " + std::to_string(random() % 5));
    else if (kind < 9)
      bytes = layer_bytes("a", std::to_string(random())) + layer_bytes("b", std::string(random() % 200, 'x'));
    const std::uint64_t run = kind < 3 ? 1 + random() % 9 : 1;
    for (std::uint64_t k = 0; k < run; ++k) out[number++] = bytes;
    if (random() % 4 == 0) number += random() % 5000;
  }
  return out;
}

}  // namespace ritchi::tiles
