#include "importers/core/covers.hpp"

#include <string_view>

#include "geodata/base/error.hpp"
#include "importers/core/parse_area_code.hpp"

namespace ritchi::importers {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::string_view option = "--covers";

// The codes XX100 to XX199 are those of cities with wards (and of Tokyo's special wards, which 13100 stands
// for together): the wards follow their city.
void add_municipality(const std::string& code, const catalogue::Places& places, std::set<std::string>& out) {
  out.insert(code);
  const auto* city = places.present(code);
  if (city == nullptr || (city->kind != "designated_city" && city->kind != "special_wards")) return;
  for (int number = 101; number < 200; ++number) {
    const auto* ward = places.present(code.substr(0, 2) + std::to_string(number));
    if (ward == nullptr) continue;
    const bool of_city = city->kind == "designated_city"
                             ? ward->kind == "ward" && ward->name.starts_with(city->name)
                             : ward->kind == "special_ward";
    if (of_city) out.insert(ward->code);
  }
}

[[noreturn]] void refuse(const std::string& word, const std::string& why, const std::string& why_ja) {
  throw Error(ErrorKind::bad_input, "'" + word + "' " + why, std::string(option),
              "write japan, or codes of prefectures (15) and municipalities (15202) with commas between")
      .in_japanese("「" + word + "」" + why_ja,
                   "japan、または都道府県コード (15)・市区町村コード (15202) をコンマ区切りで書いてください");
}

void add_word(const std::string& word, const catalogue::Places& places, std::set<std::string>& out) {
  if (word == "japan") {
    out.insert(word);
  } else if (word.size() == 2) {
    if (places.prefecture(word) == nullptr)
      refuse(word, "is no prefecture", "という都道府県コードはありません");
    out.insert(word);
  } else {
    const auto code = parse_municipality_code(word);
    if (!code.value) refuse(word, "is neither japan nor a code", "は japan でもコードでもありません");
    if (places.present(*code.value) == nullptr)
      refuse(
          word,
          places.former(*code.value) != nullptr ? "is a municipality that is no more" : "is no municipality",
          places.former(*code.value) != nullptr ? "は廃止された市区町村です"
                                                : "という市区町村コードはありません");
    add_municipality(*code.value, places, out);
  }
}

std::string text_in(const std::vector<catalogue::Value>& values, std::size_t attribute) {
  if (attribute >= values.size()) return {};
  const auto* text = std::get_if<std::string>(&values[attribute]);
  return text == nullptr ? std::string() : *text;
}

}  // namespace

std::vector<std::string> stated_covers(const std::string& text, const catalogue::Places& places) {
  std::set<std::string> out;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    add_word(text.substr(begin, end - begin), places, out);
    begin = end + 1;
  }
  return {out.begin(), out.end()};
}

RowCovers::RowCovers(Covers covers, const catalogue::Layer& layer)
    : m_covers(covers),
      m_municipality(layer.index_of("municipality_code")),
      m_prefecture(layer.index_of("prefecture_code")) {}

void RowCovers::add(const std::vector<catalogue::Value>& values) {
  if (m_covers != Covers::prefectures && m_covers != Covers::municipalities) return;
  std::string code = text_in(values, m_municipality);
  if (m_covers == Covers::prefectures)
    code = code.empty() ? text_in(values, m_prefecture) : code.substr(0, 2);
  if (code.empty() || code == m_last) return;
  m_codes.insert(code);
  m_last = std::move(code);
}

std::vector<std::string> RowCovers::finish(const catalogue::Places& places) const {
  if (m_covers == Covers::japan) return {"japan"};
  std::set<std::string> out;
  for (const std::string& code : m_codes) {
    if (code.size() == 2 ? places.prefecture(code) == nullptr : places.present(code) == nullptr) continue;
    if (m_covers == Covers::prefectures)
      out.insert(code);
    else
      add_municipality(code, places, out);
  }
  return {out.begin(), out.end()};
}

}  // namespace ritchi::importers
