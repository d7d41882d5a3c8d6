#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "tests/unit/tileserver_access/world.hpp"
#include "tileserver/access/secret.hpp"

namespace ritchi::access {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
namespace fs = std::filesystem;

std::string bytes_of(const fs::path& folder) {
  std::ostringstream out;
  for (const auto& entry : fs::directory_iterator(folder)) out << std::ifstream(entry.path()).rdbuf();
  return out.str();
}

TEST(Keys, StandForWhomTheyWereGivenTo) {
  World world;
  Grant grant = company();
  grant.layers = {"zoning", "factory_sites"};
  grant.hidden_attributes = {"factory_sites.price_jpy_per_m2"};
  const auto made = world.keys.add(grant);
  const Caller caller = world.keys.caller_of(bearer(made.text));
  EXPECT_EQ(caller.key, made.id);
  EXPECT_EQ(caller.role, Role::company);
  EXPECT_EQ(caller.holder, "日本精密株式会社");
  EXPECT_EQ(caller.audience.holder, caller.holder);
  EXPECT_EQ(caller.audience.everywhere, store::Disclosure::consented);
  EXPECT_THAT(caller.audience.layers.value(), ElementsAre("factory_sites", "zoning"));
  EXPECT_THAT(caller.audience.hidden_attributes, ElementsAre("factory_sites.price_jpy_per_m2"));
  EXPECT_EQ(world.keys.caller_of({std::nullopt, made.text}).key, made.id);
  EXPECT_EQ(world.keys.caller_of({"bEARER  " + made.text, made.text}).key, made.id);
}

TEST(Keys, OpenWhatTheirRoleSays) {
  const store::Audience of_city = audience_of(municipality({"15202"}));
  EXPECT_EQ(of_city.everywhere, store::Disclosure::open);
  EXPECT_EQ(of_city.at_home, store::Disclosure::internal);
  EXPECT_THAT(of_city.home, ElementsAre("15202"));
  Grant grant = company();
  grant.home = {"15"};
  const store::Audience of_company = audience_of(grant);
  EXPECT_EQ(of_company.everywhere, store::Disclosure::open);
  EXPECT_EQ(of_company.at_home, store::Disclosure::consented);
  EXPECT_EQ(audience_of(administrator()).everywhere, store::Disclosure::internal);
  EXPECT_EQ(World().keys.caller_of({}).audience, store::Audience{}) << "nobody is the public";
}

TEST(Keys, AreRandomAndNowhereInTheFolder) {
  World world;
  std::set<std::string> secrets;
  for (int i = 0; i < 200; ++i) {
    const std::string text = world.keys.add(company()).text;
    const auto key = read_key(text);
    ASSERT_TRUE(key);
    secrets.emplace(key->secret);
  }
  EXPECT_EQ(secrets.size(), 200U);
  const std::string stored = bytes_of(world.folder.path());
  EXPECT_THAT(stored, HasSubstr(secret_digest(*secrets.begin()))) << "the digests are what is looked through";
  for (const std::string& secret : secrets) EXPECT_EQ(stored.find(secret), std::string::npos);
}

TEST(Keys, WrongAndUnknownOnesAreToldApartByNothing) {
  World world;
  const auto made = world.keys.add(company());
  const std::string other(read_key(made.text)->secret.size(), 'A');
  const auto answer = [&](const std::string& key) {
    return error_of([&] { world.keys.caller_of(bearer(key)); });
  };
  const std::string wrong = answer(write_key(made.id, other));
  EXPECT_THAT(wrong, StartsWith("unauthorized: "));
  EXPECT_EQ(answer(write_key(made.id + 1, other)), wrong);
  EXPECT_EQ(answer(write_key(99999999, read_key(made.text)->secret)), wrong);
  EXPECT_EQ(World().keys.find(1), std::nullopt);
  World empty;
  EXPECT_EQ(error_of([&] { empty.keys.caller_of(bearer(made.text)); }), wrong) << "also without a database";
  EXPECT_THAT(bytes_of(empty.folder.path()), IsEmpty()) << "and none is made";
}

TEST(Keys, OfAnotherFormAreRefused) {
  World world;
  const std::string good = world.keys.add(company()).text;
  for (const std::string& bad :
       {std::string(), std::string("ritchi_"), std::string("ritchi_1"), std::string("ritchi_1_"), good + "A",
        good.substr(0, good.size() - 1), "Ritchi" + good.substr(6), "ritchi_01" + good.substr(8),
        "ritchi_-1" + good.substr(8), "ritchi_99999999999999999999" + good.substr(8),
        good.substr(0, 20) + "+" + good.substr(21),
        good.substr(0, 20) + std::string(1, '\0') + good.substr(21), std::string(100'000, 'x')})
    EXPECT_THAT(error_of([&] { world.keys.caller_of(bearer(bad)); }), StartsWith("unauthorized: "))
        << bad.substr(0, 60);
  for (const std::string& field :
       {good, "Basic " + good, std::string("Bearer"), "Bearer " + good + ", Bearer " + good})
    EXPECT_THAT(error_of([&] {
                  world.keys.caller_of({field, std::nullopt});
                }),
                StartsWith("unauthorized: "))
        << field;
  const std::string second = world.keys.add(company()).text;
  EXPECT_THAT(error_of([&] { world.keys.caller_of({"Bearer " + good, second}); }), StartsWith("bad-input: "));
}

TEST(Keys, ExpireToTheSecondAndSayItOnlyToTheirHolder) {
  World world;
  Grant grant = company();
  grant.expires_at = parse_end("2026-11-30", "--expires");
  EXPECT_EQ(grant.expires_at, "2026-11-30T15:00:00Z");
  const auto made = world.keys.add(grant);
  const std::string guessed = write_key(made.id, std::string(43, 'A'));
  const std::string unknown = error_of([&] { world.keys.caller_of(bearer(guessed)); });
  world.now = noon + 9 * 86400 + 12 * 3600 - 1;
  EXPECT_EQ(world.keys.caller_of(bearer(made.text)).key, made.id);
  ++world.now;
  EXPECT_THAT(error_of([&] { world.keys.caller_of(bearer(made.text)); }),
              HasSubstr("expired at 2026-11-30T15:00:00Z"));
  EXPECT_EQ(error_of([&] { world.keys.caller_of(bearer(guessed)); }), unknown);
}

TEST(Keys, RevokedByAnotherConnectionEndAtTheNextRequest) {
  World world;
  const auto made = world.keys.add(company());
  World::Other server(world);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(server.keys.caller_of(bearer(made.text)).key, made.id);
  world.keys.revoke(made.id);
  EXPECT_THAT(error_of([&] { server.keys.caller_of(bearer(made.text)); }),
              HasSubstr("was revoked at 2026-11-21T03:00:00Z"));
  world.now += 100;
  EXPECT_EQ(world.keys.revoke(made.id).revoked_at, "2026-11-21T03:00:00Z") << "the first time counts";
  EXPECT_THAT(error_of([&] { world.keys.revoke(77); }), StartsWith("not-found: "));
}

TEST(Keys, MadeWhileTheServerRunsAreKnownAtOnce) {
  World world;
  World::Other server(world);
  EXPECT_THAT(server.keys.list(), IsEmpty());
  EXPECT_EQ(server.database.change_mark(), 0);
  const auto made = world.keys.add(company());
  EXPECT_EQ(server.keys.caller_of(bearer(made.text)).key, made.id);
}

TEST(Keys, LastUseIsNotedOnceAMinute) {
  World world;
  const auto made = world.keys.add(company());
  const auto use = [&] {
    world.keys.caller_of(bearer(made.text));
    return world.keys.find(made.id)->last_used_at;
  };
  EXPECT_EQ(world.keys.find(made.id)->last_used_at, "");
  EXPECT_EQ(use(), "2026-11-21T03:00:00Z");
  world.now += 59;
  EXPECT_EQ(use(), "2026-11-21T03:00:00Z");
  world.now += 1;
  EXPECT_EQ(use(), "2026-11-21T03:01:00Z");
}

TEST(Keys, GrantsThatMakeNoSenseAreRefused) {
  World world;
  const auto refused = [&](Grant grant) { return error_of([&] { world.keys.add(grant); }); };
  EXPECT_THAT(refused(company("")), HasSubstr("holder"));
  EXPECT_THAT(refused(company(" ACME")), HasSubstr("blanks"));
  EXPECT_THAT(refused(company("\xff")), HasSubstr("UTF-8"));
  EXPECT_THAT(refused(company(std::string(301, 'x'))), HasSubstr("too long"));
  EXPECT_THAT(refused(municipality({})), HasSubstr("area"));
  Grant grant = administrator();
  grant.home = {"15"};
  EXPECT_THAT(refused(grant), HasSubstr("everywhere"));
  EXPECT_THAT(world.keys.list(), IsEmpty());
}

TEST(Keys, AreMadeAndReadByManyAtOnce) {
  World world;
  std::atomic<int> faults = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      try {
        World::Other other(world);
        for (int round = 0; round < 20; ++round) {
          const auto made = other.keys.add(company());
          if (world.keys.caller_of(bearer(made.text)).key != made.id) ++faults;
        }
      } catch (const base::Error& error) {
        ADD_FAILURE() << error.line();
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(faults, 0);
  EXPECT_EQ(world.keys.list().size(), 80U);
}

TEST(KeyText, ComparisonTellsOfDifferencesAnywhere) {
  const std::string digest = secret_digest("x");
  EXPECT_TRUE(is_same_digest(digest, std::string(digest)));
  for (std::size_t at = 0; at < digest.size(); ++at) {
    std::string other = digest;
    other[at] = other[at] == '0' ? '1' : '0';
    EXPECT_FALSE(is_same_digest(digest, other));
  }
  EXPECT_FALSE(is_same_digest(digest, digest.substr(1)));
  EXPECT_FALSE(is_same_digest(digest, ""));
}

}  // namespace
}  // namespace ritchi::access
