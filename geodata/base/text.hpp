// Text as Japanese files bring it: encodings, width folding, UTF-8 checks.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ritchi::base {

bool is_utf8(std::string_view bytes) noexcept;

// Decodes bytes of an iconv encoding ("CP932" covers Shift_JIS with NEC and IBM extensions such as ㈱) to
// UTF-8. nullopt where a byte sequence does not exist in that encoding: nothing is replaced or dropped.
std::optional<std::string> decode(std::string_view bytes, const std::string& encoding);

// The same for many texts of one encoding; used by one thread at a time.
class Decoder {
 public:
  explicit Decoder(const std::string& encoding);
  ~Decoder();
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;
  std::optional<std::string> decode(std::string_view bytes);

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

// The reverse; nullopt where a character cannot be written in the encoding.
std::optional<std::string> encode(std::string_view utf8, const std::string& encoding);

// Unicode NFKC (full-width digits and letters become half-width); for matching and parsing, never for storing
// names. Invalid UTF-8 is returned unchanged.
std::string nfkc(std::string_view utf8);

// Unicode's full case folding, composed: texts that differ by case alone become equal. Invalid UTF-8 is
// returned unchanged.
std::string case_folded(std::string_view utf8);

// Without accents, composed. The voicing marks of kana stay: they make another letter, が is not か. Invalid
// UTF-8 is returned unchanged.
std::string without_accents(std::string_view utf8);

// For the text and the quoted attributes of HTML and XML.
std::string escape_html(std::string_view text);

// Everything but letters, digits and "-._~" becomes %XX: for what is put into a link.
std::string percent_encode(std::string_view text);

// Without white space (also U+3000) at both ends.
std::string_view trim(std::string_view text) noexcept;

}  // namespace ritchi::base
