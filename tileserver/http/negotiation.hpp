// What a client accepts: lists with quality values (RFC 9110 §12), read leniently and within bounds.
#pragma once
#include <array>
#include <string_view>
#include <vector>

#include "tileserver/http/content_coding.hpp"
#include "tileserver/http/request.hpp"

namespace ritchi::http {

// Quality in thousandths, so that 0.333 and 0.3330 are equal and 0 is exactly "never".
struct Weighted {
  std::string_view value;                    // "text/html", "gzip", "ja-JP", "*"
  std::vector<std::string_view> parameters;  // "version=3.0", without q
  int q = 1000;
};

// At most 64 elements are read; an element that cannot be understood is skipped.
std::vector<Weighted> parse_weighted_list(std::string_view field);

// Quality per coding, indexed by Coding: 0 = must not be sent. An absent field means identity alone.
class AcceptedCodings {
 public:
  static AcceptedCodings identity_only() noexcept;
  static AcceptedCodings parse(std::string_view accept_encoding);

  int q(Coding coding) const noexcept { return m_q[static_cast<std::size_t>(coding)]; }
  bool accepts(Coding coding) const noexcept { return q(coding) > 0; }

 private:
  std::array<int, 4> m_q{};
};

AcceptedCodings accepted_codings(const Request& request);

// Empty when nothing offered is acceptable; the first offer when the field is empty.
std::string_view choose_media_type(std::string_view accept, const std::vector<std::string_view>& offers);

// "ja" or "en"; "ja" when the client prefers neither.
std::string_view choose_language(std::string_view accept_language);

}  // namespace ritchi::http
