#include "tileserver/http/origins.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"

namespace ritchi::http {

namespace {

using AddressBytes = std::array<std::uint8_t, 16>;

std::optional<AddressBytes> parse_address(std::string_view text, bool& is_v4) {
  const std::string terminated(text);
  AddressBytes bytes{};
  is_v4 = inet_pton(AF_INET, terminated.c_str(), bytes.data() + 12) == 1;
  if (is_v4) {
    bytes[10] = bytes[11] = 0xff;
    return bytes;
  }
  if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) return bytes;
  return std::nullopt;
}

bool consists_of(std::string_view text, std::string_view besides_letters_and_digits) noexcept {
  return std::ranges::all_of(text, [besides_letters_and_digits](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           besides_letters_and_digits.find(c) != std::string_view::npos;
  });
}

bool is_host(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 255 && consists_of(text, ".-_:[]");
}

bool is_prefix(std::string_view text) noexcept {
  return !text.empty() && text.front() == '/' && text.size() <= 1024 && !text.starts_with("//") &&
         text.find("..") == text.npos && consists_of(text, "/-._~%");
}

// Several proxies append; the last element is what the one that we trust wrote.
std::string_view last_element(const std::string* field) noexcept {
  if (!field) return {};
  const std::string_view text = *field;
  const std::size_t comma = text.rfind(',');
  return base::trim(comma == text.npos ? text : text.substr(comma + 1));
}

void remove_slashes_at_end(std::string& text) {
  while (!text.empty() && text.back() == '/') text.pop_back();
}

std::string checked_public_url(std::string_view url) {
  const auto refuse = [url] {
    return base::Error(base::ErrorKind::bad_input,
                       "the public URL must look like https://host[:port][/prefix]", std::string(url));
  };
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == url.npos) throw refuse();
  const std::string_view scheme = url.substr(0, scheme_end);
  if (scheme != "http" && scheme != "https") throw refuse();
  std::string out(url);
  remove_slashes_at_end(out);
  const std::string_view rest = std::string_view(out).substr(std::min(out.size(), scheme_end + 3));
  const std::size_t slash = rest.find('/');
  if (!is_host(rest.substr(0, slash))) throw refuse();
  if (slash != rest.npos && !is_prefix(rest.substr(slash))) throw refuse();
  return out;
}

}  // namespace

std::optional<AddressRange> AddressRange::parse(std::string_view text) {
  AddressRange range;
  const std::size_t slash = text.find('/');
  bool is_v4 = false;
  const std::optional<AddressBytes> bytes = parse_address(text.substr(0, slash), is_v4);
  if (!bytes) return std::nullopt;
  range.m_bytes = *bytes;
  if (slash == text.npos) return range;
  const std::string_view digits = text.substr(slash + 1);
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (error != std::errc{} || end != digits.data() + digits.size() || bits > (is_v4 ? 32u : 128u)) {
    return std::nullopt;
  }
  range.m_bits = is_v4 ? bits + 96 : bits;
  return range;
}

bool AddressRange::contains(std::string_view address) const {
  bool is_v4 = false;
  const std::optional<AddressBytes> bytes = parse_address(address, is_v4);
  if (!bytes) return false;
  const std::size_t whole = m_bits / 8;
  if (!std::equal(bytes->begin(), bytes->begin() + static_cast<std::ptrdiff_t>(whole), m_bytes.begin()))
    return false;
  if (m_bits % 8 == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff << (8 - m_bits % 8));
  return ((*bytes)[whole] & mask) == (m_bytes[whole] & mask);
}

Origins::Origins(std::string_view public_url, const std::vector<std::string>& trusted_proxies) {
  if (!public_url.empty()) m_public_url = checked_public_url(public_url);
  for (const std::string& text : trusted_proxies) {
    const std::optional<AddressRange> range = AddressRange::parse(text);
    if (!range) {
      throw base::Error(base::ErrorKind::bad_input, "a trusted proxy is neither an address nor a range", text,
                        "write it like 10.0.0.0/8 or 192.0.2.7");
    }
    m_trusted.push_back(*range);
  }
}

bool Origins::trusts(std::string_view address) const {
  return std::ranges::any_of(m_trusted,
                             [address](const AddressRange& range) { return range.contains(address); });
}

std::string Origins::client_of(std::string_view peer, bool trusted, const Headers& headers) const {
  if (!trusted || !headers.has("X-Forwarded-For")) return std::string(peer);
  // From the right: each trusted proxy vouches for the address before it.
  const std::string field = headers.get("X-Forwarded-For");
  std::string_view rest = field;
  std::string client(peer);
  while (!rest.empty()) {
    const std::size_t comma = rest.rfind(',');
    const std::string_view address = base::trim(comma == rest.npos ? rest : rest.substr(comma + 1));
    if (!AddressRange::parse(address) || address.find('/') != address.npos) break;
    client = address;
    if (!trusts(address) || comma == rest.npos) break;
    rest = rest.substr(0, comma);
  }
  return client;
}

std::string Origins::public_base_of(bool trusted, const Headers& headers) const {
  if (!m_public_url.empty()) return m_public_url;
  if (!trusted) return m_local_url;
  const std::string_view host = last_element(headers.find("X-Forwarded-Host"));
  if (!is_host(host)) return m_local_url;
  const std::string_view scheme = last_element(headers.find("X-Forwarded-Proto"));
  std::string base_url(scheme == "https" ? "https://" : "http://");
  base_url.append(host);
  const std::string_view prefix = last_element(headers.find("X-Forwarded-Prefix"));
  if (is_prefix(prefix)) base_url.append(prefix);
  remove_slashes_at_end(base_url);
  return base_url;
}

}  // namespace ritchi::http
