// Numbers, money, dates and codes in the forms in which real ledgers have them.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "importers/core/parse_area_code.hpp"
#include "importers/core/parse_date.hpp"
#include "importers/core/parse_money.hpp"
#include "importers/core/parse_number.hpp"

namespace ritchi::importers {
namespace {

// Prints what went wrong together with the text.
template <class T>
void expect(const char* text, const Parsed<T>& got, const T& wanted) {
  ASSERT_TRUE(got.value.has_value()) << "'" << text << "': " << (got.failed() ? got.error.en : "unknown");
  EXPECT_EQ(*got.value, wanted) << "'" << text << "'";
}
template <class T>
void expect_unknown(const char* text, const Parsed<T>& got) {
  EXPECT_TRUE(got.unknown()) << "'" << text << "' " << got.error;
}
template <class T>
void expect_fault(const char* text, const Parsed<T>& got) {
  EXPECT_TRUE(got.failed()) << "'" << text << "'";
}

TEST(ParseNumber, ReadsTheFormsOfLedgers) {
  const std::vector<std::tuple<const char*, const char*, double>> table = {{"1234.5", "", 1234.5},
                                                                           {"１２３４．５", "", 1234.5},
                                                                           {"1,234,567", "", 1234567},
                                                                           {"▲1,000", "", -1000},
                                                                           {"△5", "", -5},
                                                                           {"－3.5", "", -3.5},
                                                                           {"9,827(㎡)", "m2", 9827},
                                                                           {"9,827（㎡）", "m2", 9827},
                                                                           {"9,827㎡", "ha", 0.9827},
                                                                           {"1.5ha", "m2", 15000},
                                                                           {"800%", "%", 800},
                                                                           {"８００％", "%", 800},
                                                                           {"300mm", "mm", 300},
                                                                           {"0.3 m", "mm", 300},
                                                                           {"30cm", "mm", 300},
                                                                           {"  12.0 ", "", 12},
                                                                           {"2.5km", "km", 2.5},
                                                                           {"2500m", "km", 2.5},
                                                                           {"348.600", "", 348.6},
                                                                           {"1e3", "", 1000},
                                                                           {"1.5E-2", "", 0.015},
                                                                           {"12,000円/㎡", "JPY/m2", 12000},
                                                                           {"66kV", "kV", 66},
                                                                           {"6600V", "kV", 6.6},
                                                                           {".5", "", 0.5},
                                                                           {"1,200m3/日", "m3/day", 1200},
                                                                           {"25社", "", 25},
                                                                           {"+7", "", 7}};
  for (const auto& [text, unit, wanted] : table) expect(text, parse_number(text, unit), wanted);
}

TEST(ParseNumber, ConvertsTheUnitsOfTables) {
  const std::vector<std::tuple<const char*, const char*, double>> table = {{"12,500kW", "MW", 12.5},
                                                                           {"12.5ＭＷ", "kW", 12500},
                                                                           {"400000円/㎡", "JPY/m2", 400000},
                                                                           {"400円/坪", "JPY/m2", 121},
                                                                           {"12万円/坪", "JPY/m2", 36300},
                                                                           {"121円/m2", "円/坪", 400},
                                                                           {"121坪", "m2", 400},
                                                                           {"1坪", "m2", 400.0 / 121},
                                                                           {"45.5円/m3", "JPY/m3", 45.5},
                                                                           {"２３円／㎥", "JPY/m3", 23},
                                                                           {"1.2千m3/日", "m3/day", 1200},
                                                                           {"11.65万m3/日", "m3/day", 116500},
                                                                           {"365m3/年", "m3/day", 1},
                                                                           {"3,650千m3/年", "m3/day", 10000},
                                                                           {"10 m3 / h", "m3/day", 240},
                                                                           {"2km2", "ha", 200},
                                                                           {"2㌶", "a", 200},
                                                                           {"25mm", "cm", 2.5},
                                                                           {"1.2億円", "JPY", 120'000'000},
                                                                           {"▲3千円", "JPY", -3000},
                                                                           {"３百万円", "JPY", 3'000'000},
                                                                           {"2千人", "", 2000},
                                                                           {"▲3", "%", -3}};
  for (const auto& [text, unit, wanted] : table) {
    const auto got = parse_number(text, unit);
    ASSERT_TRUE(got.value.has_value()) << text << ": " << got.error;
    EXPECT_DOUBLE_EQ(*got.value, wanted) << text;
  }
  expect_fault("3MVA as MW", parse_number("3MVA", "MW"));
  expect_fault("m3 a month", parse_number("3m3/月", "m3/day"));
  expect_fault("yen a tsubo as yen", parse_number("3円/坪", "JPY"));
  expect_fault("10千", parse_number("10千", "m"));
}

TEST(ParseNumber, UnknownIsNotZero) {
  for (const char* text : {"", " ", "　", "-", "－", "―", "不明", "未定", "…", "***"})
    expect_unknown(text, parse_number(text, ""));
  expect("0", parse_number("0", ""), 0.0);
}

TEST(ParseNumber, RefusesWhatIsNoNumber) {
  for (const char* text :
       {"abc", "1,23", "12,34,567", "1234,567", "1.2.3", "約", "12 34", "1,", "3〜5", "--5"})
    expect_fault(text, parse_number(text, ""));
  expect_fault("5ha as mm", parse_number("5ha", "mm"));
  expect_fault("5 furlong", parse_number("5 furlong", "m"));
  expect_fault("5m without unit", parse_number("5m", ""));
}

TEST(ParseInteger, NeverCutsAFraction) {
  expect<std::int64_t>("12.0", parse_integer("12.0"), 12);
  expect_fault("12.5", parse_integer("12.5"));
  expect_fault("1e17", parse_integer("1e17"));
}

TEST(ParseMoney, ReadsTheFormsOfPapers) {
  const std::vector<std::pair<const char*, std::int64_t>> table = {{"1億2,000万円", 120'000'000},
                                                                   {"14,502千円", 14'502'000},
                                                                   {"１億２，０００万円", 120'000'000},
                                                                   {"2.5億円", 250'000'000},
                                                                   {"3百万円", 3'000'000},
                                                                   {"1億2千5百万円", 125'000'000},
                                                                   {"2千万円", 20'000'000},
                                                                   {"1兆2,345億6,789万円", 1'234'567'890'000},
                                                                   {"500円", 500},
                                                                   {"500", 500},
                                                                   {"¥1,234", 1234},
                                                                   {"▲1,000円", -1000},
                                                                   {"約46億円", 4'600'000'000},
                                                                   {"0", 0},
                                                                   {"0.25億円", 25'000'000},
                                                                   {"1億円", 100'000'000},
                                                                   {"100百万円", 100'000'000},
                                                                   {"57,505千円", 57'505'000}};
  for (const auto& [text, wanted] : table) expect(text, parse_money_jpy(text), wanted);
  expect<std::int64_t>("14,502 in thousands", parse_money_jpy("14,502", 1000), 14'502'000);
  expect<std::int64_t>("500円 in thousands", parse_money_jpy("500円", 1000), 500);
  expect<std::int64_t>("yen in millions", parse_money_jpy("20240401000000円", 1'000'000), 20'240'401'000'000);
  expect<std::int64_t>("2億円 in thousands", parse_money_jpy("2億円", 1000), 200'000'000);
}

TEST(ParseMoney, IsExactOrAFault) {
  // 0.1 has no exact binary form: floating point would give 29999999.999…
  expect<std::int64_t>("0.3億円", parse_money_jpy("0.3億円"), 30'000'000);
  expect<std::int64_t>("large", parse_money_jpy("9,007,199,254,740,993円"), 9'007'199'254'740'993);
  for (const char* text : {"1.5円", "0.00005万円", "99999999999999兆円", "万円", "億", "1億2億円", "1万2億円",
                           "1,2円", "12ドル", "abc", "1億円くらい"})
    expect_fault(text, parse_money_jpy(text));
  for (const char* text : {"", "-", "―", "不明", "未定"}) expect_unknown(text, parse_money_jpy(text));
}

TEST(ParseFiscalYear, ReadsErasAndYears) {
  const std::vector<std::pair<const char*, std::int64_t>> table = {{"1975", 1975},
                                                                   {"１９７５", 1975},
                                                                   {"1975年度", 1975},
                                                                   {"1975年", 1975},
                                                                   {"昭和48年度", 1973},
                                                                   {"昭和４８年度", 1973},
                                                                   {"S48", 1973},
                                                                   {"s48", 1973},
                                                                   {"S.48", 1973},
                                                                   {"H7", 1995},
                                                                   {"平成7", 1995},
                                                                   {"平成元年度", 1989},
                                                                   {"R元", 2019},
                                                                   {"令和6年", 2024},
                                                                   {"R6", 2024},
                                                                   {"大正15", 1926},
                                                                   {"昭和48年3月", 1972},
                                                                   {"昭和48年4月", 1973},
                                                                   {"S48.3", 1972},
                                                                   {"1975-03-31", 1974},
                                                                   {"1975/4/1", 1975},
                                                                   {"昭和48年3月31日", 1972},
                                                                   {"平成 7 年度", 1995},
                                                                   {"昭和元年", 1926},
                                                                   {"昭48", 1973},
                                                                   {"令6年度", 2024},
                                                                   {"㍻7", 1995},
                                                                   {"H31.4.1", 2019},
                                                                   {"令和6年1月1日", 2023},
                                                                   {"2024-03-31", 2023},
                                                                   {"2024/4/1", 2024},
                                                                   {"20240331", 2023},
                                                                   {"20240401", 2024},
                                                                   {"S480331", 1972}};
  for (const auto& [text, wanted] : table) expect(text, parse_fiscal_year(text), wanted);
}

TEST(ParseFiscalYear, KnowsTheMarksForUnknown) {
  for (const char* text : {"", "0", "1", "0001", "0000", "999", "9999", "不明", "-"})
    expect_unknown(text, parse_fiscal_year(text));
}

TEST(ParseFiscalYear, RefusesWhatCouldMeanAnything) {
  for (const char* text :
       {"48", "75", "昭和65", "平成32", "昭和0年", "197", "12345", "abc", "昭和", "1975年13月"})
    expect_fault(text, parse_fiscal_year(text));
}

TEST(ParseFiscalYear, ReadsTwoDigitsOnlyByADeclaredRule) {
  const auto refused = parse_fiscal_year("48");
  EXPECT_NE(refused.error.en.find("two_digit_years"), std::string::npos) << refused.error;
  YearRule showa;
  ASSERT_TRUE(set_era(showa, "showa"));
  expect<std::int64_t>("48", parse_fiscal_year("48", showa), 1973);
  expect<std::int64_t>("01", parse_fiscal_year("01", showa), 1926);
  expect<std::int64_t>("48年度", parse_fiscal_year("48年度", showa), 1973);
  expect<std::int64_t>("48.3", parse_fiscal_year("48.3", showa), 1972);
  expect<std::int64_t>("H7 under showa", parse_fiscal_year("H7", showa), 1995);
  expect<std::int64_t>("1980 under showa", parse_fiscal_year("1980", showa), 1980);
  expect_fault("70 under showa", parse_fiscal_year("70", showa));
  for (const char* text : {"0", "00", "0001", "9999", ""})
    expect_unknown(text, parse_fiscal_year(text, showa));
  YearRule pivot;
  pivot.pivot = 30;
  expect<std::int64_t>("29", parse_fiscal_year("29", pivot), 2029);
  expect<std::int64_t>("30", parse_fiscal_year("30", pivot), 1930);
  expect<std::int64_t>("00", parse_fiscal_year("00", pivot), 2000);
  expect_unknown("0", parse_fiscal_year("0", pivot));
  expect_fault("197", parse_fiscal_year("197", pivot));
  YearRule none;
  EXPECT_FALSE(set_era(none, "edo"));
}

TEST(ParseDate, ReadsSerialsOnlyWhereDeclared) {
  YearRule rule;
  rule.serial_dates = true;
  expect<std::string>("45383", parse_date("45383", rule), "2024-04-01");
  expect<std::string>("45383.75", parse_date("45383.75", rule), "2024-04-01");
  expect<std::string>("４５３８３", parse_date("４５３８３", rule), "2024-04-01");
  expect<std::string>("36526", parse_date("36526", rule), "2000-01-01");
  expect<std::string>("date", parse_date("2024-04-01", rule), "2024-04-01");
  expect<std::string>("compact", parse_date("20240401", rule), "2024-04-01");
  expect<std::int64_t>("31 March", parse_fiscal_year("45382", rule), 2023);
  expect<std::int64_t>("year", parse_fiscal_year("1975", rule), 1975);
  expect_fault("undeclared", parse_date("45383"));
  expect_fault("undeclared year", parse_fiscal_year("45383"));
  expect_fault("too small", parse_date("1975", rule));
}

TEST(ParseDate, ReadsBothCalendars) {
  const std::vector<std::pair<const char*, std::string>> table = {
      {"2024-04-01", "2024-04-01"},       {"2024/4/1", "2024-04-01"},
      {"20240401", "2024-04-01"},         {"令和6年4月1日", "2024-04-01"},
      {"令和６年４月１日", "2024-04-01"}, {"R6.4.1", "2024-04-01"},
      {"令和元年5月1日", "2019-05-01"},   {"平成31年4月30日", "2019-04-30"},
      {"2024年2月29日", "2024-02-29"},    {"2024-04-01T09:30:00", "2024-04-01"},
      {"昭和64年1月7日", "1989-01-07"},   {"令和6年4月1日(月)", "2024-04-01"},
      {"H31.4.1", "2019-04-01"},          {"R060401", "2024-04-01"},
      {"昭48.4.1", "1973-04-01"},         {"令和6年1月1日", "2024-01-01"}};
  for (const auto& [text, wanted] : table) expect(text, parse_date(text), wanted);
  for (const char* text : {"", "不明", "0001-01-01", "9999-12-31"}) expect_unknown(text, parse_date(text));
  for (const char* text : {"2023-02-29", "2024-13-01", "2024-04", "令和6年", "6.4.1", "20241301", "R061301",
                           "2024-04-31", "abc", "令和6年4月"})
    expect_fault(text, parse_date(text));
}

TEST(ParseMunicipalityCode, ChecksTheSixthDigit) {
  // Real pairs: Nagaoka, Sapporo, Tokyo's Chiyoda, Tsukuba.
  const std::vector<std::pair<const char*, std::string>> table = {
      {"15202", "15202"},  {"152021", "15202"}, {"011002", "01100"},     {"131016", "13101"},
      {"082201", "08220"}, {"1100", "01100"},   {"１５２０２", "15202"}, {"14209", "14209"}};
  for (const auto& [text, wanted] : table) expect(text, parse_municipality_code(text), wanted);
  for (const char* text : {"", "-", "0", "00000"}) expect_unknown(text, parse_municipality_code(text));
  for (const char* text :
       {"152022", "48201", "00201", "15000", "15999", "152", "1520211", "長岡市", "15-202"})
    expect_fault(text, parse_municipality_code(text));
}

TEST(ParsePrefectureCode, TakesWhatMunicipalityCodesBeginWith) {
  const std::vector<std::pair<const char*, std::string>> table = {
      {"15", "15"}, {"5", "05"}, {"15202", "15"}, {"150002", "15"}, {"1100", "01"}};
  for (const auto& [text, wanted] : table) expect(text, parse_prefecture_code(text), wanted);
  for (const char* text : {"48", "99", "150003", "x"}) expect_fault(text, parse_prefecture_code(text));
}

TEST(ParseBoolean, KnowsJapaneseMarks) {
  for (const char* yes : {"1", "true", "有", "○", "YES"}) expect(yes, parse_boolean(yes), true);
  for (const char* no : {"0", "False", "無", "×"}) expect(no, parse_boolean(no), false);
  expect_unknown("", parse_boolean(""));
  expect_fault("maybe", parse_boolean("maybe"));
}

}  // namespace
}  // namespace ritchi::importers
