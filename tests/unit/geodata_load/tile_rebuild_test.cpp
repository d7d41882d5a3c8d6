// Tiles that are missing, damaged or made for another declaration are made anew, from open rows alone, and
// none of a revision that never came stays.
#include "geodata/load/tile_rebuild.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "geodata/base/resource.hpp"
#include "geodata/load/dataset_writer.hpp"
#include "geodata/store/dataset.hpp"
#include "geodata/store/snapshot.hpp"
#include "geodata/tiling/deflate_part.hpp"
#include "geodata/tiling/tile_check.hpp"
#include "tests/unit/support/temporary_folder.hpp"

namespace ritchi {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Folder = test::TemporaryFolder;

json declared(bool disclosure) {
  const json title{{"ja", "用地"}, {"en", "Sites"}};
  json out{{"id", "sites"}, {"title", title}, {"description", title},       {"geometry", "point"},
           {"minzoom", 0},  {"maxzoom", 6},   {"attributes", json::array()}};
  std::vector<std::string> names{"name"};
  if (disclosure) names.emplace_back("disclosure");
  for (const auto& name : names)
    out["attributes"].push_back({{"name", name}, {"title", title}, {"type", "text"}});
  return out;
}

// A catalogue of one layer.
class Declared {
 public:
  explicit Declared(const json& layer) {
    fs::create_directories(m_folder.path() / "layers");
    fs::create_directories(m_folder.path() / "codes");
    fs::copy(fs::path(RITCHI_SOURCE_DIR) / "styles" / "schema", m_folder.path() / "schema");
    std::ofstream(m_folder.path() / "layers" / "sites.json") << layer.dump();
  }
  catalogue::Catalogue catalogue() const { return catalogue::Catalogue::load(m_folder.path()); }

 private:
  Folder m_folder;
};

load::Record site(std::int64_t id, bool hidden) {
  load::Record out;
  out.id = id;
  out.source_id = "S" + std::to_string(id);
  out.geometry.emplace().points.push_back({130.0 + static_cast<double>(id) * 0.2, 35});
  out.values.emplace_back(std::string(hidden ? "geheim" : "offen"));
  out.values.emplace_back(std::string(hidden ? "internal" : "public"));
  return out;
}

load::Outcome publish(const fs::path& data, const std::string& partition, int first, int last) {
  load::DatasetWriter writer(data, catalogue::parse_layer(declared(true), "test"));
  for (int id = first; id <= last; ++id) writer.add(site(id, id % 3 == 0));
  store::DatasetInfo info;
  info.partition = partition;
  info.profile = "test";
  return writer.publish(info);
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".tiles" || entry.path().filename().string().starts_with(".import-"))
      out.push_back(entry.path().filename().string());
  std::sort(out.begin(), out.end());
  return out;
}

std::string all_plain(const store::TileFile& file) {
  std::string out;
  for (const auto& entry : file.tiles()) {
    if (entry.size == 0) continue;
    std::string part(entry.size, '\0');
    file.read(entry, part.data());
    out += tiling::inflate_part({part, entry.plain_size, entry.crc32});
  }
  return out;
}

std::shared_ptr<const store::Dataset> open(const fs::path& file, const catalogue::Catalogue& catalogue) {
  return store::Dataset::open(file, [&](std::string_view id) { return catalogue.find_layer(id); });
}

TEST(RebuildTiles, MissingOrDamagedOnesComeBackByteForByte) {
  const Folder data;
  const Declared styles(declared(true));
  const auto catalogue = styles.catalogue();
  publish(data.path(), "15", 1, 50);
  const fs::path dataset = data.path() / "sites" / "15.sqlite";
  const fs::path tiles = open(dataset, catalogue)->tiles()->file();
  const std::string before = base::read_file(tiles);

  fs::remove(tiles);
  const auto without = open(dataset, catalogue);
  EXPECT_EQ(without->tiles(), nullptr);
  EXPECT_FALSE(without->has_damaged_tiles());
  EXPECT_NE(without->why_no_tiles().find("check --rebuild"), std::string::npos);
  EXPECT_TRUE(without->is_current());
  EXPECT_TRUE(load::rebuild_tiles(dataset, catalogue));
  EXPECT_EQ(base::read_file(tiles), before);
  EXPECT_FALSE(without->is_current()) << "a server has to see that there are tiles now";

  fs::remove(tiles);
  std::ofstream(tiles) << before.substr(0, 300);
  EXPECT_TRUE(open(dataset, catalogue)->has_damaged_tiles());
  EXPECT_TRUE(load::rebuild_tiles(dataset, catalogue));
  EXPECT_EQ(base::read_file(tiles), before);
  EXPECT_EQ(names_in(data.path() / "sites"), std::vector<std::string>{tiles.filename().string()});
}

TEST(RebuildTiles, FollowTheDeclarationOfToday) {
  const Folder data;
  publish(data.path(), "15", 1, 50);
  const fs::path dataset = data.path() / "sites" / "15.sqlite";
  json changed = declared(true);
  changed["maxzoom"] = 4;
  const Declared styles(changed);
  const auto catalogue = styles.catalogue();
  const auto outdated = open(dataset, catalogue);
  EXPECT_EQ(outdated->tiles(), nullptr);
  EXPECT_FALSE(outdated->has_damaged_tiles());
  EXPECT_TRUE(load::rebuild_tiles(dataset, catalogue));
  const auto now = open(dataset, catalogue);
  ASSERT_NE(now->tiles(), nullptr) << now->why_no_tiles();
  EXPECT_EQ(tiling::check_tiles(*now->tiles(), now->layer()), std::vector<std::string>{});
}

// A row is open if its file says so, even where the layer is declared without disclosure now.
TEST(RebuildTiles, WhatWasHiddenStaysHidden) {
  const Folder data;
  publish(data.path(), "15", 1, 50);
  const fs::path dataset = data.path() / "sites" / "15.sqlite";
  const Declared styles(declared(false));
  const auto catalogue = styles.catalogue();
  EXPECT_TRUE(load::rebuild_tiles(dataset, catalogue));
  const std::string plain = all_plain(*open(dataset, catalogue)->tiles());
  EXPECT_NE(plain.find("offen"), std::string::npos);
  EXPECT_EQ(plain.find("geheim"), std::string::npos);
}

TEST(RebuildTiles, WhatDatasetsShareIsMergedAnew) {
  const Folder data;
  const Declared styles(declared(true));
  const auto catalogue = styles.catalogue();
  publish(data.path(), "15", 1, 50);
  publish(data.path(), "16", 51, 90);
  const fs::path layer = data.path() / "sites";
  const auto names = names_in(layer);
  ASSERT_EQ(names.size(), 3U);
  const fs::path shared = layer / names.back();
  ASSERT_TRUE(names.back().starts_with("shared."));
  const std::string before = base::read_file(shared);
  fs::remove(shared);
  load::rebuild_shared_tiles(layer, catalogue);
  EXPECT_EQ(base::read_file(shared), before);
  std::string damaged = before;
  damaged[300] = static_cast<char>(damaged[300] ^ 1);
  fs::remove(shared);
  std::ofstream(shared, std::ios::binary) << damaged;
  load::rebuild_shared_tiles(layer, catalogue);
  EXPECT_EQ(base::read_file(shared), before);
  EXPECT_EQ(names_in(layer), names);
}

TEST(StaleTiles, AreGoneAfterTheNextImportWhateverComesOfIt) {
  const Folder data;
  publish(data.path(), "15", 1, 50);
  publish(data.path(), "16", 51, 90);
  const auto whole = names_in(data.path() / "sites");
  // As if an import had been killed between giving names to tiles and to the dataset.
  for (const char* name :
       {"15.ffffffffffffffff.tiles", "17.0123456789abcdef.tiles", "shared.0123456789abcdef.tiles"})
    std::ofstream(data.path() / "sites" / name) << "x";
  EXPECT_EQ(publish(data.path(), "16", 51, 90), load::Outcome::unchanged);
  EXPECT_EQ(names_in(data.path() / "sites"), whole);
  std::ofstream(data.path() / "sites" / "15.ffffffffffffffff.tiles") << "x";
  EXPECT_EQ(publish(data.path(), "16", 51, 91), load::Outcome::published);
  EXPECT_EQ(names_in(data.path() / "sites").size(), 3U);
  // Beside a dataset that cannot be read nothing is taken away.
  fs::permissions(data.path() / "sites" / "15.sqlite", fs::perms::owner_all);
  std::ofstream(data.path() / "sites" / "15.sqlite") << "no database";
  EXPECT_EQ(publish(data.path(), "16", 51, 92), load::Outcome::published);
  EXPECT_EQ(names_in(data.path() / "sites").size(), 2U);
}

}  // namespace
}  // namespace ritchi
