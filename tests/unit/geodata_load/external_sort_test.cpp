// Whatever the memory: the same bytes in the same order as a plain stable sort gives.
#include "geodata/load/external_sort.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "tests/unit/support/temporary_folder.hpp"

namespace {

using namespace ritchi;
using Item = std::pair<std::uint64_t, std::string>;

std::vector<Item> items(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Item> out;
  for (std::size_t i = 0; i < count; ++i) {
    // Few keys, so that many are equal; sizes from nothing to more than one buffer.
    const std::size_t size = random() % 50 == 0 ? random() % 70000 : random() % 40;
    std::string bytes(size, static_cast<char>(random()));
    out.emplace_back((std::uint64_t{random()} << 32 | random()) >> (random() % 2 == 0 ? 58 : 0),
                     bytes + std::to_string(i));
  }
  return out;
}

std::vector<Item> read_all(load::ExternalSort& sort) {
  std::vector<Item> out;
  std::uint64_t key = 0;
  std::string_view bytes;
  while (sort.next(key, bytes)) out.emplace_back(key, std::string(bytes));
  return out;
}

TEST(ExternalSort, OrdersByKeyAndThenByArrivalWhateverFitsIntoMemory) {
  for (const std::size_t count : {0U, 1U, 2U, 3000U}) {
    auto wanted = items(count, 7);
    const auto given = wanted;
    std::stable_sort(wanted.begin(), wanted.end(),
                     [](const Item& a, const Item& b) { return a.first < b.first; });
    for (const std::size_t memory :
         {std::size_t{1}, std::size_t{5000}, std::size_t{200000}, std::size_t{1} << 30}) {
      const test::TemporaryFolder folder;
      load::ExternalSort sort(folder.path(), memory);
      for (const auto& [key, bytes] : given) sort.add(key, bytes);
      sort.rewind();
      EXPECT_EQ(read_all(sort), wanted) << count << " items in " << memory << " bytes";
      sort.rewind();
      EXPECT_EQ(read_all(sort), wanted) << "when read again";
      EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "the working file has a name";
    }
  }
}

}  // namespace
