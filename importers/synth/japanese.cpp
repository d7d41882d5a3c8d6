#include "importers/synth/japanese.hpp"

#include <fmt/format.h>

namespace ritchi::synth {
namespace {

struct Era {
  const char* name;
  char letter;
  int first;
};

// By fiscal years and, near enough for invented days, by calendar years: 2019 counts from May, 1989 from
// January.
Era era_of(int year, int month) {
  if (year > 2019 || (year == 2019 && month >= 5)) return {"令和", 'R', 2019};
  if (year >= 1989) return {"平成", 'H', 1989};
  return {"昭和", 'S', 1926};
}

std::string era_count(const Era& era, int year) {
  if (year == era.first) return "元";
  return std::to_string(year - era.first + 1);
}

}  // namespace

std::string iso(Day day) {
  return fmt::format("{}-{:02}-{:02}", day.year, day.month, day.day);
}

std::string era_date(Day day) {
  const Era era = era_of(day.year, day.month);
  return fmt::format("{}{}年{}月{}日", era.name, era_count(era, day.year), day.month, day.day);
}

// A fiscal year is named after the era in force at its start in April: fiscal 2019 is 平成31年度.
std::string era_year(int fiscal_year) {
  const Era era = era_of(fiscal_year, 4);
  return fmt::format("{}{}年度", era.name, era_count(era, fiscal_year));
}

std::string era_letter_year(int fiscal_year) {
  const Era era = era_of(fiscal_year, 4);
  return fmt::format("{}{}", era.letter, fiscal_year - era.first + 1);
}

std::string wide_digits(std::string_view text) {
  std::string wide;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      wide += "\xEF\xBC";
      wide += static_cast<char>(0x90 + (c - '0'));
    } else if (c == '.') {
      wide += "．";
    } else if (c == ',') {
      wide += "，";
    } else {
      wide += c;
    }
  }
  return wide;
}

std::string with_commas(std::int64_t value) {
  std::string digits = std::to_string(value);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  return digits;
}

std::string money(std::int64_t yen, Random& random) {
  constexpr std::int64_t man = 10000;
  constexpr std::int64_t oku = man * man;
  if (yen < 0) return "▲" + money(-yen, random);
  const int form = random.between(0, 9);
  if (form < 4 || yen == 0) return std::to_string(yen);
  if (form == 4 && yen >= oku && yen % (oku / 100) == 0) {
    std::string text = fmt::format("{}.{:02}", yen / oku, yen % oku / (oku / 100));
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text + "億円";
  }
  if (form < 6 && yen % man == 0) {
    std::string text;
    if (yen >= oku) text += with_commas(yen / oku) + "億";
    if (yen % oku != 0) text += with_commas(yen % oku / man) + "万";
    return text + "円";
  }
  if (form < 8 && yen % 1000 == 0) return with_commas(yen / 1000) + "千円";
  if (form == 8) return with_commas(yen) + "円";
  return wide_digits(std::to_string(yen));
}

std::string mixed_date(Day day, Random& random) {
  return random.chance(0.33) ? iso(day) : era_date(day);
}

std::string company_name(Random& random) {
  static constexpr const char* stems[] = {"精機", "化学工業", "半導体", "電子", "製作所",
                                          "食品", "金属",     "素材",   "鍛造", "物流"};
  static constexpr const char* fronts[] = {"", "", "", "越後", "北陸", "𠮷田", "髙橋", "ヱビナ", "テスト"};
  const char* front = random.pick(fronts);
  const std::string core = fmt::format("{}架空{}", front, random.pick(stems));
  switch (random.between(0, 3)) {
    case 0:
      return fmt::format("㈱{}", core);
    case 1:
      return core + "㈱";
    case 2:
      return fmt::format("株式会社{}", core);
    default:
      return core + "株式会社";
  }
}

std::string place_name(Random& random) {
  static constexpr const char* fronts[] = {"上", "下", "東", "西", "南", "北", "中", "新", "大", "小"};
  static constexpr const char* backs[] = {"川原", "新田", "島", "沢", "野", "原", "田", "谷内", "ケ丘", "浦"};
  static constexpr const char* ends[] = {"", "", "町"};
  return std::string(random.pick(fronts)) + random.pick(backs) + random.pick(ends);
}

}  // namespace ritchi::synth
