#include "importers/core/units.hpp"

#include <array>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>

namespace ritchi::importers {
namespace {

enum class Dimension {
  length,
  area,
  flow,
  voltage,
  power,
  share,
  money_per_area,
  money_per_volume,
  count,
  money
};

// Each as a fraction of whole numbers, so that conversions there and back are exact where they can be.
struct Unit {
  std::string_view name;
  Dimension dimension;
  std::int64_t up = 1;
  std::int64_t down = 1;
};

// 坪 is 400/121 m2 (3.305785…) by the law on measures. A year of water is 365 days, as in the yearly tables
// of waterworks; a month has no fixed length and is no unit here.
constexpr Unit units[] = {
    {"mm", Dimension::length, 1, 1000},
    {"cm", Dimension::length, 1, 100},
    {"m", Dimension::length},
    {"km", Dimension::length, 1000},
    {"メートル", Dimension::length},
    {"ミリ", Dimension::length, 1, 1000},
    {"ミリメートル", Dimension::length, 1, 1000},
    {"センチ", Dimension::length, 1, 100},
    {"キロ", Dimension::length, 1000},
    {"キロメートル", Dimension::length, 1000},
    {"m2", Dimension::area},
    {"平方メートル", Dimension::area},
    {"平米", Dimension::area},
    {"坪", Dimension::area, 400, 121},
    {"a", Dimension::area, 100},
    {"アール", Dimension::area, 100},
    {"ha", Dimension::area, 10'000},
    {"ヘクタール", Dimension::area, 10'000},
    {"km2", Dimension::area, 1'000'000},
    {"平方キロメートル", Dimension::area, 1'000'000},
    {"m3/day", Dimension::flow},
    {"m3/d", Dimension::flow},
    {"m3/日", Dimension::flow},
    {"立方メートル/日", Dimension::flow},
    {"m3/h", Dimension::flow, 24},
    {"m3/時", Dimension::flow, 24},
    {"m3/年", Dimension::flow, 1, 365},
    {"m3/year", Dimension::flow, 1, 365},
    {"kV", Dimension::voltage},
    {"KV", Dimension::voltage},
    {"kv", Dimension::voltage},
    {"V", Dimension::voltage, 1, 1000},
    {"W", Dimension::power, 1, 1000},
    {"kW", Dimension::power},
    {"KW", Dimension::power},
    {"kw", Dimension::power},
    {"キロワット", Dimension::power},
    {"MW", Dimension::power, 1000},
    {"メガワット", Dimension::power, 1000},
    {"GW", Dimension::power, 1'000'000},
    {"%", Dimension::share},
    {"パーセント", Dimension::share},
    {"JPY/m2", Dimension::money_per_area},
    {"円/m2", Dimension::money_per_area},
    {"円/平方メートル", Dimension::money_per_area},
    {"円/坪", Dimension::money_per_area, 121, 400},
    {"JPY/m3", Dimension::money_per_volume},
    {"円/m3", Dimension::money_per_volume},
    {"円/立方メートル", Dimension::money_per_volume},
    {"社", Dimension::count},
    {"人", Dimension::count},
    {"名", Dimension::count},
    {"件", Dimension::count},
    {"箇所", Dimension::count},
    {"か所", Dimension::count},
    {"ヶ所", Dimension::count},
    {"カ所", Dimension::count},
    {"year", Dimension::count},
    {"年", Dimension::count},
    {"JPY", Dimension::money},
    {"円", Dimension::money},
};

struct Multiple {
  std::string_view name;
  std::int64_t factor;
};
constexpr std::array<Multiple, 4> multiples = {
    {{"百万", 1'000'000}, {"億", 100'000'000}, {"万", 10'000}, {"千", 1000}}};

std::optional<Unit> find_unit(std::string_view name) {
  for (const auto& unit : units)
    if (unit.name == name) return unit;
  for (const auto& multiple : multiples) {
    if (!name.starts_with(multiple.name)) continue;
    const auto rest = name.substr(multiple.name.size());
    for (const auto& unit : units)
      if (unit.name == rest) return Unit{name, unit.dimension, unit.up * multiple.factor, unit.down};
  }
  return std::nullopt;
}

}  // namespace

bool is_unit(std::string_view name) {
  return find_unit(name).has_value();
}

bool changes(std::string_view from_unit, std::string_view wanted_unit) {
  if (from_unit.empty() || from_unit == wanted_unit) return false;
  const auto from = find_unit(from_unit);
  const auto to = find_unit(wanted_unit);
  return from && to && from->up * to->down != from->down * to->up;
}

Parsed<double> convert(double number, std::string_view from_unit, std::string_view wanted_unit) {
  if (from_unit.empty() || from_unit == wanted_unit) return Parsed<double>::of(number);
  const auto from = find_unit(from_unit);
  if (!from)
    return Parsed<double>::fault({"the unit '" + std::string(from_unit) + "' is not known",
                                  "単位「" + std::string(from_unit) + "」は知られていません"});
  if (wanted_unit.empty()) {
    if (from->dimension != Dimension::count)
      return Parsed<double>::fault({"has the unit '" + std::string(from_unit) + "' where none is expected",
                                    "単位のない項目に単位「" + std::string(from_unit) + "」が付いています"});
    return Parsed<double>::of(number * static_cast<double>(from->up));
  }
  const auto to = find_unit(wanted_unit);
  if (!to || to->dimension != from->dimension)
    return Parsed<double>::fault(
        {"is in '" + std::string(from_unit) + "', which is no measure of " + std::string(wanted_unit),
         "単位「" + std::string(from_unit) + "」は「" + std::string(wanted_unit) + "」に換算できません"});
  // In lowest terms one of the two is mostly 1, and then there is one rounding.
  std::int64_t up = from->up * to->down;
  std::int64_t down = from->down * to->up;
  const auto common = std::gcd(up, down);
  up /= common;
  down /= common;
  if (down == 1) return Parsed<double>::of(number * static_cast<double>(up));
  return Parsed<double>::of(number * static_cast<double>(up) / static_cast<double>(down));
}

}  // namespace ritchi::importers
