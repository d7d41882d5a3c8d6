#include "importers/core/parsed.hpp"

#include <array>

#include "geodata/base/text.hpp"

namespace ritchi::importers {

std::string folded(std::string_view text) {
  const std::string wide = base::nfkc(base::trim(text));
  return std::string(base::trim(wide));
}

bool says_unknown(std::string_view folded_text) {
  // NFKC has already turned the full-width forms of these into the ones written here.
  static constexpr std::array<std::string_view, 16> tokens = {
      "", "-", "--", "―", "—", "–", "ー", "−", "‐", "...", "***", "不明", "未定", "不詳", "null", "NULL"};
  for (const auto token : tokens)
    if (folded_text == token) return true;
  return false;
}

}  // namespace ritchi::importers
