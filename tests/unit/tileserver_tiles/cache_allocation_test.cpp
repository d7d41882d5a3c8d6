// Asking the cache costs the I/O thread no memory: counted by an operator new of this program's own.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "tileserver/tiles/tile_cache.hpp"

namespace {

thread_local std::size_t allocations = 0;

}  // namespace

// Not inlined, so that the compiler does not take a replaced operator beside malloc for a mistake.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace ritchi::tiles {
namespace {

std::size_t cost_of(const int& value) {
  return static_cast<std::size_t>(value);
}

TEST(TileCache, FindAllocatesNothing) {
  const auto cache = TileCache<int>::charged_by<cost_of>(1'000'000);
  for (std::uint64_t i = 0; i < 1000; ++i)
    cache->get(base::keyed({}, i), base::Deadline::never(), [] { return std::make_shared<const int>(2000); });
  const std::size_t before = allocations;
  ASSERT_GT(before, 1000U) << "allocations are counted";
  std::size_t hits = 0;
  for (int round = 0; round < 3; ++round)
    for (std::uint64_t i = 0; i < 2000; ++i) hits += cache->find(base::keyed({}, i)).hit ? 1 : 0;
  EXPECT_EQ(allocations, before);
  EXPECT_GT(hits, 300U);
}

}  // namespace
}  // namespace ritchi::tiles
