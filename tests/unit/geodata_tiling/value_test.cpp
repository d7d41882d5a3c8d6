// Values come out of a tile as they went in, in the shortest form that can hold them.
#include "geodata/tiling/value.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "geodata/base/error.hpp"
#include "geodata/tiling/wire.hpp"
#include "tests/unit/support/decoded_tile.hpp"

namespace ritchi::tiling {
namespace {

wire::Tile::Value read(const std::string& bytes) {
  wire::Tile::Value out;
  EXPECT_TRUE(out.ParseFromString(bytes));
  return out;
}

void expect_exact(double number) {
  const std::string bytes = encode_value(store::ValueView{number});
  const double back = std::get<double>(test::value_in(read(bytes)));
  EXPECT_EQ(std::bit_cast<std::uint64_t>(back), std::bit_cast<std::uint64_t>(number)) << number;
  EXPECT_EQ(number_in(bytes), number);
  EXPECT_LE(bytes.size(), 9U) << number;
  if (static_cast<double>(static_cast<float>(number)) == number) {
    EXPECT_LE(bytes.size(), 5U) << number;
  }
}

TEST(Value, RealNumbersAreExactAtEveryLimitOfTheirForms) {
  for (const double number : {0.0, -0.0, 1.0, -1.0, 0.1, -0.1, 1e300, -1e-300, 5e-324, 3.4028234663852886e38,
                              3.4028235677973366e38, 1e39, 9007199254740991.0, 9007199254740992.0,
                              9007199254740994.0, 18446744073709551615.0, -9223372036854775808.0})
    expect_exact(number);
  for (int power = 0; power < 70; ++power)
    for (const double by : {-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5}) {
      expect_exact(std::ldexp(1.0, power) + by);
      expect_exact(-std::ldexp(1.0, power) + by);
    }
  std::mt19937_64 random(3);
  for (int i = 0; i < 20000; ++i) {
    const double number = std::bit_cast<double>(random());
    if (std::isfinite(number)) expect_exact(number);
  }
}

TEST(Value, WhatIsNoNumberIsUnknown) {
  for (const double number :
       {std::nan(""), std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()})
    EXPECT_EQ(encode_value(store::ValueView{number}), "");
  EXPECT_EQ(encode_value(store::ValueView{}), "");
  EXPECT_EQ(number_in(""), std::nullopt);
  EXPECT_EQ(number_in(encode_value(store::ValueView{std::string_view("7")})), std::nullopt);
  EXPECT_EQ(number_in(encode_value(store::ValueView{true})), std::nullopt);
}

TEST(Value, WholeNumbersOf64BitsAreExact) {
  for (const std::int64_t whole :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::max(),
        std::numeric_limits<std::int64_t>::min(), (std::int64_t{1} << 53) + 1,
        -(std::int64_t{1} << 53) - 1}) {
    const auto value = read(encode_value(store::ValueView{whole}));
    EXPECT_EQ(value.has_uint_value() ? static_cast<std::int64_t>(value.uint_value()) : value.sint_value(),
              whole);
  }
}

TEST(Value, TextsAndTruthsAreTold) {
  EXPECT_EQ(read(encode_value(store::ValueView{std::string_view("髙﨑")})).string_value(), "髙﨑");
  EXPECT_TRUE(read(encode_value(store::ValueView{std::string_view("")})).has_string_value());
  EXPECT_TRUE(read(encode_value(store::ValueView{false})).has_bool_value());
  EXPECT_TRUE(read(encode_value(store::ValueView{true})).bool_value());
}

TEST(Value, AListCutOffAnywhereIsAnErrorOrShorter) {
  std::string list;
  for (const auto* text : {"a", "", "long enough to matter"})
    put_value(list, encode_value(store::ValueView{std::string_view(text)}));
  ValueList values;
  take_values(list, values);
  EXPECT_EQ(values.size(), 3U);
  for (std::size_t size = 0; size < list.size(); ++size) {
    try {
      take_values(std::string_view(list).substr(0, size), values);
      EXPECT_LT(values.size(), 3U);
    } catch (const base::Error& error) {
      EXPECT_EQ(error.kind(), base::ErrorKind::damaged);
    }
  }
}

TEST(Value, ACountIsWholeAndNotNegative) {
  EXPECT_EQ(count_in(""), 1);
  EXPECT_EQ(count_in(encode_value(store::ValueView{std::int64_t{7}})), 7);
  for (const double wrong : {-1.0, 0.5, 1e300, 9007199254740994.0})
    EXPECT_THROW(count_in(encode_value(store::ValueView{wrong})), base::Error) << wrong;
}

}  // namespace
}  // namespace ritchi::tiling
