// Whoever has a whole set of finished tiles to give: what an archive is written from.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>

#include "tileserver/tiles/tile_set.hpp"

namespace ritchi::tiles {

// 128 bits of a digest of the tile's plain bytes. Tiles of equal keys have equal gzip bytes.
struct ContentKey {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend bool operator==(const ContentKey&, const ContentKey&) = default;
  friend bool operator<(const ContentKey& a, const ContentKey& b) {
    return std::tie(a.high, a.low) < std::tie(b.high, b.low);
  }
};

struct SuppliedTile {
  ContentKey content;
  std::shared_ptr<const std::string> gzip;  // as the server sends it; null where nothing is
};

// Tile numbers (geom::tile_number) one after the other, ascending. Used by one thread at a time.
class TileNumbers {
 public:
  virtual ~TileNumbers() = default;
  virtual std::optional<std::uint64_t> next() = 0;
};

// The set never changes while it is asked.
class TileSupplier {
 public:
  virtual ~TileSupplier() = default;
  // Zooms, layers and provenance of the set.
  virtual const TileSetInfo& info() const = 0;
  // Changes with whatever decides a byte of any tile or of info().
  virtual const std::string& digest() const = 0;
  // From this number on; every tile of the set is among them, a number without a tile may be.
  virtual std::unique_ptr<TileNumbers> numbers(std::uint64_t from) const = 0;
  // Thread safe.
  virtual SuppliedTile tile(std::uint64_t number) const = 0;
};

}  // namespace ritchi::tiles
