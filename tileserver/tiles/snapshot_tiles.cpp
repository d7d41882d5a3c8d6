#include "tileserver/tiles/snapshot_tiles.hpp"

#include <algorithm>
#include <bit>
#include <span>

#include "geodata/base/digest.hpp"
#include "geodata/geom/tile_id.hpp"
#include "geodata/tiling/tile_grid.hpp"
#include "tileserver/tiles/tile_plan.hpp"

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
    const geom::Box box =
        geom::tile_bounds_lonlat(square, static_cast<double>(tiling::tile_buffer) / tiling::tile_extent);
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

// Walks the directories of what is prepared.
class PreparedNumbers : public TileNumbers {
 public:
  PreparedNumbers(std::span<const LayerView* const> layers, ZoomRange zooms, std::uint64_t from)
      : m_end(geom::first_tile_number(zooms.max + 1)) {
    const std::uint64_t begin = std::max(from, geom::first_tile_number(zooms.min));
    for (const LayerView* view : layers)
      for (const auto& dataset : view->datasets) {
        const auto tiles = dataset->tiles()->tiles();
        m_cursors.push_back({tiles, static_cast<std::size_t>(lower_bound(tiles, begin))});
      }
  }

  std::optional<std::uint64_t> next() override {
    std::uint64_t lowest = m_end;
    for (const Cursor& cursor : m_cursors)
      if (cursor.at < cursor.tiles.size()) lowest = std::min(lowest, cursor.tiles[cursor.at].number);
    if (lowest == m_end) return std::nullopt;
    for (Cursor& cursor : m_cursors)
      if (cursor.at < cursor.tiles.size() && cursor.tiles[cursor.at].number == lowest) ++cursor.at;
    return lowest;
  }

 private:
  struct Cursor {
    std::span<const store::TileEntry> tiles;
    std::size_t at = 0;
  };
  static std::ptrdiff_t lower_bound(std::span<const store::TileEntry> tiles, std::uint64_t number) {
    return std::partition_point(tiles.begin(), tiles.end(),
                                [number](const store::TileEntry& entry) { return entry.number < number; }) -
           tiles.begin();
  }

  std::uint64_t m_end;
  std::vector<Cursor> m_cursors;
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
  for (const LayerView* view : m_layers) {
    cards.push_back(limited(card_of(*view, language), zooms));
    m_served.push_back({view, nullptr, nullptr});
    const int last = std::min(zooms.max, view->layer.maxzoom);
    for (const auto& dataset : view->datasets)
      m_is_prepared = m_is_prepared && dataset->tiles() != nullptr && dataset->tiles()->prepares(last) &&
                      !dataset->differs();
  }
  m_info = describe(cards, language);
  m_digest = digest_of(m_layers, m_info.zooms, language);
}

std::unique_ptr<TileNumbers> SnapshotTiles::numbers(std::uint64_t from) const {
  if (m_is_prepared) return std::make_unique<PreparedNumbers>(m_layers, m_info.zooms, from);
  return std::make_unique<CandidateNumbers>(m_layers, m_info.zooms, from);
}

SuppliedTile SnapshotTiles::tile(std::uint64_t number) const {
  const auto tile = geom::tile_of_number(number);
  if (!tile) return {};
  const TilePlan plan = plan_tile(m_served, *tile);
  GzipTile made = make_tile(plan, base::Deadline::never());
  if (made.gzip.empty()) return {};
  return {{plan.key.high, plan.key.low}, std::make_shared<const std::string>(std::move(made.gzip))};
}

}  // namespace ritchi::tiles
