#include "geodata/base/text.hpp"

#include <iconv.h>
#include <utf8proc.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>

#include "geodata/base/error.hpp"

namespace ritchi::base {
namespace {

class Converter {
 public:
  Converter(const std::string& to, const std::string& from) : m_handle(iconv_open(to.c_str(), from.c_str())) {
    if (m_handle == reinterpret_cast<iconv_t>(-1))
      throw Error(ErrorKind::bad_input, "unknown text encoding '" + (to == "UTF-8" ? from : to) + "'",
                  "--encoding", "use a name that `iconv -l` lists, such as CP932 or UTF-8");
  }
  ~Converter() { iconv_close(m_handle); }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  std::optional<std::string> run(std::string_view bytes) {
    std::string out(bytes.size() * 4 + 16, '\0');
    iconv(m_handle, nullptr, nullptr, nullptr, nullptr);  // forgets where a text before broke off
    char* in = const_cast<char*>(bytes.data());  // iconv's interface is not const, but it does not write here
    std::size_t in_left = bytes.size();
    char* to = out.data();
    std::size_t out_left = out.size();
    if (iconv(m_handle, &in, &in_left, &to, &out_left) == static_cast<std::size_t>(-1)) return std::nullopt;
    if (iconv(m_handle, nullptr, nullptr, &to, &out_left) == static_cast<std::size_t>(-1))
      return std::nullopt;
    out.resize(out.size() - out_left);
    return out;
  }

 private:
  iconv_t m_handle;
};

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Unchanged where it is not UTF-8.
std::string mapped(std::string_view utf8, int options) {
  utf8proc_uint8_t* out = nullptr;
  const auto size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()),
                   static_cast<utf8proc_ssize_t>(utf8.size()), &out, static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(out, &std::free);
  if (size < 0) return std::string(utf8);
  return {reinterpret_cast<const char*>(out), static_cast<std::size_t>(size)};
}

}  // namespace

bool is_utf8(std::string_view bytes) noexcept {
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(bytes.data());
  auto left = static_cast<utf8proc_ssize_t>(bytes.size());
  while (left > 0) {
    utf8proc_int32_t code = 0;
    const auto step = utf8proc_iterate(at, left, &code);
    if (step <= 0) return false;
    at += step;
    left -= step;
  }
  return true;
}

struct Decoder::State {
  std::optional<Converter> converter;  // none for UTF-8, which is only checked
};

Decoder::Decoder(const std::string& encoding) : m_state(std::make_unique<State>()) {
  if (encoding != "UTF-8") m_state->converter.emplace("UTF-8", encoding);
}
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;

std::optional<std::string> Decoder::decode(std::string_view bytes) {
  if (m_state->converter) return m_state->converter->run(bytes);
  return is_utf8(bytes) ? std::optional<std::string>(bytes) : std::nullopt;
}

std::optional<std::string> decode(std::string_view bytes, const std::string& encoding) {
  return Decoder(encoding).decode(bytes);
}

std::optional<std::string> encode(std::string_view utf8, const std::string& encoding) {
  return Converter(encoding, "UTF-8").run(utf8);
}

std::string nfkc(std::string_view utf8) {
  if (is_ascii(utf8)) return std::string(utf8);  // what ASCII folds to, and most values are ASCII
  return mapped(utf8, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
}

std::string case_folded(std::string_view utf8) {
  return mapped(utf8, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
}

std::string without_accents(std::string_view utf8) {
  if (is_ascii(utf8) || !is_utf8(utf8)) return std::string(utf8);
  const std::string apart = mapped(utf8, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
  constexpr utf8proc_int32_t voiced = 0x3099, half_voiced = 0x309A;
  std::string kept;
  for (std::size_t at = 0; at < apart.size();) {
    utf8proc_int32_t code = 0;
    const auto step = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(apart.data()) + at,
                                       static_cast<utf8proc_ssize_t>(apart.size() - at), &code);
    const bool mark = utf8proc_category(code) == UTF8PROC_CATEGORY_MN;
    if (!mark || code == voiced || code == half_voiced)
      kept.append(apart, at, static_cast<std::size_t>(step));
    at += static_cast<std::size_t>(step);
  }
  return mapped(kept, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += hex[byte >> 4];
      out += hex[byte & 15];
    }
  }
  return out;
}

std::string_view trim(std::string_view text) noexcept {
  constexpr std::string_view wide = "\xE3\x80\x80";
  const auto is_blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  for (bool changed = true; changed && !text.empty();) {
    changed = false;
    if (is_blank(text.front()))
      text.remove_prefix(1), changed = true;
    else if (text.starts_with(wide))
      text.remove_prefix(wide.size()), changed = true;
    if (text.empty()) break;
    if (is_blank(text.back()))
      text.remove_suffix(1), changed = true;
    else if (text.ends_with(wide))
      text.remove_suffix(wide.size()), changed = true;
  }
  return text;
}

}  // namespace ritchi::base
