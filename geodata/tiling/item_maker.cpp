#include "geodata/tiling/item_maker.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "geodata/geom/clip_geometry.hpp"
#include "geodata/geom/spatialite_blob.hpp"
#include "geodata/geom/tile_geometry.hpp"
#include "geodata/geom/tiny_polygon.hpp"
#include "geodata/geom/world.hpp"
#include "geodata/tiling/path.hpp"
#include "geodata/tiling/tile_grid.hpp"
#include "geodata/tiling/value.hpp"

namespace ritchi::tiling {
namespace {

using catalogue::Layer;
using catalogue::ZoomRule;
using geom::Geometry;
using geom::Kind;
using geom::Point;
using geom::TileId;

// A feature in more tiles than this is halved again and again, so that each tile is cut from a piece; for one
// tile alone too, so that it comes out the same to the last bit.
constexpr std::int64_t tiles_cut_one_by_one = 4;
// What lies this far beyond may be rounded onto the edge.
constexpr double rounding = 1;
// Pieces are cut a little larger than their tiles, so that a tile's own edges are the ones that show.
constexpr double piece_margin = 16;

struct Range {
  std::int64_t x0 = 0, y0 = 0, x1 = -1, y1 = -1;  // inclusive
  std::int64_t count() const { return (x1 - x0 + 1) * (y1 - y0 + 1); }
  bool contains(TileId tile) const { return tile.x >= x0 && tile.x <= x1 && tile.y >= y0 && tile.y <= y1; }
  std::pair<Range, Range> halves() const {
    Range first = *this;
    Range second = *this;
    if (x1 - x0 >= y1 - y0) {
      first.x1 = (x0 + x1) / 2;
      second.x0 = first.x1 + 1;
    } else {
      first.y1 = (y0 + y1) / 2;
      second.y0 = first.y1 + 1;
    }
    return {first, second};
  }
};

// Cells that a cluster's point in the buffer can come from.
int reach_of_rule(const ZoomRule& rule) {
  if (!rule.cluster) return tile_buffer;
  const int cell = rule.cluster->cell;
  return (tile_buffer + cell - 1) / cell * cell;
}

Range range_of(const geom::Box& bounds, int zoom, double reach) {
  const double tiles = std::ldexp(1.0, zoom);
  const double margin = reach / tile_extent;
  const auto last = static_cast<std::int64_t>(tiles) - 1;
  const auto index = [last](double at) {
    return std::clamp(static_cast<std::int64_t>(std::floor(at)), std::int64_t{0}, last);
  };
  return {index(bounds.min_x * tiles - margin), index(bounds.min_y * tiles - margin),
          index(bounds.max_x * tiles + margin), index(bounds.max_y * tiles + margin)};
}

double area_of_ring(const Geometry& shape, std::size_t ring) {
  double sum = 0;
  const std::size_t begin = shape.ring_begin(ring);
  const Point origin = shape.points[begin];
  for (std::size_t i = begin; i + 1 < shape.ring_ends[ring]; ++i) {
    const Point a = shape.points[i];
    const Point b = shape.points[i + 1];
    sum += (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y);
  }
  return std::fabs(sum) / 2;
}

double area_of(const Geometry& shape) {
  double out = 0;
  for (std::size_t part = 0; part < shape.part_ends.size(); ++part)
    for (std::size_t ring = shape.part_begin(part); ring < shape.part_ends[part]; ++ring)
      out += ring == shape.part_begin(part) ? area_of_ring(shape, ring) : -area_of_ring(shape, ring);
  return out;
}

double number_of(const store::ValueView& value) {
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return 0;
}

}  // namespace

struct ItemMaker::State {
  const Layer& layer;
  TileKeys keys;
  std::size_t rank;
  std::vector<ZoomRule> rules;  // by zoom
  geom::TileCutter cutter;
  geom::BoxClipper clipper;
  Geometry lonlat;
  Geometry world;
  geom::Box bounds;
  Point anchor;
  double area = 0;  // of the world
  std::span<const std::uint8_t> vertex_zooms;
  std::string values;
  Item base;
  geom::TileGeometry shape;
  std::string path;
  Geometry kept;                                                                 // the vertices of one zoom
  std::vector<Geometry> pieces = std::vector<Geometry>(2 * geom::max_zoom + 2);  // by depth of halving

  explicit State(const Layer& of)
      : layer(of),
        keys(of),
        rank(of.rank.empty() ? of.attributes.size() : of.index_of(of.rank)),
        cutter({0, 0, 0}, options()) {
    for (int zoom = 0; zoom <= geom::max_zoom; ++zoom) rules.push_back(catalogue::rule_at(of, zoom));
  }

  geom::TileOptions options() const {
    geom::TileOptions out;
    out.extent = tile_extent;
    out.buffer = tile_buffer;
    out.keep_tiny = layer.tiny == catalogue::Tiny::keep;
    return out;
  }

  geom::TilePoint local(Point at, TileId tile) const {
    const double tiles = std::ldexp(1.0, tile.z);
    const auto unit = [&](double v, std::uint32_t origin) {
      return static_cast<std::int32_t>(std::floor((v * tiles - origin) * tile_extent + 0.5));
    };
    return {unit(at.x, tile.x), unit(at.y, tile.y)};
  }

  // Each place belongs to one tile.
  bool owns(TileId tile, Point at) const {
    const double tiles = std::ldexp(1.0, tile.z);
    const auto in = [&](double v, std::uint32_t index) {
      return std::clamp(std::floor(v * tiles), 0.0, tiles - 1) == static_cast<double>(index);
    };
    return in(at.x, tile.x) && in(at.y, tile.y);
  }

  double area_at(int zoom) const {
    const double side = std::ldexp(static_cast<double>(tile_extent), zoom);
    return area * side * side;
  }

  // Too small to be seen at all, whatever tile it is looked for in.
  bool vanishes_at(int zoom) const {
    if (world.kind == Kind::polygon) return area_at(zoom) < geom::least_sliver_area;
    const double side = std::ldexp(static_cast<double>(tile_extent), zoom);
    return world.kind == Kind::line && (bounds.max_x - bounds.min_x) * side < 1 &&
           (bounds.max_y - bounds.min_y) * side < 1;
  }

  bool below_smallest(const ZoomRule& rule, int zoom) const {
    return world.kind == Kind::polygon && rule.smallest_area > 0 && area_at(zoom) < rule.smallest_area;
  }

  bool clustered_in(TileId tile, const ZoomRule& rule, Item& out) {
    out = base;
    out.form = Form::point;
    out.place = local(anchor, tile);
    const int reach = reach_of_rule(rule);
    const auto in = [reach](int v) { return v >= -reach && v < tile_extent + reach; };
    if (!in(out.place.x) || !in(out.place.y)) return false;
    path.clear();
    if (world.kind == Kind::point) {
      shape.clear();
      shape.kind = Kind::point;
      shape.points.push_back(out.place);
      encode_path(shape, path);
    }
    out.path = path;
    return true;
  }

  bool as(Form form, TileId tile, Item& out) const {
    if (!owns(tile, anchor)) return false;
    out = base;
    out.form = form;
    out.place = local(anchor, tile);
    out.area = area_at(tile.z);
    return true;
  }

  // zooms: of the vertices of `from`.
  bool cut_in(TileId tile, const Geometry& from, std::span<const std::uint8_t> zooms, Item& out) {
    cutter.reset(tile, options());
    if (!cutter.cut(from, shape, zooms)) return vanishes_at(tile.z) && as(Form::lost, tile, out);
    out = base;
    out.form = static_cast<Form>(static_cast<int>(shape.kind) + 1);
    if (!shape.points.empty()) out.place = shape.points.front();
    path.clear();
    encode_path(shape, path);
    out.path = path;
    return true;
  }

  bool item_in(TileId tile, Item& out) {
    const ZoomRule& rule = rules[static_cast<std::size_t>(tile.z)];
    if (rule.cluster) return clustered_in(tile, rule, out);
    if (below_smallest(rule, tile.z)) {
      if (rule.merge) return as(Form::small, tile, out);
      if (layer.tiny == catalogue::Tiny::drop) return as(Form::lost, tile, out);
    }
    const Range range = range_of(bounds, tile.z, tile_buffer + rounding);
    if (range.count() <= tiles_cut_one_by_one) return cut_in(tile, world, vertex_zooms, out);
    if (!range.contains(tile)) return false;
    keep_vertices_of(tile.z);
    const Geometry* piece = piece_for(tile, range);
    return piece != nullptr && cut_in(tile, *piece, {}, out);
  }

  void keep_vertices_of(int zoom) {
    kept = world;
    if (vertex_zooms.empty()) return;
    kept.points.clear();
    std::size_t ring = 0;
    for (std::size_t i = 0; i < world.points.size(); ++i) {
      if (vertex_zooms[i] <= zoom) kept.points.push_back(world.points[i]);
      while (ring < world.ring_ends.size() && world.ring_ends[ring] == i + 1)
        kept.ring_ends[ring++] = static_cast<std::uint32_t>(kept.points.size());
    }
  }

  geom::Box piece_box(const Range& range, int zoom) const {
    const double tiles = std::ldexp(1.0, zoom);
    const double margin = (tile_buffer + piece_margin) / tile_extent;
    return {(static_cast<double>(range.x0) - margin) / tiles,
            (static_cast<double>(range.y0) - margin) / tiles,
            (static_cast<double>(range.x1) + 1 + margin) / tiles,
            (static_cast<double>(range.y1) + 1 + margin) / tiles};
  }

  void halve(const Geometry& from, const Range& range, int zoom, std::size_t depth, const Visitor& visit) {
    if (from.empty()) return;
    if (range.count() == 1) {
      const TileId tile{zoom, static_cast<std::uint32_t>(range.x0), static_cast<std::uint32_t>(range.y0)};
      Item item;
      if (cut_in(tile, from, {}, item)) visit(tile, item);
      return;
    }
    const auto [first, second] = range.halves();
    for (const Range& half : {first, second}) {
      geom::clip_geometry(from, piece_box(half, zoom), clipper, pieces[depth]);
      halve(pieces[depth], half, zoom, depth + 1, visit);
    }
  }

  // The piece that halve() would cut this tile from; nullptr where nothing of the feature is near.
  const Geometry* piece_for(TileId tile, Range range) {
    const Geometry* from = &kept;
    for (std::size_t depth = 0; range.count() > 1; ++depth) {
      const auto [first, second] = range.halves();
      range = first.contains(tile) ? first : second;
      geom::clip_geometry(*from, piece_box(range, tile.z), clipper, pieces[depth]);
      from = &pieces[depth];
      if (from->empty()) return nullptr;
    }
    return from;
  }

  void items_at(int zoom, const Visitor& visit) {
    const ZoomRule& rule = rules[static_cast<std::size_t>(zoom)];
    const bool by_place =
        rule.cluster || (below_smallest(rule, zoom) && (rule.merge || layer.tiny == catalogue::Tiny::drop));
    geom::Box box = bounds;
    if (by_place) {
      box = {};
      box.add(anchor);
    }
    const double reach = rule.cluster ? reach_of_rule(rule) + rounding
                         : by_place   ? 0
                                      : tile_buffer + rounding;
    const Range range = range_of(box, zoom, reach);
    if (range.count() > tiles_cut_one_by_one && !by_place) {
      keep_vertices_of(zoom);
      return halve(kept, range, zoom, 0, visit);
    }
    for (auto y = range.y0; y <= range.y1; ++y)
      for (auto x = range.x0; x <= range.x1; ++x) {
        const TileId tile{zoom, static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y)};
        Item item;
        if (item_in(tile, item)) visit(tile, item);
      }
  }
};

ItemMaker::ItemMaker(const Layer& layer) : m_state(std::make_unique<State>(layer)) {}
ItemMaker::~ItemMaker() = default;
ItemMaker::ItemMaker(ItemMaker&&) noexcept = default;
ItemMaker& ItemMaker::operator=(ItemMaker&&) noexcept = default;

bool ItemMaker::take(const store::FeatureView& feature, std::uint64_t digest) {
  State& state = *m_state;
  state.vertex_zooms = {};
  if (feature.geometry.empty()) return false;
  geom::decode_spatialite(feature.geometry, state.lonlat);
  geom::to_world(state.lonlat, state.world);
  if (state.world.empty()) return false;
  state.bounds = state.world.bounds();
  state.anchor = state.world.kind == Kind::point ? state.world.points.front()
                                                 : Point{(state.bounds.min_x + state.bounds.max_x) / 2,
                                                         (state.bounds.min_y + state.bounds.max_y) / 2};
  state.area = area_of(state.world);
  state.keys.encode(feature, state.values);
  state.base = {};
  state.base.id = feature.id;
  state.base.digest = digest;
  state.base.values = state.values;
  state.base.rank = state.rank < feature.values.size() ? number_of(feature.values[state.rank]) : 0;
  return true;
}

const Geometry& ItemMaker::world() const {
  return m_state->world;
}
void ItemMaker::keep_vertices_from(std::span<const std::uint8_t> zooms) {
  m_state->vertex_zooms = zooms;
}
bool ItemMaker::item_in(TileId tile, Item& out) {
  return m_state->item_in(tile, out);
}
void ItemMaker::items_at(int zoom, const Visitor& visit) {
  m_state->items_at(zoom, visit);
}

int reach_of(const Layer& layer, int zoom) {
  return reach_of_rule(catalogue::rule_at(layer, zoom));
}

}  // namespace ritchi::tiling
