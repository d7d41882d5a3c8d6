#include "importers/core/reject_cell.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <charconv>

namespace ritchi::importers {
namespace {

using catalogue::Value;

template <class T>
bool whole_number(std::string_view text, T& out) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc() && end == text.data() + text.size();
}

bool begins_formula(std::string_view text) {
  static constexpr std::array<std::string_view, 11> signs = {"=",  "+",  "-",  "@",  "\t", "\r",
                                                             "\n", "＝", "＋", "－", "＠"};
  for (const auto sign : signs)
    if (text.starts_with(sign)) return true;
  return false;
}

bool plain_number(std::string_view text) {
  if (text.starts_with("+")) text.remove_prefix(1);
  double number = 0;
  return text.find_first_not_of("-+.0123456789eE") == std::string_view::npos && whole_number(text, number);
}

}  // namespace

char cell_type(const Value& value) {
  static constexpr char letters[] = {CellType::unknown, CellType::boolean, CellType::integer, CellType::real,
                                     CellType::text};
  struct Visitor {
    char operator()(std::monostate) const { return letters[0]; }
    char operator()(bool) const { return letters[1]; }
    char operator()(std::int64_t) const { return letters[2]; }
    char operator()(double) const { return letters[3]; }
    char operator()(const std::string&) const { return letters[4]; }
  };
  return std::visit(Visitor{}, value);
}

std::string cell_text(const Value& value) {
  struct Visitor {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(bool flag) const { return flag ? "1" : "0"; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return fmt::format("{}", number); }
    std::string operator()(const std::string& text) const { return text; }
  };
  return std::visit(Visitor{}, value);
}

Value cell_value(std::string text, char type) {
  std::int64_t integer = 0;
  double real = 0;
  if (type == CellType::integer && whole_number(text, integer)) return integer;
  if (type == CellType::real && whole_number(text, real)) return real;
  if (type == CellType::boolean && (text == "1" || text == "0")) return text == "1";
  if (type != CellType::text && text.empty()) return {};
  return text;
}

bool has_shown_bytes(std::string_view text) {
  for (auto at = text.find("\\x"); at != std::string_view::npos; at = text.find("\\x", at + 2))
    if (at + 3 < text.size() && std::isxdigit(static_cast<unsigned char>(text[at + 2])) != 0 &&
        std::isxdigit(static_cast<unsigned char>(text[at + 3])) != 0)
      return true;
  return false;
}

std::string guarded(std::string_view text) {
  const bool guard = text.starts_with("'") || (begins_formula(text) && !plain_number(text));
  return (guard ? "'" : "") + std::string(text);
}

std::string unguarded(std::string_view text) {
  if (text.starts_with("'") && (text.substr(1).starts_with("'") || begins_formula(text.substr(1))))
    text.remove_prefix(1);
  return std::string(text);
}

}  // namespace ritchi::importers
