// Keys are SipHash-2-4-128 as its authors publish it, and depend on every part and its place.
#include "geodata/base/key128.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace ritchi::base {
namespace {

// The key 00 01 … 0f of the reference vectors.
constexpr Key128 reference{0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL};

TEST(Key128, EqualsTheReferenceVectors) {
  // Of the messages "", 00, 00 01 … 0e; each result is sixteen bytes, lowest first.
  EXPECT_EQ(keyed(reference, ""), (Key128{0xe6a825ba047f81a3ULL, 0x930255c71472f66dULL}));
  EXPECT_EQ(keyed(reference, std::string_view("\0", 1)),
            (Key128{0x44af996bd8c187daULL, 0x45fc229b11597634ULL}));
  std::string message;
  for (char c = 0; c < 15; ++c) message += c;
  EXPECT_EQ(keyed(reference, message), (Key128{0x11a8b03399e99354ULL, 0xd9c3cf970fec087eULL}));
}

TEST(Key128, ANumberIsItsEightBytes) {
  EXPECT_EQ(keyed(reference, std::uint64_t{0x6867666564636261ULL}), keyed(reference, "abcdefgh"));
}

TEST(Key128, DependsOnEveryPartAndItsPlace) {
  std::set<Key128> keys;
  for (const auto& [first, second] :
       {std::pair("a", "bc"), {"ab", "c"}, {"abc", ""}, {"", "abc"}, {"c", "ab"}, {"bc", "a"}})
    keys.insert(keyed(keyed({}, first), second));
  for (std::uint64_t z = 0; z < 20; ++z)
    for (std::uint64_t x = 0; x < 50; ++x) keys.insert(keyed(keyed({}, z), x));
  EXPECT_EQ(keys.size(), 6U + 1000U);
}

}  // namespace
}  // namespace ritchi::base
