// Which encoding a table's texts are really in, where what is written beside them may be wrong.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace ritchi::importers {

class EncodingEvidence {
 public:
  void add(std::string_view bytes);

  // "UTF-8" or "CP932" where the texts prove the declared one of these two wrong, otherwise the declared.
  std::string against(const std::string& declared) const;
  // "UTF-8" or "CP932" where nothing is declared.
  std::string best() const;

 private:
  std::size_t m_texts = 0;  // that are not ASCII alone
  std::size_t m_utf8 = 0;
  std::size_t m_cp932 = 0;
  bool m_three_bytes = false;
};

}  // namespace ritchi::importers
