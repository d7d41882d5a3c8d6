#include "importers/core/parse_area_code.hpp"

#include <algorithm>

namespace ritchi::importers {
namespace {

using Code = Parsed<std::string>;

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_prefecture(std::string_view two) {
  return two >= "01" && two <= "47";
}

}  // namespace

Parsed<std::string> parse_municipality_code(std::string_view text) {
  std::string code = folded(text);
  if (says_unknown(code)) return Code::nothing();
  if (!all_digits(code))
    return Code::fault({"is not a municipality code (5 digits, or 6 with the check digit)",
                        "市区町村コード（5 桁、または検査数字付きの 6 桁）ではありません"});
  if (code == "0" || code == "00000" || code == "000000") return Code::nothing();
  if (code.size() == 4) code.insert(code.begin(), '0');
  if (code.size() == 6) {
    if (check_digit(code) != code[5])
      return Code::fault(
          {std::string("has the check digit ") + code[5] + " where " + check_digit(code) + " is due",
           std::string("検査数字が ") + code[5] + " ですが、正しくは " + check_digit(code) + " です"});
    code.resize(5);
  }
  if (code.size() != 5)
    return Code::fault({"is not a municipality code (5 digits, or 6 with the check digit)",
                        "市区町村コード（5 桁、または検査数字付きの 6 桁）ではありません"});
  const std::string_view city = std::string_view(code).substr(2);
  if (!is_prefecture(std::string_view(code).substr(0, 2)) || city < "100" || city > "799")
    return Code::fault({"is a municipality code that does not exist", "存在しない市区町村コードです"});
  return Code::of(std::move(code));
}

Parsed<std::string> parse_prefecture_code(std::string_view text) {
  std::string code = folded(text);
  if (says_unknown(code)) return Code::nothing();
  if (!all_digits(code) || code.size() > 6)
    return Code::fault({"is not a prefecture code (01 to 47)", "都道府県コード（01〜47）ではありません"});
  if (code.size() == 1 || code.size() == 4) code.insert(code.begin(), '0');
  if (code.size() == 6 && check_digit(code) != code[5])
    return Code::fault({"has a wrong check digit", "検査数字が正しくありません"});
  code.resize(std::min<std::size_t>(code.size(), 2));
  if (code == "00") return Code::nothing();
  if (!is_prefecture(code))
    return Code::fault({"is not a prefecture code (01 to 47)", "都道府県コード（01〜47）ではありません"});
  return Code::of(std::move(code));
}

Parsed<bool> parse_boolean(std::string_view text) {
  std::string word = folded(text);
  std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) {
    return c < 128 ? static_cast<char>(std::tolower(c)) : static_cast<char>(c);
  });
  for (const std::string_view yes : {"1", "true", "t", "yes", "y", "有", "あり", "○", "◯", "はい"})
    if (word == yes) return Parsed<bool>::of(true);
  for (const std::string_view no : {"0", "false", "f", "no", "n", "無", "なし", "×", "いいえ"})
    if (word == no) return Parsed<bool>::of(false);
  if (says_unknown(word)) return Parsed<bool>::nothing();
  return Parsed<bool>::fault({"is neither yes nor no", "有無（はい・いいえ）のどちらでもありません"});
}

}  // namespace ritchi::importers
