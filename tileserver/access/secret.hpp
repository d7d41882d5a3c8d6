// Random secrets and the text of keys. A secret has 256 random bits, so that one plain SHA-256 keeps it:
// nobody can try them all, and a slow digest, meant for what people choose as passwords, would only slow
// every request.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ritchi::access {

// So many bytes from the system's generator, as base64url without padding. Throws Error(internal).
std::string random_text(std::size_t bytes);

inline constexpr std::size_t secret_bytes = 256 / 8;
inline std::string new_secret() {
  return random_text(secret_bytes);
}

// What a key is written as: ritchi_<id>_<secret>. The id is no secret; it finds the row to compare with.
struct KeyText {
  std::int64_t id = 0;
  std::string_view secret;
};
std::string write_key(std::int64_t id, std::string_view secret);
// nullopt where the text has another form. The secret is part of the text.
std::optional<KeyText> read_key(std::string_view text);

// What is stored of a secret, in hexadecimal.
std::string secret_digest(std::string_view secret);
// In a time that does not depend on where they differ.
bool is_same_digest(std::string_view a, std::string_view b) noexcept;

}  // namespace ritchi::access
