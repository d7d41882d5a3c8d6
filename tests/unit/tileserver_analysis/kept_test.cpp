// What is kept between questions: made once, forgotten by age, made anew after a failure.
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <thread>
#include <vector>

#include "tileserver/analysis/match_kept.hpp"

namespace ritchi::analysis {
namespace {

using base::Deadline;
using Texts = Kept<std::string>;

Texts::Made made(const std::string& text, std::size_t bytes) {
  return {std::make_shared<const std::string>(text), bytes};
}

TEST(Kept, IsMadeOnceHoweverManyAsk) {
  Texts kept(1000);
  std::atomic<int> makings{0};
  std::barrier start(8);
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      start.arrive_and_wait();
      const auto value = kept.get("k", Deadline::never(), [&] {
        ++makings;
        return made("v", 10);
      });
      right += *value == "v";
    });
  for (std::thread& each : threads) each.join();
  EXPECT_EQ(makings, 1);
  EXPECT_EQ(right, 8);
}

TEST(Kept, ForgetsWhatWasUsedLongestAgo) {
  Texts kept(100);
  const auto get = [&](const std::string& key) {
    bool is_new = false;
    kept.get(key, Deadline::never(), [&] {
      is_new = true;
      return made(key, 39);
    });
    return is_new;
  };
  EXPECT_TRUE(get("a"));
  EXPECT_TRUE(get("b"));
  EXPECT_FALSE(get("a"));
  EXPECT_TRUE(get("c"));
  EXPECT_LE(kept.bytes(), 100U);
  EXPECT_FALSE(get("a"));
  EXPECT_TRUE(get("b"));
}

TEST(Kept, OneLargerThanAllTheRoomServesAndGoes) {
  Texts kept(100);
  EXPECT_EQ(*kept.get("large", Deadline::never(), [] { return made("x", 500); }), "x");
  kept.get("small", Deadline::never(), [] { return made("y", 10); });
  EXPECT_LE(kept.bytes(), 100U);
}

TEST(Kept, AFailureIsTheMakersAlone) {
  Texts kept(100);
  EXPECT_THROW(kept.get("k", Deadline::never(),
                        []() -> Texts::Made { throw base::Error(base::ErrorKind::timeout, "x"); }),
               base::Error);
  EXPECT_EQ(*kept.get("k", Deadline::never(), [] { return made("v", 1); }), "v");
}

TEST(Kept, WhoeverWaitsForAFailureMakesItHimself) {
  Texts kept(100);
  std::barrier inside(2);
  std::thread first([&] {
    EXPECT_THROW(kept.get("k", Deadline::never(),
                          [&]() -> Texts::Made {
                            inside.arrive_and_wait();
                            throw base::Error(base::ErrorKind::timeout, "x");
                          }),
                 base::Error);
  });
  inside.arrive_and_wait();
  EXPECT_EQ(*kept.get("k", Deadline::never(), [] { return made("second", 1); }), "second");
  first.join();
}

}  // namespace
}  // namespace ritchi::analysis
