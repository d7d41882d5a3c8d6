#include "tileserver/access/secret.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"

namespace ritchi::access {
namespace {

constexpr std::string_view prefix = "ritchi_";
constexpr std::size_t secret_length = (secret_bytes * 8 + 5) / 6;

bool is_base64url(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

}  // namespace

std::string random_text(std::size_t bytes) {
  std::vector<unsigned char> raw(bytes);
  if (RAND_bytes(raw.data(), static_cast<int>(raw.size())) != 1)
    throw base::Error(base::ErrorKind::internal, "the system gives no random bytes");
  std::vector<unsigned char> coded(4 * ((bytes + 2) / 3) + 1);
  const int size = EVP_EncodeBlock(coded.data(), raw.data(), static_cast<int>(raw.size()));
  std::string out(coded.begin(), coded.begin() + size);
  OPENSSL_cleanse(raw.data(), raw.size());
  OPENSSL_cleanse(coded.data(), coded.size());
  out.erase(std::min(out.find('='), out.size()));
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

std::string write_key(std::int64_t id, std::string_view secret) {
  return std::string(prefix) + std::to_string(id) + "_" + std::string(secret);
}

std::optional<KeyText> read_key(std::string_view text) {
  if (!text.starts_with(prefix)) return std::nullopt;
  text.remove_prefix(prefix.size());
  KeyText out;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out.id);
  if (failed != std::errc{} || out.id <= 0 || text.front() == '0') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.size() != 1 + secret_length || text.front() != '_') return std::nullopt;
  out.secret = text.substr(1);
  if (!std::all_of(out.secret.begin(), out.secret.end(), is_base64url)) return std::nullopt;
  return out;
}

std::string secret_digest(std::string_view secret) {
  return base::sha256_hex(secret);
}

bool is_same_digest(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace ritchi::access
