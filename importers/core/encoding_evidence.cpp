#include "importers/core/encoding_evidence.hpp"

#include <algorithm>

#include "geodata/base/text.hpp"
#include "importers/core/text_decoder.hpp"

namespace ritchi::importers {

void EncodingEvidence::add(std::string_view bytes) {
  const auto wide = [](char c) { return static_cast<unsigned char>(c) >= 0x80U; };
  if (std::none_of(bytes.begin(), bytes.end(), wide)) return;
  ++m_texts;
  if (base::is_utf8(bytes)) {
    ++m_utf8;
    m_three_bytes = m_three_bytes || std::any_of(bytes.begin(), bytes.end(), [](char c) {
                      return (static_cast<unsigned char>(c) & 0xF0U) == 0xE0U;
                    });
  }
  if (base::decode(bytes, "CP932")) ++m_cp932;
}

// Texts that are UTF-8 throughout, with characters of three bytes as kanji and kana are, are hardly ever
// anything else; half-width kana in CP932 can look like characters of two. The other way a few texts may be
// broken, as where a column's width cut a character in two, but not most.
std::string EncodingEvidence::against(const std::string& declared) const {
  std::string name = encoding_name(declared);
  if (m_texts == 0) return name;
  if (name == "CP932" && m_utf8 == m_texts && m_three_bytes) return "UTF-8";
  if (name == "UTF-8" && m_utf8 * 2 < m_texts && m_cp932 == m_texts) return "CP932";
  return name;
}

std::string EncodingEvidence::best() const {
  return m_utf8 == m_texts ? "UTF-8" : "CP932";
}

}  // namespace ritchi::importers
