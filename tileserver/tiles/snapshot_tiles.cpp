#include "tileserver/tiles/snapshot_tiles.hpp"

#include <algorithm>
#include <bit>
#include <span>

#include "geodata/base/digest.hpp"
#include "geodata/base/gzip.hpp"
#include "geodata/geom/tile_id.hpp"

namespace ritchi::tiles {
namespace {

using store::LayerView;

// To be counted up when equal rows come to give other tiles.
constexpr const char* layout_version = "tiles 1";

bool meets(const geom::Box& a, const geom::Box& b) {
  return a.min_x <= b.max_x && b.min_x <= a.max_x && a.min_y <= b.max_y && b.min_y <= a.max_y;
}

// Follows the curve and leaps over every square that the index knows to be empty.
class CandidateNumbers : public TileNumbers {
 public:
  CandidateNumbers(std::span<const LayerView* const> layers, ZoomRange zooms, std::uint64_t from)
      : m_layers(layers), m_zooms(zooms), m_next(std::max(from, geom::first_tile_number(zooms.min))) {}

  std::optional<std::uint64_t> next() override {
    while (m_next < geom::first_tile_number(m_zooms.max + 1)) {
      const geom::TileId tile = *geom::tile_of_number(m_next);
      const std::uint64_t leap = empty_squares_from(tile);
      if (leap == 0) return m_next++;
      m_next += leap;
    }
    return std::nullopt;
  }

 private:
  // How many tiles the largest empty square has that begins with this tile; 0 when the tile is not empty.
  std::uint64_t empty_squares_from(geom::TileId tile) const {
    const std::uint64_t place = m_next - geom::first_tile_number(tile.z);
    int levels = place == 0 ? tile.z : std::min(tile.z, std::countr_zero(place) / 2);
    for (; levels >= 0; --levels)
      if (!may_have({tile.z - levels, tile.x >> levels, tile.y >> levels}, tile.z))
        return std::uint64_t{1} << (2 * levels);
    return 0;
  }

  bool may_have(geom::TileId square, int zoom) const {
    const geom::Box box = geom::tile_bounds_lonlat(square, static_cast<double>(tile_buffer) / tile_extent);
    for (const LayerView* view : m_layers) {
      if (zoom < view->layer.minzoom || zoom > view->layer.maxzoom) continue;
      for (const auto& dataset : view->datasets)
        if (meets(dataset->info().open.extent, box) && dataset->count_in_box(box, 1) > 0) return true;
    }
    return false;
  }

  std::span<const LayerView* const> m_layers;
  ZoomRange m_zooms;
  std::uint64_t m_next;
};

std::string digest_of(std::span<const LayerView* const> layers, ZoomRange zooms,
                      const std::string& language) {
  base::Sha256 digest;
  digest.add_field(layout_version);
  digest.add_field(language);
  digest.add_field(std::to_string(zooms.min));
  digest.add_field(std::to_string(zooms.max));
  for (const LayerView* view : layers) {
    digest.add_field(view->revision);
    // The declaration may be a newer one than that of the import.
    digest.add_field(catalogue::to_json(view->layer).dump());
  }
  return digest.hex();
}

}  // namespace

SnapshotTiles::SnapshotTiles(std::shared_ptr<const store::Snapshot> snapshot,
                             std::vector<const LayerView*> layers, ZoomRange zooms,
                             const std::string& language)
    : m_snapshot(std::move(snapshot)), m_layers(std::move(layers)) {
  std::vector<LayerCard> cards;
  for (const LayerView* view : m_layers) cards.push_back(limited(card_of(*view, language), zooms));
  m_info = describe(cards, language);
  m_digest = digest_of(m_layers, m_info.zooms, language);
}

std::unique_ptr<TileNumbers> SnapshotTiles::numbers(std::uint64_t from) const {
  return std::make_unique<CandidateNumbers>(m_layers, m_info.zooms, from);
}

SuppliedTile SnapshotTiles::tile(std::uint64_t number) const {
  const auto tile = geom::tile_of_number(number);
  if (!tile) return {};
  const std::string bytes = make_tile(m_layers, *tile, store::Disclosure::open, base::Deadline::never());
  if (bytes.empty()) return {};
  base::Sha256 digest;
  digest.add(bytes);
  const auto words = digest.words();
  return {{words[0], words[1]}, std::make_shared<const std::string>(base::gzip(bytes))};
}

}  // namespace ritchi::tiles
