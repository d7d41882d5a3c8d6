#include "geodata/base/digest.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <fstream>

#include "geodata/base/error.hpp"

namespace ritchi::base {

struct Sha256::State {
  struct Free {
    void operator()(EVP_MD_CTX* used) const { EVP_MD_CTX_free(used); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};

  void begin() const {
    if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1)
      throw Error(ErrorKind::internal, "SHA-256 is not available");
  }
  std::array<unsigned char, 32> end() const {
    std::array<unsigned char, 32> out{};
    unsigned int size = 0;
    EVP_DigestFinal_ex(context.get(), out.data(), &size);
    begin();
    return out;
  }
};

Sha256::Sha256() : m_state(std::make_unique<State>()) {
  m_state->begin();
}
Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
  EVP_DigestUpdate(m_state->context.get(), bytes.data(), bytes.size());
}

void Sha256::add_field(std::string_view bytes) {
  add(std::to_string(bytes.size()));
  add(":");
  add(bytes);
}

void Sha256::add_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in)
    throw Error(ErrorKind::io, "cannot be read", path.string(), "check that it exists and its permissions");
  std::array<char, 1 << 16> buffer{};
  while (in) {
    in.read(buffer.data(), buffer.size());
    add({buffer.data(), static_cast<std::size_t>(in.gcount())});
  }
  if (in.bad()) throw Error(ErrorKind::io, "reading failed", path.string());
}

std::string Sha256::hex() {
  std::string text;
  for (const unsigned char byte : m_state->end()) text += fmt::format("{:02x}", byte);
  return text;
}

std::array<std::uint64_t, 4> Sha256::words() {
  std::array<std::uint64_t, 4> out{};
  const auto bytes = m_state->end();
  for (std::size_t i = 0; i < bytes.size(); ++i) out[i / 8] = out[i / 8] << 8U | bytes[i];
  return out;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 digest;
  digest.add(bytes);
  return digest.hex();
}

std::uint64_t fnv1a_64(std::string_view bytes, std::uint64_t seed) noexcept {
  std::uint64_t hash = seed;
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  return hash;
}

}  // namespace ritchi::base
