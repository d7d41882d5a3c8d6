#include "importers/core/text_decoder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "geodata/base/text.hpp"

namespace ritchi::importers {

std::string encoding_name(std::string_view given) {
  std::string name(base::trim(given));
  std::string plain;
  for (const char c : name)
    if (c != '-' && c != '_' && c != ' ')
      plain += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  if (plain == "UTF8" || plain == "65001") return "UTF-8";
  if (plain == "SJIS" || plain == "SHIFTJIS" || plain == "CP932" || plain == "932" || plain == "MS932" ||
      plain == "WINDOWS31J" || plain == "ANSI932" || plain == "WINDOWS932" || plain == "XSJIS")
    return "CP932";
  return name;
}

TextDecoder::TextDecoder(const std::string& encoding)
    : m_encoding(encoding_name(encoding)), m_decoder(m_encoding) {}

std::optional<std::string> TextDecoder::decode(std::string_view bytes) {
  if (std::all_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
    return std::string(bytes);
  return m_decoder.decode(bytes);
}

std::string printable(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F)
      out += c;
    else
      out += fmt::format("\\x{:02X}", byte);
  }
  return out;
}

}  // namespace ritchi::importers
