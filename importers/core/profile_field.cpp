#include "importers/core/profile_field.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "geodata/base/error.hpp"
#include "importers/core/json_object.hpp"
#include "importers/core/parse_money.hpp"
#include "importers/core/parsed.hpp"
#include "importers/core/units.hpp"

namespace ritchi::importers {
namespace {

using base::Error;
using base::ErrorKind;
using nlohmann::json;

Parse parse_named(JsonObject& object) {
  const std::string name = object.text("parse");
  static constexpr std::pair<std::string_view, Parse> names[] = {
      {"", Parse::text},
      {"text", Parse::text},
      {"integer", Parse::integer},
      {"number", Parse::number},
      {"code", Parse::code},
      {"codes_list", Parse::codes_list},
      {"date", Parse::date},
      {"fiscal_year", Parse::fiscal_year},
      {"money_jpy", Parse::money_jpy},
      {"boolean", Parse::boolean},
      {"municipality_code", Parse::municipality_code},
      {"prefecture_code", Parse::prefecture_code},
      {"json", Parse::json}};
  for (const auto& [known, parse] : names)
    if (name == known) return parse;
  std::string all;
  for (const auto& [known, parse] : names) all += (all.empty() ? "" : ", ") + std::string(known);
  object.fail("'" + name + "' is none of " + all.substr(2), "parse");
}

std::optional<Affix> affix(JsonObject& outer, const char* key) {
  const json* value = outer.find(key);
  if (value == nullptr) return std::nullopt;
  JsonObject object(*value, outer.path(key));
  Affix out;
  out.from = object.texts("from");
  out.ends_with = object.text("ends_with");
  if (out.from.empty()) object.fail("is missing", "from");
  object.done();
  return out;
}

// Compared with folded texts of records: folded here once, not with each of them.
std::vector<std::pair<std::string, std::string>> folded_keys(
    std::vector<std::pair<std::string, std::string>> pairs) {
  for (auto& [from, to] : pairs) from = folded(from);
  return pairs;
}

std::optional<double> number_of(const std::string& text) {
  double number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Derivation> derivation(JsonObject& outer) {
  static constexpr std::pair<const char*, Derivation::Kind> kinds[] = {
      {"sum", Derivation::Kind::sum},
      {"difference", Derivation::Kind::difference},
      {"ratio", Derivation::Kind::ratio},
      {"by_code", Derivation::Kind::by_code}};
  std::optional<Derivation> out;
  for (const auto& [key, kind] : kinds) {
    const json* value = outer.find(key);
    if (value == nullptr) continue;
    if (out) outer.fail("stands beside another way to compute the attribute", key);
    out.emplace().kind = kind;
    if (kind != Derivation::Kind::by_code) {
      out->of = outer.texts(key);
      if (out->of.size() < 2 || (kind == Derivation::Kind::ratio && out->of.size() != 2))
        outer.fail(kind == Derivation::Kind::ratio ? "needs two attributes" : "needs two attributes or more",
                   key);
      continue;
    }
    JsonObject object(*value, outer.path(key));
    out->of.push_back(object.text("of", true));
    for (const auto& [code, text] : object.pairs("numbers", true)) {
      const auto number = number_of(text);
      if (!number) object.fail("leaves out a code rather than mapping it to null", "numbers");
      out->numbers.emplace_back(code, *number);
    }
    if (out->numbers.empty()) object.fail("is missing", "numbers");
    object.done();
  }
  return out;
}

YearRule year_rule(JsonObject& object, Parse parse) {
  YearRule out;
  out.serial_dates = object.flag("excel_serial");
  const json* value = object.find("two_digit_years");
  if ((out.serial_dates || value != nullptr) && parse != Parse::date && parse != Parse::fiscal_year)
    object.fail("is for dates and fiscal years", value != nullptr ? "two_digit_years" : "excel_serial");
  if (value == nullptr) return out;
  if (value->is_string()) {
    if (!set_era(out, value->get_ref<const std::string&>()))
      object.fail("is none of meiji, taisho, showa, heisei, reiwa", "two_digit_years");
    return out;
  }
  JsonObject inner(*value, object.path("two_digit_years"));
  const json* pivot = inner.find("pivot");
  if (pivot == nullptr || !pivot->is_number_integer() || *pivot < 0 || *pivot > 100)
    inner.fail("must be a whole number from 0 to 100", "pivot");
  out.pivot = *pivot;
  inner.done();
  return out;
}

// Where a column's unit is one of money, it is a scale: 千円 is 1000 yen.
void take_unit(JsonObject& object, Field& out) {
  out.unit = folded(object.text("unit"));
  if (out.unit.empty()) return;
  if (out.parse != Parse::money_jpy) {
    if (out.parse != Parse::number && out.parse != Parse::integer)
      object.fail("is for numbers and money", "unit");
    if (!is_unit(out.unit)) object.fail("'" + out.unit + "' is not known", "unit");
    return;
  }
  const auto yen = parse_money_jpy("1" + out.unit);
  if (!yen.value) object.fail("'" + out.unit + "' is no unit of money", "unit");
  out.scale = static_cast<double>(*yen.value);
  out.unit.clear();
}

Field field(const json& value, const std::string& where, bool variant) {
  JsonObject object(value, where);
  Field out;
  out.to = object.text("to", true);
  out.unset = object.flag("unset");
  if (out.unset) {
    if (!variant) object.fail("is for variants: leave the field out", "unset");
    object.done();
    return out;
  }
  out.from = object.texts("from");
  out.parse = parse_named(object);
  out.unknown = object.texts("unknown");
  const bool numeric = out.parse == Parse::number || out.parse == Parse::integer;
  out.mapping = folded_keys(object.pairs("mapping", numeric));
  out.contains = folded_keys(object.pairs("contains"));
  out.otherwise = object.text("otherwise");
  out.ends_with = folded(object.text("ends_with"));
  out.prefix = affix(object, "prefix");
  out.suffix = affix(object, "suffix");
  take_unit(object, out);
  if (const json* scale = object.find("scale")) {
    if (!scale->is_number() || scale->get<double>() <= 0) object.fail("must be a number above 0", "scale");
    if (out.scale != 1) object.fail("stands beside a unit that is a scale already", "scale");
    out.scale = *scale;
    if (out.parse == Parse::money_jpy && out.scale != std::floor(out.scale))
      object.fail("must be a whole number of yen", "scale");
  }
  if (object.find("const") != nullptr) out.constant = object.text("const");
  out.derived = derivation(object);
  out.years = year_rule(object, out.parse);
  if (!out.from.empty() && out.constant) object.fail("needs either 'from' or 'const'");
  if (out.from.empty() && !out.constant && !out.derived)
    object.fail("needs 'from', 'const' or a way to compute it (sum, difference, ratio, by_code)");
  if (out.constant && out.derived) object.fail("needs either 'const' or a way to compute it");
  object.done();
  return out;
}

}  // namespace

std::vector<Field> read_fields(JsonObject& object, bool variant) {
  std::vector<Field> out;
  std::set<std::string> names;
  object.each("fields", [&](const json& item, const std::string& where) {
    out.push_back(field(item, where, variant));
    if (!names.insert(out.back().to).second)
      throw Error(ErrorKind::bad_input, "is given twice", where + "/to");
  });
  return out;
}

}  // namespace ritchi::importers
