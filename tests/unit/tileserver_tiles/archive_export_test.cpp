// Exports: equal bytes with any number of threads, after any break, or nothing at all.
#include "tileserver/tiles/archive_export.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "geodata/base/error.hpp"
#include "geodata/base/resource.hpp"
#include "geodata/geom/tile_id.hpp"
#include "listed_tiles.hpp"
#include "tests/unit/support/temporary_folder.hpp"
#include "tileserver/tiles/archived_layers.hpp"

namespace ritchi::tiles {
namespace {

namespace fs = std::filesystem;

struct Outcome {
  std::uint64_t taken_over = 0;
  bool replaced_other = false;
};

Outcome export_to(const fs::path& out, const TileSupplier& tiles, unsigned threads, bool overwrite = false) {
  base::Progress progress(base::Progress::Mode::none);
  base::InterruptWatch interrupt;
  ArchiveExport job(tiles, {out, threads, overwrite});
  const Outcome begun{job.taken_over(), job.replaced_other()};
  job.run(progress, interrupt);
  return begun;
}

class EachFormat : public testing::TestWithParam<const char*> {
 protected:
  fs::path out(const std::string& name) const { return m_folder.path() / (name + GetParam()); }
  fs::path unfinished(const std::string& name) const { return out(name).string() + ".unfinished"; }
  const fs::path& folder() const { return m_folder.path(); }

 private:
  test::TemporaryFolder m_folder;
};
INSTANTIATE_TEST_SUITE_P(Archives, EachFormat, testing::Values(".pmtiles", ".mbtiles"));

TEST_P(EachFormat, GivesTheSameBytesWithAnyNumberOfThreads) {
  const ListedTiles tiles(random_tiles(21, 1200));
  export_to(out("one"), tiles, 1);
  for (const unsigned threads : {2U, 7U}) {
    export_to(out("more"), tiles, threads, true);
    EXPECT_EQ(base::read_file(out("more")), base::read_file(out("one")));
  }
  EXPECT_FALSE(fs::exists(unfinished("one")));
}

TEST_P(EachFormat, GoesOnWhereItBroke) {
  ListedTiles tiles(random_tiles(22, 1200));
  export_to(out("whole"), tiles, 2);
  std::uint64_t before = 0;
  for (const std::size_t part : {100U, 101U, 700U, 1100U}) {
    tiles.fail_from(std::next(tiles.list().begin(), static_cast<std::ptrdiff_t>(part))->first);
    EXPECT_THROW(export_to(out("broken"), tiles, 3), std::runtime_error);
    EXPECT_FALSE(fs::exists(out("broken")));
    before = part;
  }
  tiles.fail_from(~std::uint64_t{0});
  const Outcome last = export_to(out("broken"), tiles, 1);
  EXPECT_GT(last.taken_over, before / 2);
  EXPECT_EQ(base::read_file(out("broken")), base::read_file(out("whole")));
  EXPECT_FALSE(fs::exists(unfinished("broken")));
}

// As a power cut may leave it: any file cut anywhere, or with other bytes somewhere.
TEST_P(EachFormat, GoesOnFromWhatIsWhole) {
  ListedTiles tiles(random_tiles(23, 900));
  export_to(out("whole"), tiles, 2);
  std::mt19937 random(4);
  for (int attempt = 0; attempt < 40; ++attempt) {
    tiles.fail_from(std::next(tiles.list().begin(), 600)->first);
    EXPECT_THROW(export_to(out("broken"), tiles, 2, true), std::runtime_error);
    const fs::path file = unfinished("broken") / (attempt % 2 == 0 ? "journal" : "tiles");
    std::string bytes = base::read_file(file);
    const std::size_t at = random() % bytes.size();
    if (attempt % 4 < 2)
      bytes.resize(at);
    else
      bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    tiles.fail_from(~std::uint64_t{0});
    export_to(out("broken"), tiles, 2, true);
    ASSERT_EQ(base::read_file(out("broken")), base::read_file(out("whole"))) << attempt;
  }
}

TEST_P(EachFormat, BeginsAnewForOtherContent) {
  ListedTiles old(random_tiles(24, 500), "old");
  old.fail_from(std::next(old.list().begin(), 400)->first);
  EXPECT_THROW(export_to(out("x"), old, 1), std::runtime_error);
  const ListedTiles fresh(random_tiles(25, 500), "new");
  const Outcome begun = export_to(out("x"), fresh, 1);
  EXPECT_EQ(begun.taken_over, 0U);
  EXPECT_TRUE(begun.replaced_other);
  export_to(out("y"), fresh, 1);
  EXPECT_EQ(base::read_file(out("x")), base::read_file(out("y")));
}

TEST_P(EachFormat, LeavesWhatIsThereUnlessItIsToldTo) {
  const ListedTiles tiles(random_tiles(26, 50));
  std::ofstream(out("x")) << "precious";
  EXPECT_THROW(export_to(out("x"), tiles, 1), base::Error);
  EXPECT_EQ(base::read_file(out("x")), "precious");
  EXPECT_FALSE(fs::exists(unfinished("x")));
  export_to(out("x"), tiles, 1, true);
  EXPECT_NE(base::read_file(out("x")), "precious");
}

TEST_P(EachFormat, OfNothingIsNoArchive) {
  for (const TileList& none : {TileList{}, TileList{{3, ""}, {9, ""}}}) {
    EXPECT_THROW(export_to(out("x"), ListedTiles(none), 2), base::Error);
    EXPECT_TRUE(fs::is_empty(folder()));
  }
}

TEST_P(EachFormat, IsWrittenByOneAtATime) {
  const ListedTiles tiles(random_tiles(27, 50));
  const ArchiveExport first(tiles, {out("x"), 1, false});
  EXPECT_THROW(ArchiveExport(tiles, {out("x"), 1, false}), base::Error);
}

TEST(ArchiveExport, RefusesOtherEndingsAndMissingFolders) {
  const test::TemporaryFolder folder;
  const ListedTiles tiles(random_tiles(1, 10));
  for (const char* name : {"x.zip", "x", "x.pmtiles.gz", "nowhere/x.pmtiles"})
    EXPECT_THROW(export_to(folder.path() / name, tiles, 1), base::Error) << name;
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(ArchivedLayers, GiveEachLayerApart) {
  const test::TemporaryFolder folder;
  const ListedTiles tiles(random_tiles(31, 300));
  export_to(folder.path() / "x.pmtiles", tiles, 1);
  const ArchivedLayers layers({folder.path() / "x.pmtiles"});
  ASSERT_NE(layers.find("a"), nullptr);
  ASSERT_NE(layers.find("b"), nullptr);
  EXPECT_EQ(layers.find("c"), nullptr);
  for (const auto& [number, bytes] : tiles.list()) {
    const ArchivedTile tile(*layers.find("a")->archive, *geom::tile_of_number(number));
    EXPECT_EQ(tile.layer("a") + tile.layer("b"), bytes);
    EXPECT_EQ(tile.gzip_of(bytes) != nullptr, !bytes.empty());
    EXPECT_EQ(tile.gzip_of(bytes + "x"), nullptr);
    if (!tile.layer("b").empty()) {
      EXPECT_EQ(tile.gzip_of(tile.layer("a")), nullptr);
    }
  }
}

TEST(ArchivedLayers, OfOneIdInTwoArchivesAreRefused) {
  const test::TemporaryFolder folder;
  const ListedTiles tiles(random_tiles(32, 30));
  export_to(folder.path() / "x.pmtiles", tiles, 1);
  export_to(folder.path() / "y.pmtiles", tiles, 1);
  try {
    ArchivedLayers both({folder.path() / "x.pmtiles", folder.path() / "y.pmtiles"});
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_NE(error.line().find("x.pmtiles"), std::string::npos);
    EXPECT_NE(error.line().find("y.pmtiles"), std::string::npos);
    EXPECT_NE(error.line().find("'a'"), std::string::npos);
  }
}

}  // namespace
}  // namespace ritchi::tiles
