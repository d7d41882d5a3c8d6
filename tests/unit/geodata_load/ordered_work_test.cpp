// Results come in the order of the items, failures when their turn comes, and nothing hangs.
#include "geodata/load/ordered_work.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

namespace ritchi::load {
namespace {

// Uneven work, so that later items are often done first.
std::string spelled(int number) {
  std::string out = std::to_string(number);
  for (int i = 0; i < number * 7919 % 5000; ++i) out = std::to_string(number);
  return out;
}

TEST(OrderedWork, KeepsTheOrderWithAnyNumberOfThreads) {
  for (const unsigned threads : {1U, 2U, 7U}) {
    std::vector<std::string> got;
    std::vector<std::atomic<int>> used(threads);
    OrderedWork<int, std::string> work(
        threads,
        [&](int& number, unsigned worker) {
          ++used.at(worker);
          return spelled(number);
        },
        [&](std::string& text) { got.push_back(text); });
    std::vector<std::string> expected;
    for (int i = 0; i < 500; ++i) {
      work.put(i);
      expected.push_back(std::to_string(i));
    }
    work.finish();
    EXPECT_EQ(got, expected);
    int all = 0;
    for (const auto& count : used) all += count;
    EXPECT_EQ(all, 500);
  }
}

TEST(OrderedWork, AFailureComesAfterAllThatWasBeforeIt) {
  std::vector<int> got;
  OrderedWork<int, int> work(
      3,
      [](int& number, unsigned) {
        if (number == 40) throw std::runtime_error("forty");
        return number;
      },
      [&](int& number) { got.push_back(number); });
  EXPECT_THROW(
      {
        for (int i = 0; i < 100; ++i) work.put(i);
        work.finish();
      },
      std::runtime_error);
  ASSERT_EQ(got.size(), 40U);
  for (int i = 0; i < 40; ++i) EXPECT_EQ(got[static_cast<std::size_t>(i)], i);
}

TEST(OrderedWork, AFailingSinkEndsTheWork) {
  int taken = 0;
  {
    OrderedWork<int, int> work(
        2, [](int& number, unsigned) { return number; },
        [&](int&) {
          if (++taken == 5) throw std::runtime_error("enough");
        });
    EXPECT_THROW(
        {
          for (int i = 0; i < 100; ++i) work.put(i);
          work.finish();
        },
        std::runtime_error);
  }
  EXPECT_EQ(taken, 5);
}

TEST(OrderedWork, ThatIsGivenUpEnds) {
  for (int round = 0; round < 50; ++round) {
    OrderedWork<int, std::string> work(
        4, [](int& number, unsigned) { return spelled(number); }, [](std::string&) {});
    for (int i = 0; i < round % 10; ++i) work.put(i);
  }
}

}  // namespace
}  // namespace ritchi::load
