// Archives written and read: what went in comes out, what is damaged is refused.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <set>

#include "geodata/base/error.hpp"
#include "geodata/base/resource.hpp"
#include "geodata/geom/tile_id.hpp"
#include "listed_tiles.hpp"
#include "tests/unit/support/temporary_folder.hpp"
#include "tileserver/tiles/pmtiles_reader.hpp"
#include "tileserver/tiles/pmtiles_writer.hpp"

namespace ritchi::tiles {
namespace {

namespace fs = std::filesystem;

fs::path write(const fs::path& folder, const ListedTiles& tiles, const PmtilesLimits& limits = {}) {
  StagedTiles staged(folder / "staged", tiles.digest());
  for (const auto& [number, bytes] : tiles.list())
    if (const auto tile = tiles.tile(number); tile.gzip) staged.add(number, tile);
  staged.flush();
  write_pmtiles(
      staged, tiles.info(), folder / "x.pmtiles", [] {}, limits);
  staged.remove();
  return folder / "x.pmtiles";
}

void put_file(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

TEST(Pmtiles, WhatWasWrittenIsRead) {
  const PmtilesLimits deep{220, 16};
  for (unsigned seed = 1; seed <= 12; ++seed) {
    const test::TemporaryFolder folder;
    const ListedTiles tiles(random_tiles(seed, seed * 150));
    const bool is_deep = seed % 2 == 0;
    const PmtilesReader reader(write(folder.path(), tiles, is_deep ? deep : PmtilesLimits{}));
    for (const auto& [number, bytes] : tiles.list()) {
      const auto stored = reader.stored_tile(number);
      ASSERT_EQ(stored.has_value(), !bytes.empty()) << number;
      if (stored) {
        ASSERT_EQ(*stored, *tiles.tile(number).gzip);
        ASSERT_EQ(reader.plain(*stored), bytes);
      }
      if (!tiles.list().contains(number + 1)) {
        ASSERT_FALSE(reader.stored_tile(number + 1));
      }
    }
    EXPECT_EQ(reader.header().leaves.length > 0, is_deep);
  }
}

TEST(Pmtiles, HeaderSaysWhatIsThere) {
  const test::TemporaryFolder folder;
  const ListedTiles tiles(random_tiles(5, 3000));
  const fs::path file = write(folder.path(), tiles);
  const PmtilesReader reader(file);
  std::set<std::string> contents;
  std::uint64_t addressed = 0;
  std::uint64_t entries = 0;
  std::uint64_t last = 0;
  std::string last_bytes;
  for (const auto& [number, bytes] : tiles.list()) {
    if (bytes.empty()) continue;
    ++addressed;
    contents.insert(bytes);
    if (bytes != last_bytes || number != last + 1) ++entries;
    last = number;
    last_bytes = bytes;
  }
  const PmtilesHeader& header = reader.header();
  EXPECT_EQ(header.addressed_tiles, addressed);
  EXPECT_EQ(header.contents, contents.size());
  EXPECT_EQ(header.entries, entries);
  EXPECT_LT(entries, addressed);
  EXPECT_TRUE(header.clustered);
  EXPECT_EQ(header.internal_compression, PmtilesCompression::gzip);
  EXPECT_EQ(header.tile_compression, PmtilesCompression::gzip);
  EXPECT_EQ(header.tile_type, PmtilesType::mvt);
  EXPECT_LT(header.root.offset + header.root.length, 16384U);
  EXPECT_EQ(header.min_zoom, 0);
  EXPECT_EQ(header.max_zoom, 14);
  EXPECT_EQ(header.center_zoom, 7);
  EXPECT_EQ(header.bounds_e7[0], 1385000000);
  EXPECT_EQ(header.bounds_e7[3], 385000000);
  EXPECT_EQ(header.center_e7[0], 1393750000);
  EXPECT_EQ(header.data.offset + header.data.length, fs::file_size(file));
  EXPECT_EQ(reader.metadata().at("vector_layers"), tiles.info().vector_layers);
  for (const char* key : {"name", "description", "attribution", "type", "version"})
    EXPECT_TRUE(reader.metadata().at(key).is_string()) << key;
}

TEST(Pmtiles, LeavesThatDoNotFitTheCacheAreReadAgain) {
  const test::TemporaryFolder folder;
  const ListedTiles tiles(random_tiles(9, 1500));
  const PmtilesReader reader(write(folder.path(), tiles, {200, 16}), 0);
  for (const auto& [number, bytes] : tiles.list())
    ASSERT_EQ(reader.stored_tile(number).has_value(), !bytes.empty());
}

TEST(PmtilesDirectory, TakesBackWhatItWrote) {
  const std::vector<PmtilesEntry> entries = {
      {0, 0, 10, 1}, {1, 10, 5, 3}, {4, 0, 10, 1}, {geom::first_tile_number(20), 1ULL << 40, 7, 0}};
  const auto back = decode_directory(encode_directory(entries));
  ASSERT_EQ(back.size(), entries.size());
  for (std::size_t i = 0; i < back.size(); ++i) {
    EXPECT_EQ(back[i].tile, entries[i].tile);
    EXPECT_EQ(back[i].offset, entries[i].offset);
    EXPECT_EQ(back[i].length, entries[i].length);
    EXPECT_EQ(back[i].run, entries[i].run);
  }
}

TEST(PmtilesDirectory, RefusesWhatTheSpecificationDoesNotAllow) {
  const auto refused = [](const std::vector<PmtilesEntry>& entries) {
    EXPECT_THROW(decode_directory(encode_directory(entries)), base::Error);
  };
  refused({});
  refused({{5, 0, 10, 1}, {5, 10, 10, 1}});
  refused({{5, 0, 10, 4}, {8, 10, 10, 1}});
  refused({{5, 0, 0, 1}});
  refused({{geom::first_tile_number(geom::max_numbered_zoom + 1), 0, 1, 1}});
  refused({{geom::first_tile_number(geom::max_numbered_zoom + 1) - 1, 0, 1, 2}});
  EXPECT_THROW(decode_directory(std::string("\x01\x00\x01\x01\x00", 5)), base::Error);  // no first offset
  EXPECT_THROW(decode_directory("\xff\xff\xff\xff\x7f"), base::Error);                  // billions of entries
}

// Opens, asks for everything there is and a little more; refusing is fine, anything else is not.
void read_all(const fs::path& file, const TileList& tiles) {
  try {
    const PmtilesReader reader(file);
    for (const auto& [number, bytes] : tiles) {
      try {
        if (const auto stored = reader.stored_tile(number)) reader.plain(*stored);
      } catch (const base::Error& error) {
        EXPECT_FALSE(error.where().empty());
      }
    }
  } catch (const base::Error& error) {
    EXPECT_EQ(error.where(), file.string()) << error.what();
    EXPECT_FALSE(error.remedy().empty()) << error.what();
  }
}

TEST(Pmtiles, DamageOfAnyByteIsAnErrorOrAnotherTile) {
  const test::TemporaryFolder folder;
  const ListedTiles tiles(random_tiles(3, 40));
  const fs::path file = write(folder.path(), tiles, {100, 8});
  const std::string whole = base::read_file(file);
  // One byte at a time in place: files that are written anew wait for the disk.
  const auto bytes = base::open_for_writing(file);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const unsigned change : {0x01U, 0x80U, 0xFFU}) {
      const char damaged = static_cast<char>(static_cast<unsigned char>(whole[i]) ^ change);
      base::write_at(bytes.get(), i, {&damaged, 1}, file);
      read_all(file, tiles.list());
    }
    base::write_at(bytes.get(), i, {&whole[i], 1}, file);
  }
  for (std::size_t size = whole.size(); size > 0; size -= 1 + size / 200) {
    fs::resize_file(file, size - 1);
    read_all(file, tiles.list());
  }
}

TEST(Pmtiles, LeavesThatPointToThemselvesEnd) {
  const test::TemporaryFolder folder;
  PmtilesHeader header;
  header.internal_compression = PmtilesCompression::none;
  header.tile_compression = PmtilesCompression::none;
  header.tile_type = PmtilesType::mvt;
  header.max_zoom = 3;
  std::string leaf = encode_directory(std::vector<PmtilesEntry>{{0, 0, 5, 0}});
  ASSERT_EQ(leaf.size(), 5U);
  header.root = {127, leaf.size()};
  header.metadata = {132, 2};
  header.leaves = {134, leaf.size()};
  header.data = {139, 0};
  put_file(folder.path() / "x.pmtiles", encode_header(header) + leaf + "{}" + leaf);
  const PmtilesReader reader(folder.path() / "x.pmtiles");
  EXPECT_THROW(reader.stored_tile(3), base::Error);
}

}  // namespace
}  // namespace ritchi::tiles
