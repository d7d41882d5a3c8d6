#include "tileserver/analysis/process_inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "geodata/filter/instant.hpp"

namespace ritchi::analysis {

using base::Error;
using base::ErrorKind;
using nlohmann::json;

base::Error bad_question(const std::string& message, const std::string& where, const std::string& remedy,
                         const std::string& message_ja, const std::string& remedy_ja) {
  return Error(ErrorKind::bad_input, message, where, remedy).in_japanese(message_ja, remedy_ja);
}

namespace {

Error wrong_kind(const std::string& where, const char* wanted, const char* wanted_ja) {
  return bad_question(fmt::format("this must be {}", wanted), where, "",
                      fmt::format("{}を指定してください", wanted_ja), "");
}

// Builds the document and knows at each step where in it it is.
class StrictReader : public json::json_sax_t {
 public:
  StrictReader(std::string where, const JsonLimits& limits) : m_where(std::move(where)), m_limits(limits) {}

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override {
    check_size(static_cast<double>(value), largest_whole_number);
    return add(value);
  }
  bool number_unsigned(number_unsigned_t value) override {
    check_size(static_cast<double>(value), largest_whole_number);
    return add(value);
  }
  bool number_float(number_float_t value, const string_t&) override {
    check_size(value);
    return add(value);
  }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    Level& level = m_levels.back();
    level.key = name;
    if (level.value->contains(name))
      throw bad_question("the key is there twice", here(), "keep one of the two", "キーが重複しています",
                         "どちらか一つにしてください");
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& fault) override {
    if (fault.id == 406) throw out_of_range();  // the library's own number of "1e999"
    if (std::string_view(fault.what()).find("UTF-8") != std::string_view::npos)
      throw bad_question(fmt::format("the text is not UTF-8 (near byte {})", position), here(),
                         "send it in UTF-8", fmt::format("UTF-8 ではありません（{} バイト付近）", position),
                         "UTF-8 で送ってください");
    throw bad_question(fmt::format("this is not JSON (near byte {})", position), here(),
                       "NaN, Infinity, comments and trailing commas are no JSON either",
                       fmt::format("JSON として読めません（{} バイト付近）", position),
                       "NaN・Infinity・コメント・末尾のカンマは使えません");
  }

  json take() { return std::move(m_root); }

 private:
  struct Level {
    json* value;
    std::string key;  // of an object: the member at hand
  };

  std::string here() const {
    std::string out = m_where;
    const auto step = [&out](const std::string& name) { out += (out.empty() ? "" : "/") + name; };
    for (const Level& level : m_levels) {
      if (level.value->is_array())
        step(std::to_string(level.value->size() - (&level == &m_levels.back() ? 0 : 1)));
      else if (!level.key.empty())
        step(level.key);
    }
    return out;
  }

  Error out_of_range() const {
    return bad_question("the number is too large to mean anything", here(),
                        fmt::format("numbers lie between -{0:.0e} and {0:.0e}", largest_number),
                        "数値が大きすぎます",
                        fmt::format("-{0:.0e} から {0:.0e} までの数値を指定してください", largest_number));
  }

  void check_size(double value, double largest = largest_number) const {
    if (!std::isfinite(value) || std::abs(value) > largest) throw out_of_range();
  }

  json* place(json value) {
    if (++m_values > m_limits.values)
      throw Error(ErrorKind::too_large, fmt::format("more than {} values", m_limits.values), here())
          .in_japanese(fmt::format("値が多すぎます（{} 個まで）", m_limits.values));
    if (m_levels.empty()) {
      m_root = std::move(value);
      return &m_root;
    }
    const Level& level = m_levels.back();
    if (level.value->is_array()) {
      level.value->push_back(std::move(value));
      return &level.value->back();
    }
    json& member = (*level.value)[level.key];
    member = std::move(value);
    return &member;
  }

  bool add(json value) {
    place(std::move(value));
    return true;
  }

  bool open(json value) {
    if (m_levels.size() == m_limits.depth)
      throw Error(ErrorKind::too_large, fmt::format("nested more than {} deep", m_limits.depth), here())
          .in_japanese(fmt::format("入れ子が深すぎます（{} 段まで）", m_limits.depth));
    json* placed = place(std::move(value));
    m_levels.push_back({placed, {}});
    return true;
  }

  bool close() {
    m_levels.pop_back();
    return true;
  }

  std::string m_where;
  JsonLimits m_limits;
  json m_root;
  std::vector<Level> m_levels;
  std::size_t m_values = 0;
};

std::size_t distance_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (const char from : a) {
    std::size_t before = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = before + (from == b[j] ? 0 : 1);
      before = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

json parse_strictly(std::string_view text, const std::string& where, const JsonLimits& limits) {
  StrictReader reader(where, limits);
  json::sax_parse(text.begin(), text.end(), &reader);
  return reader.take();
}

InputObject::InputObject(const json& object, std::string where)
    : m_object(object), m_where(std::move(where)) {
  if (!object.is_object()) throw wrong_kind(m_where, "an object", "オブジェクト");
}

const json* InputObject::find(std::string_view member) const {
  const auto found = m_object.find(member);
  return found == m_object.end() || found->is_null() ? nullptr : &*found;
}

std::optional<double> InputObject::number(std::string_view member) const {
  const json* found = find(member);
  if (found == nullptr) return std::nullopt;
  if (!found->is_number()) throw wrong_kind(where(member), "a number", "数値");
  return found->get<double>();
}

std::optional<std::int64_t> InputObject::whole_number(std::string_view member, std::int64_t least,
                                                      std::int64_t most) const {
  const json* found = find(member);
  if (found == nullptr) return std::nullopt;
  if (!found->is_number_integer()) throw wrong_kind(where(member), "a whole number", "整数");
  const auto value = found->get<std::int64_t>();
  if (value < least || value > most)
    throw bad_question(fmt::format("{} is not between {} and {}", value, least, most), where(member), "",
                       fmt::format("{} から {} までの整数を指定してください", least, most), "");
  return value;
}

std::optional<bool> InputObject::truth(std::string_view member) const {
  const json* found = find(member);
  if (found == nullptr) return std::nullopt;
  if (!found->is_boolean()) throw wrong_kind(where(member), "true or false", "true か false ");
  return found->get<bool>();
}

std::optional<std::string> InputObject::text(std::string_view member) const {
  const json* found = find(member);
  if (found == nullptr) return std::nullopt;
  if (!found->is_string()) throw wrong_kind(where(member), "a text", "文字列");
  return found->get<std::string>();
}

void InputObject::allow_only(std::initializer_list<std::string_view> members) const {
  for (const auto& [name, value] : m_object.items()) {
    if (std::find(members.begin(), members.end(), name) != members.end()) continue;
    const std::string known = fmt::format("{}", fmt::join(members, ", "));
    throw bad_question(fmt::format("there is no '{}' here", name), where(name), "known are: " + known,
                       fmt::format("「{}」という項目はありません", name), "使える項目: " + known);
  }
}

std::vector<std::string> nearest_names(std::string_view name, const std::vector<std::string>& names) {
  constexpr std::size_t most = 5;
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const std::string& each : names) {
    const bool inside =
        name.size() > 2 && (each.find(name) != std::string::npos || name.find(each) != std::string::npos);
    ranked.emplace_back(inside ? 1 : distance_between(name, each), each);
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<std::string> out;
  for (const auto& [distance, each] : ranked)
    if (out.size() < most && distance <= std::max<std::size_t>(2, name.size() / 2)) out.push_back(each);
  return out;
}

std::string checked_date(const std::string& text, const std::string& where) {
  if (!filter::parse_day(text))
    throw bad_question(fmt::format("'{}' is no day", text), where, "write it as 2026-04-01",
                       fmt::format("「{}」は日付ではありません", text), "2026-04-01 の形で指定してください");
  return text;
}

}  // namespace ritchi::analysis
