// What fuzz targets have in common: an invariant that does not hold ends the run, and bytes become a file.
#pragma once
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace ritchi::fuzz {

inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "invariant does not hold: %s\n", what);
  std::abort();
}

// Bytes as a file that has a name, for readers that open their input by name; in memory only.
class NamedBytes {
 public:
  explicit NamedBytes(std::string_view bytes) : m_file(::memfd_create("fuzz", 0)) {
    while (m_file >= 0 && !bytes.empty()) {
      const auto written = ::write(m_file, bytes.data(), bytes.size());
      if (written <= 0) break;
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    require(m_file >= 0 && bytes.empty(), "the input can be held in memory");
  }
  ~NamedBytes() { ::close(m_file); }
  NamedBytes(const NamedBytes&) = delete;
  NamedBytes& operator=(const NamedBytes&) = delete;
  std::string name() const { return "/proc/self/fd/" + std::to_string(m_file); }

 private:
  int m_file;
};

// The input in parts: bytes that choose, and the rest as text.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : m_rest(reinterpret_cast<const char*>(data), size) {}
  std::size_t choice(std::size_t of) {
    if (m_rest.empty() || of == 0) return 0;
    std::size_t number = static_cast<unsigned char>(m_rest.front());
    m_rest.remove_prefix(1);
    if (of > 256 && !m_rest.empty()) {
      number = number << 8 | static_cast<unsigned char>(m_rest.front());
      m_rest.remove_prefix(1);
    }
    return number % of;
  }
  std::string_view rest() const { return m_rest; }

 private:
  std::string_view m_rest;
};

}  // namespace ritchi::fuzz
