// The cache stays within its bytes whatever happens, keeps what is asked for again, and makes each value
// once.
#include "tileserver/tiles/tile_cache.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <latch>
#include <list>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <unordered_map>

#include "geodata/base/error.hpp"

namespace ritchi::tiles {
namespace {

using base::Deadline;
using base::Key128;

// A value whose size can grow while the cache holds it.
struct Growing {
  explicit Growing(std::size_t size) : bytes(size) {}
  mutable std::atomic<std::size_t> bytes;
};
std::size_t cost_of(const Growing& value) {
  return value.bytes;
}
using Cache = TileCache<Growing>;

std::unique_ptr<Cache> cache_of(std::size_t bytes) {
  return Cache::charged_by<cost_of>(bytes);
}
Key128 key(std::uint64_t number) {
  return base::keyed(Key128{}, number);
}
Cache::Pointer value(std::size_t bytes) {
  return std::make_shared<const Growing>(bytes);
}
Cache::Pointer get(Cache& cache, std::uint64_t number, std::size_t bytes) {
  return cache.get(key(number), Deadline::never(), [&] { return value(bytes); });
}

TEST(TileCache, NeverHoldsMoreThanItsBytes) {
  for (const std::size_t capacity : {std::size_t{3'000}, std::size_t{100'000}, std::size_t{40} << 20U}) {
    const auto cache = cache_of(capacity);
    std::mt19937_64 random(capacity);
    for (int i = 0; i < 30'000; ++i) {
      const std::uint64_t number = random() % 400;
      const std::size_t bytes = random() % (capacity / 20) * (random() % 50 == 0 ? 30 : 1);
      switch (random() % 4) {
        case 0:
          cache->find(key(number));
          break;
        case 1:
          if (const auto found = cache->find(key(number)); found.value) {
            found.value->bytes += bytes;
            cache->recharge(key(number));
          }
          break;
        default:
          get(*cache, number, bytes);
      }
      ASSERT_LE(cache->figures().bytes, capacity) << "step " << i;
    }
    EXPECT_GT(cache->figures().bytes, capacity / 2) << "asked for more than it holds, it is well filled";
  }
}

TEST(TileCache, ChargesWhatAnEntryReallyHolds) {
  const auto cache = cache_of(1'000'000);
  get(*cache, 1, 1000);
  const std::uint64_t before = cache->figures().bytes;
  EXPECT_GT(before, 1000U);
  cache->find(key(1)).value->bytes = 5000;
  EXPECT_EQ(cache->figures().bytes, before);
  cache->recharge(key(1));
  EXPECT_EQ(cache->figures().bytes, before + 4000);
  cache->find(key(1)).value->bytes = 2'000'000;
  cache->recharge(key(1));
  EXPECT_FALSE(cache->find(key(1)).hit) << "larger than the whole cache";
  EXPECT_EQ(cache->figures().bytes, 0U);
  cache->recharge(key(2));
}

TEST(TileCache, AValueLargerThanTheCacheIsGivenButNotKept) {
  const auto cache = cache_of(1000);
  EXPECT_EQ(get(*cache, 1, 5000)->bytes, 5000U);
  EXPECT_FALSE(cache->find(key(1)).hit);
  EXPECT_EQ(cache->figures().rejections, 1U);
}

TEST(TileCache, KeepsThatThereIsNothing) {
  const auto cache = cache_of(10'000);
  int made = 0;
  const auto make = [&made] {
    ++made;
    return Cache::Pointer();
  };
  for (int i = 0; i < 3; ++i) EXPECT_EQ(cache->get(key(1), Deadline::never(), make), nullptr);
  EXPECT_EQ(made, 1);
  EXPECT_TRUE(cache->find(key(1)).hit);
  EXPECT_EQ(cache->find(key(1)).value, nullptr);
}

// What a plain LRU of the same number of entries would have found.
class PlainLru {
 public:
  explicit PlainLru(std::size_t entries) : m_entries(entries) {}
  bool ask(std::uint64_t number) {
    const auto found = m_places.find(number);
    const bool hit = found != m_places.end();
    if (hit) m_order.erase(found->second);
    m_order.push_front(number);
    m_places[number] = m_order.begin();
    if (m_order.size() > m_entries) {
      m_places.erase(m_order.back());
      m_order.pop_back();
    }
    return hit;
  }

 private:
  std::size_t m_entries;
  std::list<std::uint64_t> m_order;
  std::unordered_map<std::uint64_t, std::list<std::uint64_t>::iterator> m_places;
};

// Popularity after Zipf, and now and then somebody who walks through thousands of tiles once.
std::vector<std::uint64_t> trace_with_scans() {
  std::vector<double> weights;
  for (int i = 1; i <= 20'000; ++i) weights.push_back(1.0 / std::pow(i, 0.9));
  std::discrete_distribution<std::uint64_t> popular(weights.begin(), weights.end());
  std::mt19937_64 random(5);
  std::vector<std::uint64_t> out;
  std::uint64_t scanned = 1'000'000;
  for (int round = 0; round < 40; ++round) {
    for (int i = 0; i < 5'000; ++i) out.push_back(popular(random));
    for (int i = 0; i < 2'000; ++i) out.push_back(scanned++);
  }
  return out;
}

TEST(TileCache, FindsMoreThanAPlainLruInATraceWithScans) {
  constexpr std::size_t bytes = 1000;
  const auto probe = cache_of(1'000'000);
  get(*probe, 1, bytes);
  const std::size_t entry = probe->figures().bytes;
  const std::vector<std::uint64_t> trace = trace_with_scans();
  for (const std::size_t entries : {200U, 1000U, 4000U}) {
    const auto cache = cache_of(entries * entry);
    PlainLru plain(entries);
    std::uint64_t plain_hits = 0;
    for (const std::uint64_t number : trace) {
      get(*cache, number, bytes);
      plain_hits += plain.ask(number) ? 1 : 0;
    }
    EXPECT_GT(cache->figures().hits, plain_hits * 11 / 10) << entries << " entries";
    const std::string both =
        std::to_string(cache->figures().hits) + ", plain LRU " + std::to_string(plain_hits);
    RecordProperty("hits_with_" + std::to_string(entries), both);
  }
}

TEST(TileCache, ALargeEntryThatIsWantedDisplacesManySmallOnes) {
  const auto cache = cache_of(1'000'000);
  for (int round = 0; round < 3; ++round)
    for (std::uint64_t i = 0; i < 100; ++i) get(*cache, i, 9'500);
  for (int i = 0; i < 12; ++i) get(*cache, 1'000'000, 400'000);
  EXPECT_TRUE(cache->find(key(1'000'000)).hit);
  for (std::uint64_t i = 0; i < 20; ++i) get(*cache, 2'000'000 + i, 400'000);
  EXPECT_TRUE(cache->find(key(1'000'000)).hit) << "those asked for once do not displace it";
}

TEST(TileCache, FollowsAChangeOfWhatIsAskedFor) {
  const auto cache = cache_of(200'000);
  for (int round = 0; round < 50; ++round)
    for (std::uint64_t i = 0; i < 100; ++i) get(*cache, i, 1000);
  for (int round = 0; round < 100; ++round)
    for (std::uint64_t i = 1000; i < 1100; ++i) get(*cache, i, 1000);
  int held = 0;
  for (std::uint64_t i = 1000; i < 1100; ++i) held += cache->find(key(i)).hit ? 1 : 0;
  EXPECT_GT(held, 80) << "what was popular once has aged";
}

TEST(TileCache, ManyThreadsMakeAValueOnce) {
  const auto cache = cache_of(100'000);
  std::atomic<int> made = 0;
  std::latch begin(8);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      begin.arrive_and_wait();
      const auto got = cache->get(key(1), Deadline::never(), [&] {
        ++made;
        return value(10);
      });
      EXPECT_EQ(got->bytes, 10U);
    });
  threads.clear();
  EXPECT_EQ(made, 1);
  EXPECT_EQ(cache->figures().misses, 1U);
}

TEST(TileCache, OnlyThoseWhoAskForTheSameWait) {
  const auto cache = cache_of(100'000);
  std::latch is_making(1);
  std::latch may_end(1);
  std::jthread slow([&] {
    cache->get(key(1), Deadline::never(), [&] {
      is_making.count_down();
      may_end.wait();
      return value(10);
    });
  });
  is_making.wait();
  EXPECT_FALSE(cache->find(key(1)).hit) << "find never waits";
  EXPECT_EQ(get(*cache, 2, 20)->bytes, 20U) << "another key is made meanwhile";
  try {
    cache->get(key(1), Deadline::after(std::chrono::milliseconds(1)), [] { return value(1); });
    ADD_FAILURE() << "the deadline was not kept";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), base::ErrorKind::timeout);
  }
  EXPECT_EQ(cache->figures().waits, 1U);
  may_end.count_down();
  slow.join();
  EXPECT_EQ(cache->find(key(1)).value->bytes, 10U);
}

TEST(TileCache, WhenMakingFailsOneOfTheOthersTriesAgain) {
  const auto cache = cache_of(100'000);
  std::atomic<int> made = 0;
  std::atomic<int> failed = 0;
  std::atomic<int> given = 0;
  std::latch begin(8);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      begin.arrive_and_wait();
      try {
        const auto got = cache->get(key(1), Deadline::never(), [&]() -> Cache::Pointer {
          if (++made <= 3) throw std::runtime_error("disk");
          return value(7);
        });
        given += got->bytes == 7 ? 1 : 0;
      } catch (const std::runtime_error&) {
        ++failed;
      }
    });
  threads.clear();
  EXPECT_EQ(failed, 3) << "each failure is told to the one who had it";
  EXPECT_EQ(given, 5);
  EXPECT_EQ(made, 4);
  EXPECT_TRUE(cache->find(key(1)).hit);
}

TEST(TileCache, ThreadsOnManyKeysAgree) {
  const auto cache = cache_of(std::size_t{32} << 20U);
  std::vector<std::jthread> threads;
  for (unsigned thread = 0; thread < 8; ++thread)
    threads.emplace_back([&cache, thread] {
      std::mt19937_64 random(thread);
      for (int i = 0; i < 5000; ++i) {
        const std::uint64_t number = random() % 500;
        const auto got = get(*cache, number, 100'000 + number);
        EXPECT_GE(got->bytes, 100'000 + number);
        if (i % 7 != 0) continue;
        got->bytes += 10;
        cache->recharge(key(number));
      }
    });
  threads.clear();
  EXPECT_LE(cache->figures().bytes, std::size_t{32} << 20U);
}

}  // namespace
}  // namespace ritchi::tiles
