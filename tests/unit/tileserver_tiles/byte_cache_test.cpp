// The cache stays within its bytes, makes a value once for all who wait, and recovers when making fails.
#include "tileserver/tiles/byte_cache.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <stdexcept>
#include <thread>
#include <vector>

namespace {

using Cache = ritchi::tiles::ByteCache<std::string>;

std::size_t size_of(const std::string& text) {
  return text.size();
}
Cache::Pointer text(std::size_t size) {
  return std::make_shared<const std::string>(size, 'x');
}

TEST(ByteCache, StaysWithinItsBytesAndDropsTheLeastRecentlyUsed) {
  Cache cache(10000, size_of);
  for (int i = 0; i < 100; ++i) {
    cache.get("key" + std::to_string(i), [] { return text(1000); });
    EXPECT_TRUE(cache.find("key0").hit == (i < 100));  // asked for every time, so never the oldest
    EXPECT_LE(cache.bytes(), 10000U);
  }
  EXPECT_TRUE(cache.find("key0").hit);
  EXPECT_TRUE(cache.find("key99").hit);
  EXPECT_FALSE(cache.find("key50").hit);
}

TEST(ByteCache, AValueLargerThanTheCacheIsGivenButNotKept) {
  Cache cache(1000, size_of);
  EXPECT_EQ(cache.get("big", [] { return text(5000); })->size(), 5000U);
  EXPECT_FALSE(cache.find("big").hit);
  EXPECT_EQ(cache.bytes(), 0U);
}

TEST(ByteCache, KeepsThatThereIsNothing) {
  Cache cache(1000, size_of);
  cache.get("empty", [] { return nullptr; });
  EXPECT_TRUE(cache.find("empty").hit);
  EXPECT_EQ(cache.find("empty").value, nullptr);
}

TEST(ByteCache, ManyThreadsMakeAValueOnce) {
  Cache cache(100000, size_of);
  std::atomic<int> made = 0;
  std::latch begin(8);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      begin.arrive_and_wait();
      const auto value = cache.get("one", [&] {
        ++made;
        return text(10);
      });
      EXPECT_EQ(value->size(), 10U);
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(made, 1);
}

TEST(ByteCache, AFailureIsNotKeptAndTheNextOneTriesAgain) {
  Cache cache(1000, size_of);
  EXPECT_THROW(cache.get("key", []() -> Cache::Pointer { throw std::runtime_error("disk"); }),
               std::runtime_error);
  EXPECT_EQ(cache.get("key", [] { return text(3); })->size(), 3U);
}

}  // namespace
