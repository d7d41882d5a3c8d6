// What is prepared is what the rows would give, depends on nothing but the rows that everybody may see, and
// changes only where they do.
#include <gtest/gtest.h>
#include <sched.h>

#include <set>

#include "geodata/base/resource.hpp"
#include "geodata/geom/tile_id.hpp"
#include "geodata/store/data_folder.hpp"
#include "geodata/store/integrity.hpp"
#include "geodata/tiling/item_maker.hpp"
#include "geodata/tiling/tile_check.hpp"
#include "tests/unit/served_tiles/world.hpp"
#include "tests/unit/support/decoded_tile.hpp"
#include "tileserver/tiles/feature_tile.hpp"
#include "tileserver/tiles/tile_plan.hpp"

namespace ritchi {
namespace {

using namespace test;
using nlohmann::json;
using store::TileEntry;
using Folder = TemporaryFolder;

struct Case {
  const char* name;
  const char* geometry;
  json rules;
  Records (*records)(unsigned, int);
  int count;
};

const std::vector<Case>& cases() {
  static const json all_zooms = {5, 12};
  static const std::vector<Case> out{
      {"points", "point", json::array(), random_points, 800},
      {"crowded points", "point", {{{"zooms", all_zooms}, {"max_features", 20}}}, random_points, 800},
      {"points of few bytes", "point", {{{"zooms", all_zooms}, {"max_bytes", 1500}}}, random_points, 800},
      {"clusters",
       "point",
       {{{"zooms", all_zooms},
         {"cluster",
          {{"cell", 256},
           {"sum", {"amount"}},
           {"min", {"part"}},
           {"classes", {{"attribute", "amount"}, {"breaks", {300, 600}}}}}}}},
       random_points,
       800},
      {"lines", "line", json::array(), random_lines, 150},
      {"joined lines",
       "line",
       {{{"zooms", all_zooms}, {"join", {{"by", {"kind"}}, {"sum", {"amount"}}}}}},
       random_lines,
       150},
      {"polygons", "polygon", json::array(), random_polygons, 150},
      {"polygons with every vertex",
       "polygon",
       {{{"zooms", all_zooms}, {"tolerance", 0}}},
       random_polygons,
       150},
      {"small polygons left out",
       "polygon",
       {{{"zooms", all_zooms}, {"smallest_area", 40}}},
       random_polygons,
       150},
      {"small polygons merged",
       "polygon",
       {{{"zooms", all_zooms}, {"smallest_area", 40}, {"merge", {{"by", {"kind"}}, {"sum", {"amount"}}}}}},
       random_polygons,
       150},
      {"few attributes",
       "polygon",
       {{{"zooms", all_zooms}, {"attributes", {"amount"}}}},
       random_polygons,
       60},
  };
  return out;
}

TEST(PreparedTiles, AreWhatTheRowsWouldGiveByteForByte) {
  for (const Case& one : cases()) {
    SCOPED_TRACE(one.name);
    const Folder data;
    const auto layer = layer_with(one.geometry, one.rules);
    ASSERT_EQ(publish(data.path(), layer, one.records(11, one.count)), load::Outcome::published);
    const auto snapshot = snapshot_of(data.path());
    const store::LayerView& view = snapshot->layers().at(0);
    const store::TileFile* file = view.datasets.at(0)->tiles();
    ASSERT_NE(file, nullptr) << view.datasets.at(0)->why_no_tiles();
    EXPECT_EQ(tiling::check_tiles(*file, view.layer), std::vector<std::string>{});
    std::set<std::uint64_t> around;
    int different = 0;
    for (const TileEntry& entry : file->tiles()) {
      const auto tile = *geom::tile_of_number(entry.number);
      const auto made = tiles::make_from_features(view, tile, nullptr, base::Deadline::never());
      different += made.bytes == plain_of(*file, entry) ? 0 : 1;
      EXPECT_EQ(made.features, entry.features) << tile.z << '/' << tile.x << '/' << tile.y;
      EXPECT_EQ(made.dropped, static_cast<std::int64_t>(entry.dropped))
          << tile.z << '/' << tile.x << '/' << tile.y;
      for (const int dx : {-1, 0, 1})
        for (const int dy : {-1, 0, 1})
          around.insert(geom::tile_number(
              {tile.z, tile.x + static_cast<std::uint32_t>(dx), tile.y + static_cast<std::uint32_t>(dy)}));
    }
    EXPECT_EQ(different, 0) << "of " << file->tiles().size();
    EXPECT_GT(file->tiles().size(), 20U);
    for (const std::uint64_t number : around) {
      if (file->find(number) != nullptr) continue;
      const auto made =
          tiles::make_from_features(view, *geom::tile_of_number(number), nullptr, base::Deadline::never());
      EXPECT_TRUE(made.bytes.empty() && made.dropped == 0) << number;
    }
  }
}

std::string served(const store::LayerView& view, geom::TileId tile, std::string* dropped = nullptr) {
  const tiles::ServedLayer views[] = {{&view, nullptr, nullptr}};
  const auto plan = tiles::plan_tile(views, tile);
  const auto made = tiles::make_tile(plan, base::Deadline::never());
  if (dropped != nullptr) *dropped = made.dropped;
  if (made.gzip.empty()) return {};
  // One member whose only part lies between head and tail.
  std::uint32_t size = 0;
  std::memcpy(&size, made.gzip.data() + made.gzip.size() - 4, 4);
  std::uint32_t crc = 0;
  std::memcpy(&crc, made.gzip.data() + made.gzip.size() - 8, 4);
  return tiling::inflate_part({std::string_view(made.gzip).substr(10, made.gzip.size() - 20), size, crc});
}

using Amounts = std::map<std::pair<int, int>, std::vector<double>>;

// Clusters of a tile's own cells: their number and sum by cell.
Amounts clusters_in(const std::string& bytes) {
  Amounts out;
  for (const auto& f : features_in(bytes)) {
    const auto at = f.shape.points.front();
    if (at.x < 0 || at.y < 0 || at.x >= 4096 || at.y >= 4096) continue;
    out[{at.x / 256, at.y / 256}] = {static_cast<double>(f.count()),
                                     f.has("_count") ? f.number("amount_sum") : f.number("amount")};
  }
  return out;
}

TEST(SplitLayers, AreServedAsIfTheyWereOne) {
  for (const Case& one : cases()) {
    SCOPED_TRACE(one.name);
    const std::string name = one.name;
    const bool clusters = name == "clusters";
    // Each dataset thins out what it knows of the borders, joins and merges what it has.
    const bool exact = name == "points" || name == "crowded points" || name == "polygons with every vertex";
    if (!clusters && !exact) continue;
    const Folder whole;
    const Folder split;
    const auto layer = layer_with(one.geometry, one.rules);
    const Records records = one.records(12, one.count);
    publish(whole.path(), layer, records);
    for (const int part : {2, 0, 1}) {
      Records some;
      for (const auto& record : records)
        if (record.id % 3 == part) some.push_back(record);
      publish(split.path(), layer, some, "p" + std::to_string(part));
    }
    const auto one_view = snapshot_of(whole.path());
    const auto split_view = snapshot_of(split.path());
    const store::LayerView& view = one_view->layers().at(0);
    const store::LayerView& parts = split_view->layers().at(0);
    ASSERT_EQ(parts.datasets.size(), 3U);
    ASSERT_NE(parts.shared_tiles, nullptr);
    store::LayerView unmerged = parts;
    unmerged.shared_tiles.reset();
    for (const TileEntry& entry : view.datasets[0]->tiles()->tiles()) {
      const auto tile = *geom::tile_of_number(entry.number);
      std::string left_out;
      std::string left_out_of_one;
      const std::string expected = served(view, tile, &left_out_of_one);
      const std::string found = served(parts, tile, &left_out);
      EXPECT_EQ(served(unmerged, tile), found);
      if (clusters) {
        EXPECT_EQ(clusters_in(found), clusters_in(expected)) << tile.z << '/' << tile.x << '/' << tile.y;
      } else {
        EXPECT_EQ(found == expected, true) << tile.z << '/' << tile.x << '/' << tile.y;
      }
      EXPECT_EQ(left_out, left_out_of_one);
    }
  }
}

std::map<std::uint64_t, TileEntry> entries_of(const store::TileFile& file) {
  std::map<std::uint64_t, TileEntry> out;
  for (const TileEntry& entry : file.tiles()) out[entry.number] = entry;
  return out;
}

TEST(HiddenRows, LeaveNoTraceInAnyTile) {
  for (const Case& one : cases()) {
    SCOPED_TRACE(one.name);
    const Folder with;
    const Folder without;
    const auto layer = layer_with(one.geometry, one.rules, 5, 10, true);
    Records all = one.records(13, one.count);
    Records open;
    for (auto& record : all) {
      const char* levels[] = {"public", "consented", "internal"};
      record.values.emplace_back(std::string(levels[record.id % 4 == 0 ? 1 + record.id % 8 / 4 : 0]));
      if (record.id % 4 != 0) open.push_back(record);
    }
    // A layer that says nothing of a row keeps it to itself.
    all.front().values.back() = {};
    open.erase(open.begin());
    publish(with.path(), layer, all);
    publish(without.path(), layer, open);
    const auto a = snapshot_of(with.path());
    const auto b = snapshot_of(without.path());
    const auto& tiles_a = *a->layers().at(0).datasets.at(0)->tiles();
    const auto& tiles_b = *b->layers().at(0).datasets.at(0)->tiles();
    EXPECT_EQ(a->layers()[0].revision, b->layers()[0].revision);
    ASSERT_EQ(tiles_a.tiles().size(), tiles_b.tiles().size());
    EXPECT_EQ(0, std::memcmp(tiles_a.tiles().data(), tiles_b.tiles().data(), tiles_a.tiles().size_bytes()));
    EXPECT_EQ(tiles_a.vertices().size(), tiles_b.vertices().size());
    const tiles::ServedLayer of_a[] = {{&a->layers()[0], nullptr, nullptr}};
    const tiles::ServedLayer of_b[] = {{&b->layers()[0], nullptr, nullptr}};
    for (const TileEntry& entry : tiles_a.tiles()) {
      const auto tile = *geom::tile_of_number(entry.number);
      EXPECT_EQ(tiles::plan_tile(of_a, tile).key, tiles::plan_tile(of_b, tile).key);
      EXPECT_EQ(served(*of_a[0].published, tile), served(*of_b[0].published, tile));
    }
    // All but the head, which names the revision, is the same file.
    const auto bytes_a = base::read_file(tiles_a.file());
    const auto bytes_b = base::read_file(tiles_b.file());
    EXPECT_EQ(bytes_a.substr(sizeof(store::TileFileHead)), bytes_b.substr(sizeof(store::TileFileHead)));
  }
}

std::map<std::string, std::string> tile_files(const std::filesystem::path& data) {
  std::map<std::string, std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(data / "things"))
    if (entry.path().extension() == ".tiles")
      out[entry.path().filename().string()] = base::read_file(entry.path());
  return out;
}

TEST(Preparing, GivesTheSameBytesWhateverTheOrderAndTheProcessors) {
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  for (const Case& one : cases()) {
    SCOPED_TRACE(one.name);
    const auto layer = layer_with(one.geometry, one.rules);
    Records records = one.records(14, one.count);
    const Folder first;
    publish(first.path(), layer, records);
    std::mt19937 random(1);
    std::shuffle(records.begin(), records.end(), random);
    cpu_set_t single;
    CPU_ZERO(&single);
    for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&single) == 0; ++cpu)
      if (CPU_ISSET(cpu, &before)) CPU_SET(cpu, &single);
    sched_setaffinity(0, sizeof single, &single);
    const Folder second;
    publish(second.path(), layer, records);
    sched_setaffinity(0, sizeof before, &before);
    EXPECT_EQ(tile_files(first.path()).size(), 1U);
    EXPECT_EQ(tile_files(first.path()) == tile_files(second.path()), true);
  }
}

// The tiles that a record has a part in, by their numbers.
std::set<std::uint64_t> tiles_of(const catalogue::Layer& layer, const store::Dataset& dataset,
                                 std::int64_t id) {
  const auto feature = dataset.by_id(id);
  std::vector<store::ValueView> values;
  for (const auto& value : feature->values) values.push_back(store::view_of(value));
  tiling::ItemMaker maker(layer);
  std::set<std::uint64_t> out;
  maker.take({feature->id, feature->source_id, feature->synthetic, feature->geometry, values});
  for (int zoom = layer.minzoom; zoom <= layer.maxzoom; ++zoom)
    maker.items_at(zoom,
                   [&](geom::TileId tile, const tiling::Item&) { out.insert(geom::tile_number(tile)); });
  return out;
}

TEST(Updating, ChangesTheTilesOfThatFeatureAndNoOthers) {
  for (const Case& one : cases()) {
    SCOPED_TRACE(one.name);
    // Neighbours of a feature that moves are thinned out anew; what they share then changes with it.
    for (const bool moves : {false, true}) {
      const std::string name = one.name;
      if (moves && std::string(one.geometry) != "point" && name != "polygons with every vertex") continue;
      const Folder data;
      const auto layer = layer_with(one.geometry, one.rules);
      const Records records = one.records(15, one.count);
      publish(data.path(), layer, records);
      const auto before = snapshot_of(data.path());
      load::Record changed = records[5];
      changed.values[1] = std::int64_t{7777};
      changed.values[0] = std::string("z");
      if (moves)
        for (auto& p : changed.geometry->points) p.x += 0.01;
      ASSERT_EQ(publish(data.path(), layer, {changed}, "all", load::Apply::update), load::Outcome::published);
      const auto after = snapshot_of(data.path());
      const auto& old_set = *before->layers().at(0).datasets.at(0);
      const auto& new_set = *after->layers().at(0).datasets.at(0);
      auto touched = tiles_of(layer, old_set, changed.id);
      touched.merge(tiles_of(layer, new_set, changed.id));
      const auto was = entries_of(*old_set.tiles());
      const auto is = entries_of(*new_set.tiles());
      std::set<std::uint64_t> differ;
      std::set<std::uint64_t> rows_differ;
      for (const auto* side : {&was, &is})
        for (const auto& [number, entry] : *side) {
          const auto a = was.find(number);
          const auto b = is.find(number);
          const bool both = a != was.end() && b != is.end();
          if (!both || a->second.content != b->second.content || a->second.dropped != b->second.dropped)
            differ.insert(number);
          if (!both || a->second.rows != b->second.rows) rows_differ.insert(number);
        }
      EXPECT_EQ(rows_differ, touched);
      EXPECT_TRUE(std::includes(touched.begin(), touched.end(), differ.begin(), differ.end()));
      EXPECT_FALSE(differ.empty());
    }
  }
}

TEST(SharedBorders, LeaveNeitherGapNorOverlapAtAnyZoom) {
  for (const double tolerance : {1.0, 4.0}) {
    const Folder data;
    const auto layer = layer_with("polygon", {{{"zooms", {6, 13}}, {"tolerance", tolerance}}}, 6, 13);
    publish(data.path(), layer, mosaic(3, 24, 1.5));
    const auto snapshot = snapshot_of(data.path());
    const store::LayerView& view = snapshot->layers().at(0);
    std::map<int, int> full;  // tiles that the mosaic covers, by zoom
    for (const TileEntry& entry : view.datasets[0]->tiles()->tiles()) {
      const auto tile = *geom::tile_of_number(entry.number);
      const geom::Box box = geom::tile_bounds_lonlat(tile, 0.03);
      if (box.min_x < 138.03 || box.max_x > 139.47 || box.min_y < 37.03 || box.max_y > 38.47) continue;
      double area = 0;
      for (const auto& feature : features_in(served(view, tile))) area += area_of(feature.shape);
      EXPECT_EQ(area, 4224.0 * 4224.0) << tile.z << '/' << tile.x << '/' << tile.y;
      ++full[tile.z];
    }
    EXPECT_GE(full.size(), 5U);
  }
}

}  // namespace
}  // namespace ritchi
