#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "geodata/store/sqlite.hpp"
#include "tests/unit/tileserver_access/world.hpp"

namespace ritchi::access {
namespace {

using store::Disclosure;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;
using Level = store::Restated::Level;

constexpr const char* today = "2026-11-21";

Decision decided(Purpose purpose, std::int64_t feature = 7) {
  Decision out;
  out.layer = "factory_sites";
  out.feature = feature;
  out.municipality_code = "15202";
  out.purpose = purpose;
  return out;
}

Level level_of(const World& world, const std::string& day = today, std::int64_t feature = 7) {
  const auto restated = world.consents.restated(day);
  return restated->by_layer.at("factory_sites").at(feature);
}

TEST(Consents, TheLatestDecisionHolds) {
  World world;
  const Caller by = world.caller(municipality({"15202"}));
  EXPECT_THAT(world.consents.restated(today)->by_layer, IsEmpty());
  world.consents.record(by, decided(Purpose::matching));
  EXPECT_EQ(level_of(world), (Level{Disclosure::consented, {}}));
  world.consents.record(by, decided(Purpose::publication));
  EXPECT_EQ(level_of(world), (Level{Disclosure::open, {}}));
  world.consents.record(by, decided(Purpose::none));
  EXPECT_EQ(level_of(world), (Level{Disclosure::internal, {}}));
  Decision for_one = decided(Purpose::matching);
  for_one.granted_to = "ACME";
  world.consents.record(by, for_one);
  EXPECT_EQ(level_of(world), (Level{Disclosure::consented, {"ACME"}}));
  const auto history = world.consents.list({});
  ASSERT_THAT(history, SizeIs(4)) << "nothing is forgotten";
  EXPECT_EQ(history.back().purpose, Purpose::matching);
  EXPECT_EQ(history.back().by_holder, "長岡市");
  EXPECT_EQ(history.back().by_key, by.key);
  EXPECT_EQ(history.back().decided_at, "2026-11-21T03:00:00Z");
}

TEST(Consents, ForNamedHoldersStandBesideEachOtherUntilOneIsForAll) {
  World world;
  const auto for_one = [&](const char* holder, const char* until) {
    Decision out = decided(Purpose::matching);
    out.granted_to = holder;
    out.until = until;
    world.consents.record({}, out);
  };
  for_one("乙", "2026-11-30");
  for_one("ACME", "");
  EXPECT_EQ(level_of(world), (Level{Disclosure::consented, {"ACME", "乙"}}));
  EXPECT_EQ(level_of(world, "2026-12-01"), (Level{Disclosure::consented, {"ACME"}}));
  for_one("ACME", "2026-12-31");  // the later one about a holder holds
  EXPECT_EQ(level_of(world, "2026-12-31"), (Level{Disclosure::consented, {"ACME"}}));
  EXPECT_EQ(level_of(world, "2027-01-01"), (Level{Disclosure::internal, {}}));
  world.consents.record({}, decided(Purpose::matching));
  EXPECT_EQ(level_of(world), (Level{Disclosure::consented, {}}));
  for_one("ACME", "");  // from now on it is for one alone
  EXPECT_EQ(level_of(world), (Level{Disclosure::consented, {"ACME"}}));
  world.consents.record({}, decided(Purpose::none));
  EXPECT_EQ(level_of(world), (Level{Disclosure::internal, {}}));
  for_one("乙", "");
  EXPECT_EQ(level_of(world), (Level{Disclosure::consented, {"乙"}}));
}

TEST(Consents, HoldToTheEndOfTheirLastDay) {
  World world;
  Decision decision = decided(Purpose::publication);
  decision.until = "2026-11-30";
  world.consents.record({}, decision);
  EXPECT_EQ(level_of(world, "2026-11-30").level, Disclosure::open);
  EXPECT_EQ(level_of(world, "2026-12-01").level, Disclosure::internal);
  world.consents.record({}, decided(Purpose::matching));
  EXPECT_EQ(level_of(world, "2026-12-01").level, Disclosure::consented);
}

TEST(Consents, OfAnotherProcessCountAtOnce) {
  World world;
  World::Other server(world);
  EXPECT_THAT(server.consents.restated(today)->by_layer, IsEmpty()) << "without a database";
  world.consents.record({}, decided(Purpose::publication));
  const auto before = server.consents.restated(today);
  EXPECT_THAT(before->by_layer, SizeIs(1));
  world.consents.record({}, decided(Purpose::none));
  const auto after = server.consents.restated(today);
  EXPECT_EQ(after->by_layer.at("factory_sites").at(7).level, Disclosure::internal);
  EXPECT_GT(after->generation, before->generation);
}

TEST(Consents, StayTheSameObjectWhileNothingChanges) {
  World world;
  world.consents.record({}, decided(Purpose::publication));
  const auto first = world.consents.restated(today);
  EXPECT_EQ(world.consents.restated(today), first);
  world.keys.add(company());
  EXPECT_EQ(world.consents.restated(today), first) << "a key is no consent";
  EXPECT_EQ(world.consents.restated("2026-11-22"), first) << "nothing ends that day";
  world.consents.record({}, decided(Purpose::publication, 8));
  EXPECT_NE(world.consents.restated(today), first);
}

TEST(Consents, ThatMakeNoSenseAreRefused) {
  World world;
  const auto refused = [&](const Decision& decision) {
    return error_of([&] { world.consents.record({}, decision); });
  };
  Decision decision = decided(Purpose::matching);
  decision.until = "2026-11-20";
  EXPECT_THAT(refused(decision), HasSubstr("until: is past"));
  decision.until = "2026-02-30";
  EXPECT_THAT(refused(decision), HasSubstr("is no date"));
  decision = decided(Purpose::none);
  decision.until = "2027-01-01";
  EXPECT_THAT(refused(decision), HasSubstr("no end"));
  decision = decided(Purpose::publication);
  decision.granted_to = "ACME";
  EXPECT_THAT(refused(decision), HasSubstr("only consent to matching"));
  decision = decided(Purpose::matching);
  decision.note = std::string(5000, 'x');
  EXPECT_THAT(refused(decision), StartsWith("bad-input: note"));
  decision.note = "\xc3";
  EXPECT_THAT(refused(decision), HasSubstr("UTF-8"));
  decision = decided(Purpose::matching);
  decision.layer.clear();
  EXPECT_THAT(refused(decision), HasSubstr("layer"));
  EXPECT_THAT(world.consents.list({}), IsEmpty());
}

TEST(Consents, AreListedOfAnAreaInPages) {
  World world;
  for (std::int64_t feature = 1; feature <= 5; ++feature)
    world.consents.record({}, decided(Purpose::matching, feature));
  Decision elsewhere = decided(Purpose::matching, 9);
  elsewhere.municipality_code = "15222";
  world.consents.record({}, elsewhere);
  elsewhere.municipality_code = "";
  world.consents.record({}, elsewhere);
  Consents::Query query;
  query.in = {"15202"};
  query.limit = 3;
  const auto page = world.consents.list(query);
  ASSERT_THAT(page, SizeIs(3));
  EXPECT_EQ(page.front().feature, 5);
  query.before = page.back().id;
  EXPECT_THAT(world.consents.list(query), SizeIs(2));
  query = {};
  query.in = {"15"};
  EXPECT_THAT(world.consents.list(query), SizeIs(6)) << "a place that is not known is in no area";
  query.layers = {"zoning"};
  EXPECT_THAT(world.consents.list(query), IsEmpty());
  query = {};
  query.layer = "factory_sites' OR 1=1 --";
  EXPECT_THAT(world.consents.list(query), IsEmpty());
}

TEST(Consents, CannotBeChangedAfterwards) {
  World world;
  world.consents.record({}, decided(Purpose::none));
  const auto file = store::Connection::open_shared(world.database.file());
  EXPECT_THROW(file.execute("UPDATE consents SET purpose = 'publication'"), base::Error);
  EXPECT_THROW(file.execute("DELETE FROM consents"), base::Error);
}

}  // namespace
}  // namespace ritchi::access
