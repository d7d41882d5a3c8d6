// Turns the raw bytes of a source's texts into UTF-8, strictly: a byte that is none rejects its record.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "geodata/base/text.hpp"

namespace ritchi::importers {

class TextDecoder {
 public:
  // encoding: an iconv name; Shift_JIS and its many names are read as CP932, which has ㈱ and ① too.
  explicit TextDecoder(const std::string& encoding);

  std::optional<std::string> decode(std::string_view bytes);
  const std::string& encoding() const { return m_encoding; }

 private:
  std::string m_encoding;
  base::Decoder m_decoder;
};

// "UTF-8", "CP932" or the name as given: the many ways in which .cpg files write them.
std::string encoding_name(std::string_view given);

// Bytes as people can read them in a reject file: those that are not ASCII as \x8F.
std::string printable(std::string_view bytes);

}  // namespace ritchi::importers
