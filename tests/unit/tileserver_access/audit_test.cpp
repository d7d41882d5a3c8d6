#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "geodata/store/sqlite.hpp"
#include "tests/unit/tileserver_access/world.hpp"

namespace ritchi::access {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

const std::vector<store::ShownFeature> two{{"factory_sites", 1}, {"factory_sites", 2}};

std::vector<AuditRow> rows_of(const World& world, const std::string& from = "", const std::string& to = "") {
  std::vector<AuditRow> out;
  world.audit.visit(from, to, [&](const AuditRow& row) { out.push_back(row); });
  return out;
}

// As somebody does who can write the file: without the triggers.
void tamper(const World& world, const std::string& sql) {
  const auto file = store::Connection::open_shared(world.database.file());
  file.execute("DROP TRIGGER audit_stays");
  file.execute("DROP TRIGGER audit_remains");
  file.execute(sql);
}

TEST(Audit, SaysWhoWasShownWhatWhenAndHow) {
  World world;
  const Caller acme = world.caller(company("ACME"));
  world.audit.record(acme, "tiles", two);
  const auto rows = rows_of(world);
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[1].at, "2026-11-21T03:00:00Z");
  EXPECT_EQ(rows[1].key, acme.key);
  EXPECT_EQ(rows[1].role, "company");
  EXPECT_EQ(rows[1].holder, "ACME");
  EXPECT_EQ(rows[1].channel, "tiles");
  EXPECT_EQ(rows[1].layer, "factory_sites");
  EXPECT_EQ(rows[1].feature, 2);
  EXPECT_EQ(world.audit.verify().rows, 2);
}

TEST(Audit, NotesEachFeatureOnceForKeyChannelAndHour) {
  World world;
  const Caller acme = world.caller(company("ACME"));
  const Caller other = world.caller(company("別会社"));
  const auto count = [&] { return rows_of(world).size(); };
  world.audit.record(acme, "tiles", two);
  world.audit.record(acme, "tiles", two);
  EXPECT_EQ(count(), 2U);
  world.audit.record(
      acme, "tiles",
      std::vector<store::ShownFeature>{{"factory_sites", 2}, {"factory_sites", 3}, {"factory_sites", 3}});
  EXPECT_EQ(count(), 3U);
  world.audit.record(acme, "match-sites", two);
  world.audit.record(other, "tiles", two);
  world.audit.record(acme, "tiles", std::vector<store::ShownFeature>{{"zoning", 1}});
  EXPECT_EQ(count(), 8U);
  world.now += 3599;
  world.audit.record(acme, "tiles", two);
  EXPECT_EQ(count(), 8U);
  world.now += 1;
  world.audit.record(acme, "tiles", two);
  EXPECT_EQ(count(), 10U);
  EXPECT_THAT(rows_of(world, "2026-11-21T04:00:00Z"), SizeIs(2));
  EXPECT_THAT(rows_of(world, "", "2026-11-21T04:00:00Z"), SizeIs(8));
}

TEST(Audit, NothingShownIsNothingWritten) {
  World world;
  world.audit.record({}, "tiles", {});
  EXPECT_FALSE(std::filesystem::exists(world.database.file()));
  EXPECT_EQ(world.audit.verify().rows, 0);
}

TEST(Audit, StopsWhatThePublicMustNotSee) {
  World world;
  EXPECT_THAT(error_of([&] { world.audit.record({}, "tiles", two); }), StartsWith("internal: "));
}

TEST(Audit, ThatCannotBeWrittenStopsTheAnswer) {
  World world;
  const Caller acme = world.caller(company("ACME"));
  store::Connection::open_shared(world.database.file()).execute("DROP TABLE audit");
  EXPECT_NE(error_of([&] { world.audit.record(acme, "tiles", two); }), "");
  EXPECT_NE(error_of([&] { world.audit.record(acme, "tiles", two); }), "") << "and is not taken for written";
}

TEST(Audit, RefusesChangesAndShowsThemWhereTheyWereForced) {
  for (const char* sql :
       {"UPDATE audit SET holder = 'nobody' WHERE id = 3", "UPDATE audit SET feature_id = 9 WHERE id = 3",
        "UPDATE audit SET at = '2020-01-01T00:00:00Z' WHERE id = 3", "DELETE FROM audit WHERE id = 3",
        "DELETE FROM audit WHERE id = 1", "UPDATE audit SET key = key + 1 WHERE id = 6",
        "DELETE FROM audit WHERE id = 6", "DELETE FROM audit"}) {
    World world;
    const Caller acme = world.caller(company("ACME"));
    for (std::int64_t i = 1; i <= 6; ++i)
      world.audit.record(acme, "tiles", std::vector<store::ShownFeature>{{"factory_sites", i}});
    EXPECT_EQ(world.audit.verify().rows, 6);
    const auto file = store::Connection::open_shared(world.database.file());
    EXPECT_THROW(file.execute(sql), base::Error) << sql;
    tamper(world, sql);
    EXPECT_THAT(error_of([&] { world.audit.verify(); }), StartsWith("damaged: ")) << sql;
  }
}

TEST(Audit, ANotedHeadFindsAWholeNewChain) {
  World world;
  const Caller acme = world.caller(company("ACME"));
  world.audit.record(acme, "tiles", two);
  const AuditHead noted = world.audit.verify();
  world.audit.record(acme, "features", two);
  EXPECT_EQ(world.audit.verify(noted).rows, 4);

  World forged;
  forged.audit.record(acme, "match-sites", two);
  EXPECT_EQ(forged.audit.verify().rows, 2);
  EXPECT_THAT(error_of([&] { forged.audit.verify(noted); }), HasSubstr("no longer holds the head"));
  EXPECT_THAT(error_of([&] { World().audit.verify(noted); }), HasSubstr("no longer holds the head"));
}

TEST(Audit, OfManyAnswersAtOnceIsOneChain) {
  World world;
  std::vector<Caller> callers;
  for (int i = 0; i < 4; ++i) callers.push_back(world.caller(company("会社" + std::to_string(i))));
  std::vector<std::thread> threads;
  for (const Caller& caller : callers)
    threads.emplace_back([&world, &caller] {
      Database same(world.folder.path(), [&world] { return world.now; });
      Audit other(same);  // as another process does
      for (std::int64_t i = 0; i < 25; ++i) {
        other.record(caller, "tiles", std::vector<store::ShownFeature>{{"factory_sites", i}});
        world.audit.record(caller, "features", std::vector<store::ShownFeature>{{"factory_sites", i}});
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(world.audit.verify().rows, 200);
}

}  // namespace
}  // namespace ritchi::access
