#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "geodata/catalogue/places.hpp"
#include "geodata/store/data_folder.hpp"
#include "tests/unit/support/styles_folder.hpp"
#include "tests/unit/tileserver_access/world.hpp"
#include "tileserver/access/backup.hpp"
#include "tileserver/access/folder_lock.hpp"
#include "tileserver/access/key_scope.hpp"
#include "tileserver/access/schema.hpp"

namespace ritchi::access {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
namespace fs = std::filesystem;

TEST(AccessDatabase, IsMadeByTheFirstWriteForItsOwnerAlone) {
  World world;
  EXPECT_THAT(world.keys.list(), IsEmpty());
  EXPECT_EQ(world.database.change_mark(), 0);
  EXPECT_FALSE(fs::exists(world.database.file()));
  world.keys.add(company());
  EXPECT_EQ(fs::status(world.database.file()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_THAT(store::dataset_files(world.folder.path()), IsEmpty()) << "it is no dataset";
}

TEST(AccessDatabase, OfOthersAndOfTheFutureIsRefused) {
  World world;
  store::Connection::open_shared(world.database.file()).execute("CREATE TABLE theirs (a)");
  EXPECT_THAT(error_of([&] { world.keys.list(); }), StartsWith("conflict: "));
  EXPECT_THAT(error_of([&] { world.keys.add(company()); }), StartsWith("conflict: "));
  World newer;
  newer.keys.add(company());
  store::Connection::open_shared(newer.database.file()).execute("PRAGMA user_version = 99");
  EXPECT_THAT(error_of([&] { World::Other(newer).keys.list(); }), StartsWith("unsupported: "));
  World damaged;
  std::ofstream(damaged.database.file()) << std::string(5000, 'x');
  EXPECT_THAT(error_of([&] { damaged.consents.restated("2026-11-21"); }), HasSubstr("ritchi restore"))
      << "nobody knows what has been withdrawn";
}

TEST(Backup, TakenDuringWritesIsWholeAndCanBeRestored) {
  World world;
  const fs::path copy = world.folder.path() / "copy.backup";
  const Caller acme = world.caller(company("ACME"));
  std::jthread writer([&](const std::stop_token& ends) {
    for (std::int64_t i = 0; !ends.stop_requested(); ++i)
      world.audit.record(acme, "tiles", std::vector<store::ShownFeature>{{"factory_sites", i}});
  });
  std::int64_t before = 0;
  for (int round = 0; round < 5; ++round) {
    before = world.audit.verify().rows;
    EXPECT_GT(back_up(world.folder.path(), copy, true), 0U);
  }
  writer.request_stop();
  writer.join();
  EXPECT_FALSE(fs::exists(copy.string() + "-wal"));

  World other;
  EXPECT_EQ(restore(other.folder.path(), copy), fs::path());
  EXPECT_GE(other.audit.verify().rows, before);
  EXPECT_EQ(other.keys.list().size(), 1U);
}

TEST(Backup, KeepsWhatItReplaces) {
  World world;
  const fs::path copy = world.folder.path() / "copy.backup";
  const auto first = world.keys.add(company("ACME"));
  back_up(world.folder.path(), copy, false);
  EXPECT_THAT(error_of([&] { back_up(world.folder.path(), copy, false); }), StartsWith("conflict: "));
  fs::path replaced;
  {
    World::Other later(world);
    later.keys.revoke(first.id);
    later.keys.add(company("later"));
    replaced = restore(world.folder.path(), copy);
  }
  World::Other now(world);
  EXPECT_EQ(now.keys.list().size(), 1U);
  EXPECT_EQ(now.keys.caller_of(bearer(first.text)).key, first.id);
  ASSERT_TRUE(fs::exists(replaced));
  World old;
  restore(old.folder.path(), replaced);
  EXPECT_EQ(old.keys.list().size(), 2U);
}

TEST(Backup, IsNotRestoredUnderARunningServerNorFromAnythingElse) {
  World world;
  const fs::path copy = world.folder.path() / "copy.backup";
  world.keys.add(company("ACME"));
  EXPECT_THAT(error_of([&] { back_up(World().folder.path(), copy, false); }), StartsWith("not-found: "));
  back_up(world.folder.path(), copy, false);
  {
    const FolderLock server = FolderLock::shared(world.folder.path());
    EXPECT_THAT(error_of([&] { restore(world.folder.path(), copy); }), StartsWith("conflict: "));
  }
  std::string bytes(fs::file_size(copy), '\0');
  std::ifstream(copy, std::ios::binary).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  const auto refused = [&](const std::string& content) {
    const fs::path bad = world.folder.path() / "bad.backup";
    std::ofstream(bad, std::ios::binary) << content;
    return error_of([&] { restore(world.folder.path(), bad); });
  };
  EXPECT_NE(refused(""), "");
  EXPECT_NE(refused("no database at all, but long enough to be read as one " + std::string(4096, '.')), "");
  EXPECT_NE(refused(bytes.substr(0, bytes.size() / 2)), "");
  std::string changed = bytes;
  for (std::size_t at = 4096; at < changed.size(); at += 512)
    changed[at] = static_cast<char>(changed[at] ^ 0x55);
  EXPECT_NE(refused(changed), "");
  EXPECT_THAT(error_of([&] { restore(world.folder.path(), "/nowhere"); }), StartsWith("not-found: "));
  EXPECT_EQ(world.keys.list().size(), 1U) << "what was there is as it was";
}

TEST(KeyScope, AreasAreCodesOfToday) {
  const auto places = catalogue::Places::load(test::shipped_styles() / "places");
  EXPECT_THAT(resolve_area(places, {"152021", "15", "15202"}), ElementsAre("15", "15202"));
  EXPECT_THAT(resolve_area(places, {"14150"}), ElementsAre("14150", "14151", "14152", "14153"))
      << "wards of 相模原市";
  EXPECT_EQ(resolve_area(places, {"13100"}).size(), 24U);
  for (const char* bad : {"152022", "99", "1", "15299", "15401", "1520a", "", "15202;--"})
    EXPECT_THAT(error_of([&] { resolve_area(places, {bad}); }), StartsWith("bad-input: area")) << bad;
  EXPECT_THAT(error_of([&] { resolve_area(places, {"15401"}); }), HasSubstr("15202 長岡市"));
}

}  // namespace
}  // namespace ritchi::access
