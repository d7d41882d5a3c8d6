#include "tileserver/http/target.hpp"

#include <algorithm>

#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"
#include "tileserver/http/headers.hpp"

namespace ritchi::http {

namespace {

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

[[noreturn]] void refuse(const char* what, const char* what_ja, const char* where) {
  throw base::Error(base::ErrorKind::bad_input, what, where).in_japanese(what_ja);
}

bool has_control(std::string_view text, bool line_breaks_allowed) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == 0x7f) return true;
    if (c < 0x20 && !(line_breaks_allowed && (c == '\t' || c == '\n' || c == '\r'))) return true;
    // U+0080 to U+009F are control characters too.
    if (c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

// Nothing in it to decode or to refuse: so are nearly all targets.
bool is_plain(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c > 0x20 && c < 0x7f && c != '%' && c != '+'; });
}

std::string decode_checked(std::string_view text, bool is_query, const char* what) {
  if (is_plain(text)) return std::string(text);
  std::optional<std::string> decoded = percent_decode(text, is_query);
  if (!decoded)
    refuse("a percent sign is not followed by two hexadecimal digits", "% の後に 16 進数 2 桁がありません",
           what);
  if (!base::is_utf8(*decoded)) refuse("the bytes are not UTF-8", "UTF-8 ではありません", what);
  // Filters are sent with line breaks in them; nothing else in a query has a use for control characters.
  if (has_control(*decoded, is_query))
    refuse("a control character is not allowed", "制御文字は使えません", what);
  return std::move(*decoded);
}

void parse_query(std::string_view text, std::vector<std::pair<std::string, std::string>>& query) {
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), piece.size() + 1));
    if (piece.empty()) continue;
    const std::size_t equals = piece.find('=');
    const std::string_view value = equals == piece.npos ? std::string_view{} : piece.substr(equals + 1);
    query.emplace_back(decode_checked(piece.substr(0, equals), true, "query"),
                       decode_checked(value, true, "query"));
  }
}

std::string_view without_authority(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    const std::size_t path = target.find_first_of("/?", scheme.size());
    if (path == target.npos) return "/";
    if (target[path] == '?')
      refuse("a path is missing before the query", "? の前にパスがありません", "target");
    return target.substr(path);
  }
  return target;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i] == '+' && plus_is_blank ? ' ' : text[i];
    }
  }
  return out;
}

Target parse_target(std::string_view target) {
  target = without_authority(target);
  if (target.find('#') != target.npos) refuse("a request target has no fragment", "# は送れません", "target");
  Target out;
  const std::size_t mark = target.find('?');
  const std::string_view path = target.substr(0, mark);
  if (path.empty() || path.front() != '/')
    refuse("the path must begin with a slash", "パスは / で始めてください", "path");
  out.path = decode_checked(path, false, "path");
  std::string_view rest = path.substr(1);
  out.segments.reserve(static_cast<std::size_t>(std::count(path.begin(), path.end(), '/')));
  while (true) {
    const std::size_t slash = rest.find('/');
    std::string segment = decode_checked(rest.substr(0, slash), false, "path");
    // Clients resolve these before they send; here they could only be meant to climb out of a folder.
    if (segment == "." || segment == "..")
      refuse("\".\" and \"..\" are not allowed", "「.」と「..」は使えません", "path");
    out.segments.push_back(std::move(segment));
    if (slash == rest.npos) break;
    rest.remove_prefix(slash + 1);
  }
  if (out.segments.back().empty()) out.segments.pop_back();  // a slash at the end
  if (mark != target.npos) {
    out.raw_query = target.substr(mark + 1);
    parse_query(out.raw_query, out.query);
  }
  return out;
}

}  // namespace ritchi::http
