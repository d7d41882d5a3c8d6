#include "tileserver/tiles/tile_maker.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "geodata/geom/spatialite_blob.hpp"
#include "geodata/geom/tile_geometry.hpp"
#include "tileserver/tiles/mvt_encoder.hpp"

namespace ritchi::tiles {
namespace {

using catalogue::Layer;
using store::FeatureView;
using store::LayerView;

geom::TileOptions options_of(const Layer& layer, int zoom) {
  geom::TileOptions out;
  out.extent = tile_extent;
  out.buffer = tile_buffer;
  // At the last zoom clients magnify further, so every vertex is kept.
  out.simplify = zoom >= layer.maxzoom ? 0.0 : 1.0;
  out.keep_tiny = layer.tiny == catalogue::Tiny::keep;
  return out;
}

// The keys of a layer in a tile: those of every feature, then the attributes that are declared for tiles.
class LayerWriter {
 public:
  LayerWriter(const Layer& layer, geom::TileId tile)
      : m_builder(layer.id, tile_extent),
        m_cutter(tile, options_of(layer, tile.z)),
        m_source_id(m_builder.declare_key("source_id")),
        m_synthetic(m_builder.declare_key("synthetic")) {
    for (const auto& attribute : layer.attributes)
      m_keys.push_back(attribute.in_tiles ? m_builder.declare_key(attribute.name) : -1);
  }

  void add(const FeatureView& feature) {
    if (feature.geometry.empty()) return;
    geom::decode_spatialite(feature.geometry, m_geometry);
    if (!m_cutter.cut(m_geometry, m_cut)) return;
    m_builder.begin_feature(static_cast<std::uint64_t>(feature.id), m_cut);
    m_builder.add(m_source_id, feature.source_id);
    m_builder.add(m_synthetic, feature.synthetic);
    for (std::size_t i = 0; i < m_keys.size(); ++i)
      if (m_keys[i] >= 0) m_builder.add(m_keys[i], feature.values[i]);
  }

  std::string finish() { return m_builder.empty() ? std::string{} : m_builder.finish(); }

 private:
  LayerBuilder m_builder;
  geom::TileCutter m_cutter;
  int m_source_id;
  int m_synthetic;
  std::vector<int> m_keys;
  geom::Geometry m_geometry;
  geom::TileGeometry m_cut;
};

double rank_of(const FeatureView& feature, std::size_t attribute) {
  if (attribute >= feature.values.size()) return 0.0;
  if (const auto* real = std::get_if<double>(&feature.values[attribute])) return *real;
  if (const auto* whole = std::get_if<std::int64_t>(&feature.values[attribute]))
    return static_cast<double>(*whole);
  return 0.0;
}

// The last feature that stays in a crowded tile. Larger ranks stay, and of
// equal ones the smaller ids, so that the choice never depends on the order of reading.
struct Threshold {
  double rank = 0;
  std::int64_t id = 0;
  bool keeps(double other_rank, std::int64_t other_id) const {
    return other_rank > rank || (other_rank == rank && other_id <= id);
  }
};

template <class Each>
void for_each_in(const LayerView& view, const geom::Box& box, store::Disclosure up_to,
                 const base::Deadline& deadline, const Each& each) {
  for (const auto& dataset : view.datasets) dataset->in_box(box, up_to, deadline, each);
}

// Counted in the index alone, which is cheap; may count a few features too many.
bool is_crowded(const LayerView& view, const geom::Box& box) {
  std::int64_t room = view.layer.max_features_per_tile;
  for (const auto& dataset : view.datasets) {
    room -= dataset->count_in_box(box, room + 1);
    if (room < 0) return true;
  }
  return false;
}

std::optional<Threshold> find_threshold(const LayerView& view, const geom::Box& box, std::size_t rank,
                                        store::Disclosure up_to, const base::Deadline& deadline) {
  std::vector<Threshold> ranked;
  for_each_in(view, box, up_to, deadline, [&](const FeatureView& feature) {
    ranked.push_back({rank_of(feature, rank), feature.id});
  });
  const auto limit = static_cast<std::size_t>(view.layer.max_features_per_tile);
  if (ranked.size() <= limit) return std::nullopt;
  const auto last = ranked.begin() + static_cast<std::ptrdiff_t>(limit - 1);
  std::nth_element(ranked.begin(), last, ranked.end(), [](const Threshold& a, const Threshold& b) {
    return a.rank != b.rank ? a.rank > b.rank : a.id < b.id;
  });
  return *last;
}

std::string make_layer(const LayerView& view, geom::TileId tile, store::Disclosure up_to,
                       const base::Deadline& deadline) {
  const Layer& layer = view.layer;
  const geom::Box box = geom::tile_bounds_lonlat(tile, static_cast<double>(tile_buffer) / tile_extent);
  const std::size_t rank = layer.rank.empty() ? layer.attributes.size() : layer.index_of(layer.rank);
  std::optional<Threshold> threshold;
  if (is_crowded(view, box)) threshold = find_threshold(view, box, rank, up_to, deadline);

  LayerWriter writer(layer, tile);
  for_each_in(view, box, up_to, deadline, [&](const FeatureView& feature) {
    if (!threshold || threshold->keeps(rank_of(feature, rank), feature.id)) writer.add(feature);
  });
  return writer.finish();
}

}  // namespace

std::string make_tile(std::span<const LayerView* const> layers, geom::TileId tile, store::Disclosure up_to,
                      const base::Deadline& deadline) {
  std::string out;
  for (const LayerView* view : layers)
    if (tile.z >= view->layer.minzoom && tile.z <= view->layer.maxzoom)
      out += make_layer(*view, tile, up_to, deadline);
  return out;
}

}  // namespace ritchi::tiles
