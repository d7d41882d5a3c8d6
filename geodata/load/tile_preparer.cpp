#include "geodata/load/tile_preparer.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "geodata/catalogue/layer_part.hpp"
#include "geodata/geom/border_index.hpp"
#include "geodata/geom/spatialite_blob.hpp"
#include "geodata/geom/tile_id.hpp"
#include "geodata/geom/world.hpp"
#include "geodata/load/external_sort.hpp"
#include "geodata/load/ordered_work.hpp"
#include "geodata/load/prepared_row.hpp"
#include "geodata/load/published_rows.hpp"
#include "geodata/load/tile_file_writer.hpp"
#include "geodata/load/tile_packer.hpp"
#include "geodata/load/zoom_limit.hpp"
#include "geodata/store/dataset_meta.hpp"
#include "geodata/tiling/item_maker.hpp"
#include "geodata/tiling/layer_maker.hpp"

namespace ritchi::load {
namespace {

namespace fs = std::filesystem;
using catalogue::Layer;

constexpr std::size_t rows_at_once = 256;
constexpr std::size_t item_bytes_at_once = 256 << 10;
constexpr std::size_t sort_memory = 48U << 20;

unsigned threads() {
  return std::max(1U, std::thread::hardware_concurrency());
}

// Rows on their way to a thread, as bytes.
struct Rows {
  int last_zoom = 0;  // to which they are cut
  std::vector<std::int64_t> ids;
  std::string bytes;
  std::vector<std::size_t> ends;

  void add(const PreparedRow& row, std::string& buffer) {
    buffer.clear();
    encode_row(row, buffer);
    ids.push_back(row.feature.id);
    bytes += buffer;
    ends.push_back(bytes.size());
  }
  std::string_view at(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1];
    return std::string_view(bytes).substr(begin, ends[i] - begin);
  }
};

// Items with the numbers of their tiles, and the features of which some vertices come later than others.
struct Items {
  std::vector<std::pair<std::int64_t, std::vector<std::uint8_t>>> vertex_zooms;
  std::vector<std::uint64_t> tiles;
  std::string bytes;
  std::vector<std::size_t> ends;

  void add(std::uint64_t tile, std::string_view item) {
    tiles.push_back(tile);
    bytes += item;
    ends.push_back(bytes.size());
  }
  std::string_view at(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1];
    return std::string_view(bytes).substr(begin, ends[i] - begin);
  }
};

class RowCutter {
 public:
  // borders: nullptr where nothing is thinned out.
  RowCutter(const Layer& layer, const geom::BorderIndex* borders)
      : m_layer(layer), m_borders(borders), m_maker(layer) {}

  Items cut(const Rows& rows) {
    Items out;
    for (std::size_t i = 0; i < rows.ids.size(); ++i) {
      const PreparedRow row = decode_row(rows.ids[i], rows.at(i), m_values);
      if (!m_maker.take(row.feature, row.hash[0])) continue;
      if (m_borders != nullptr && m_maker.world().kind != geom::Kind::point) thin_out(row.feature.id, out);
      for (int zoom = m_layer.minzoom; zoom <= rows.last_zoom; ++zoom)
        m_maker.items_at(zoom, [&](geom::TileId tile, const tiling::Item& item) {
          tiling::encode_item(item, m_item);
          out.add(geom::tile_number(tile), m_item);
        });
    }
    return out;
  }

 private:
  void thin_out(std::int64_t id, Items& out) {
    m_borders->vertex_zooms(m_maker.world(), m_zooms);
    if (std::all_of(m_zooms.begin(), m_zooms.end(), [](std::uint8_t zoom) { return zoom == 0; })) return;
    m_maker.keep_vertices_from(m_zooms);
    out.vertex_zooms.emplace_back(id, m_zooms);
  }

  const Layer& m_layer;
  const geom::BorderIndex* m_borders;
  tiling::ItemMaker m_maker;
  std::vector<std::uint8_t> m_zooms;
  std::vector<store::ValueView> m_values;
  std::string m_item;
};

class TileBuilder {
 public:
  explicit TileBuilder(const Layer& layer) : m_layer(layer) {}

  std::vector<PackedTile> build(const Items& items) {
    std::vector<PackedTile> out;
    for (std::size_t begin = 0; begin < items.tiles.size();) {
      std::size_t end = begin;
      m_items.clear();
      std::uint64_t rows = 0;
      for (; end < items.tiles.size() && items.tiles[end] == items.tiles[begin]; ++end) {
        m_items.push_back(tiling::decode_item(items.at(end)));
        rows += m_items.back().digest;
      }
      out.push_back(build_one(items.tiles[begin], rows));
      begin = end;
    }
    return out;
  }

 private:
  tiling::LayerMaker& maker_at(int zoom) {
    m_makers.resize(std::max(m_makers.size(), static_cast<std::size_t>(zoom) + 1));
    auto& maker = m_makers[static_cast<std::size_t>(zoom)];
    if (!maker) maker.emplace(m_layer, zoom);
    return *maker;
  }

  PackedTile build_one(std::uint64_t number, std::uint64_t rows) {
    return m_packer.pack(number, rows, maker_at(geom::tile_of_number(number)->z).make(m_items));
  }

  const Layer& m_layer;
  std::vector<std::optional<tiling::LayerMaker>> m_makers;  // by zoom
  TilePacker m_packer;
  std::vector<tiling::Item> m_items;
};

template <class Worker, class... Arguments>
std::vector<std::unique_ptr<Worker>> one_per_thread(const Arguments&... arguments) {
  std::vector<std::unique_ptr<Worker>> out;
  for (unsigned i = 0; i < threads(); ++i) out.push_back(std::make_unique<Worker>(arguments...));
  return out;
}

// The open rows of a dataset, as they go into tiles.
class OpenRows {
 public:
  OpenRows(const fs::path& dataset, const Layer& layer, const std::function<void()>& tick)
      : m_dataset(dataset), m_tick(tick) {
    const bool as_made =
        store::layer_text(PublishedRows(dataset).dataset().layer()) == store::layer_text(layer);
    m_shown = as_made ? nullptr : &layer;
  }
  template <class Each>
  void for_each(const Each& each) const {
    PublishedRows rows(m_dataset, m_shown, PublishedRows::Which::open);
    for (std::size_t count = 1; rows.next(); ++count) {
      if (m_tick && count % rows_at_once == 0) m_tick();
      each(rows.row());
    }
  }

 private:
  const fs::path& m_dataset;
  const std::function<void()>& m_tick;
  const Layer* m_shown = nullptr;
};

geom::Thinning thinning_of(const Layer& layer) {
  geom::Thinning out{0, layer.minzoom, layer.maxzoom, {}};
  for (int zoom = 0; zoom < layer.maxzoom; ++zoom)
    out.by_zoom.push_back(zoom < layer.minzoom ? 0 : catalogue::rule_at(layer, zoom).tolerance);
  return out;
}

geom::BorderIndex find_borders(const OpenRows& rows, const Layer& layer) {
  geom::BorderIndex out(thinning_of(layer));
  geom::Geometry lonlat;
  geom::Geometry world;
  rows.for_each([&](const PreparedRow& row) {
    if (row.feature.geometry.empty()) return;
    geom::decode_spatialite(row.feature.geometry, lonlat);
    geom::to_world(lonlat, world);
    if (world.kind != geom::Kind::point) out.add(world);
  });
  return out;
}

// Those up to this zoom; of deeper ones some rows may have been cut before it was known.
void build_tiles(const Layer& layer, int last_zoom, ExternalSort& sorted, TileFileWriter& writer,
                 const std::function<void()>& tick) {
  const auto builders = one_per_thread<TileBuilder>(layer);
  OrderedWork<Items, std::vector<PackedTile>> work(
      threads(), [&](Items& items, unsigned worker) { return builders[worker]->build(items); },
      [&](std::vector<PackedTile>& tiles) {
        for (const PackedTile& tile : tiles)
          writer.add(tile.entry, {tile.part, tile.entry.plain_size, tile.entry.crc32});
      });
  sorted.rewind();
  Items batch;
  std::uint64_t number = 0;
  std::string_view item;
  const std::uint64_t end = geom::first_tile_number(last_zoom + 1);
  while (sorted.next(number, item) && number < end) {
    const bool next_tile = !batch.tiles.empty() && batch.tiles.back() != number;
    if (next_tile && batch.bytes.size() >= item_bytes_at_once) {
      if (tick) tick();
      work.put(std::exchange(batch, {}));
    }
    batch.add(number, item);
  }
  work.put(std::move(batch));
  work.finish();
}

}  // namespace

struct TilePreparer::State {
  store::RowPart part;  // what everybody may see of a row
  const Layer& layer;
  fs::path target;
  TileFileWriter writer;
  ExternalSort sorted;
  ZoomLimit limit;
  std::unique_ptr<geom::BorderIndex> borders;  // where they are shared; complete before the first row is cut
  std::vector<std::unique_ptr<RowCutter>> cutters;
  Rows batch;
  std::string buffer;
  std::unique_ptr<OrderedWork<Rows, Items>> cutting;  // ends before what it uses

  State(const Layer& of, const fs::path& file, std::unique_ptr<geom::BorderIndex> shared)
      : part(of, catalogue::public_part(of)),
        layer(part.layer()),
        target(file),
        writer(file),
        sorted(file.parent_path(), sort_memory),
        limit(part.layer()),
        borders(std::move(shared)),
        cutters(
            one_per_thread<RowCutter>(part.layer(), static_cast<const geom::BorderIndex*>(borders.get()))) {
    cutting = std::make_unique<OrderedWork<Rows, Items>>(
        threads(), [this](Rows& rows, unsigned worker) { return cutters[worker]->cut(rows); },
        [this](Items& items) {
          for (const auto& [id, zooms] : items.vertex_zooms) writer.add_vertices(id, zooms);
          for (std::size_t i = 0; i < items.tiles.size(); ++i) sorted.add(items.tiles[i], items.at(i));
        });
  }
};

TilePreparer::TilePreparer(const Layer& layer, const fs::path& target)
    : m_state(std::make_unique<State>(layer, target, nullptr)) {}
TilePreparer::TilePreparer(std::unique_ptr<State> state) : m_state(std::move(state)) {}
TilePreparer::~TilePreparer() = default;

void TilePreparer::add(const PreparedRow& row) {
  if (row.feature.geometry.empty()) return;
  State& state = *m_state;
  state.limit.add(geom::decode_spatialite_bounds(row.feature.geometry));
  state.batch.last_zoom = state.limit.last();
  if (state.part.is_whole())
    state.batch.add(row, state.buffer);
  else
    state.batch.add({state.part.of(row.feature), state.part.hash(row.feature, row.extras), {}, false},
                    state.buffer);
  if (state.batch.ids.size() == rows_at_once) state.cutting->put(std::exchange(state.batch, {}));
}

Preparation TilePreparer::finish(const std::string& revision, const std::function<void()>& tick) {
  State& state = *m_state;
  state.cutting->put(std::move(state.batch));
  state.cutting->finish();
  state.cutting.reset();
  state.cutters.clear();
  state.borders.reset();
  const int last_zoom = state.limit.last();
  build_tiles(state.layer, last_zoom, state.sorted, state.writer, tick);
  state.writer.finish(revision, store::declaration_digest(state.layer),
                      last_zoom < state.layer.maxzoom ? static_cast<std::uint32_t>(last_zoom) + 1 : 0);
  return {state.writer.tiles(), fs::file_size(state.target)};
}

bool shares_borders(const Layer& layer) {
  const auto tolerances = thinning_of(layer).by_zoom;
  return layer.geometry != catalogue::LayerGeometry::point &&
         std::any_of(tolerances.begin(), tolerances.end(), [](double t) { return t > 0; });
}

Preparation prepare_tiles(const fs::path& dataset, const Layer& layer, const std::string& revision,
                          const fs::path& target, const std::function<void()>& tick) {
  const OpenRows rows(dataset, layer, tick);
  const Layer shown = catalogue::public_part(layer);
  std::unique_ptr<geom::BorderIndex> borders;
  if (shares_borders(layer)) borders = std::make_unique<geom::BorderIndex>(find_borders(rows, layer));
  TilePreparer preparer(std::make_unique<TilePreparer::State>(shown, target, std::move(borders)));
  rows.for_each([&](const PreparedRow& row) { preparer.add(row); });
  return preparer.finish(revision, tick);
}

}  // namespace ritchi::load
