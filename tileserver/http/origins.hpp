// Who asks and under which address we are known: X-Forwarded-* count only when a trusted proxy sends them.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tileserver/http/headers.hpp"

namespace ritchi::http {

// IPv4 addresses are kept as ::ffff:a.b.c.d, so that one comparison serves both.
class AddressRange {
 public:
  // "10.0.0.0/8", "::1", "192.0.2.7"; nullopt for anything else.
  static std::optional<AddressRange> parse(std::string_view text);
  bool contains(std::string_view address) const;

 private:
  std::array<std::uint8_t, 16> m_bytes{};
  unsigned m_bits = 128;
};

class Origins {
 public:
  // Throws Error(bad_input) for a URL or range that cannot be understood.
  Origins(std::string_view public_url, const std::vector<std::string>& trusted_proxies);

  // Where links point without a public URL or a trusted proxy; known once the port is.
  void set_local_url(std::string url) { m_local_url = std::move(url); }
  const std::string& local_url() const noexcept { return m_local_url; }

  bool trusts(std::string_view address) const;
  // peer: the address at the other end of the socket; trusted: trusts(peer), asked once per connection.
  std::string client_of(std::string_view peer, bool trusted, const Headers& headers) const;
  std::string public_base_of(bool trusted, const Headers& headers) const;

 private:
  std::string m_public_url;
  std::string m_local_url;
  std::vector<AddressRange> m_trusted;
};

}  // namespace ritchi::http
