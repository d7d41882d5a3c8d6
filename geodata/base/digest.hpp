// SHA-256 (FIPS 180-4) for checksums and revisions, and a 64-bit FNV-1a for stable ids.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace ritchi::base {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::string_view bytes);
  // Adds a length-prefixed field, so that ("ab","c") and ("a","bc") differ.
  void add_field(std::string_view bytes);
  // Adds a file's content; throws Error(io).
  void add_file(const std::filesystem::path& path);
  // Either ends the digest; the object then begins anew.
  std::string hex();  // lower-case hexadecimal, 64 characters
  std::array<std::uint64_t, 4> words();

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

std::string sha256_hex(std::string_view bytes);
std::uint64_t fnv1a_64(std::string_view bytes, std::uint64_t seed = 0xcbf29ce484222325ULL) noexcept;

}  // namespace ritchi::base
