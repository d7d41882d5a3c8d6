// The few pieces of protobuf's wire format that a vector tile is made of, appended to and read from strings.
//
// Source: protobuf.dev/programming-guides/encoding. Generated code is used where tiles are read as messages
// (mvt_reader); here bytes that were encoded once per feature are put into many tiles.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "geodata/base/error.hpp"

namespace ritchi::tiling {

enum class WireType : std::uint32_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

inline void put_varint(std::string& out, std::uint64_t value) {
  char buffer[10];
  std::size_t size = 0;
  while (value >= 0x80) {
    buffer[size++] = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  buffer[size++] = static_cast<char>(value);
  out.append(buffer, size);
}

constexpr std::uint32_t zigzag(std::int32_t value) {
  return (static_cast<std::uint32_t>(value) << 1U) ^ static_cast<std::uint32_t>(value >> 31);
}
constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int32_t unzigzag(std::uint32_t value) {
  return static_cast<std::int32_t>(value >> 1U) ^ -static_cast<std::int32_t>(value & 1U);
}

inline void put_key(std::string& out, std::uint32_t field, WireType type) {
  put_varint(out, (field << 3U) | static_cast<std::uint32_t>(type));
}
inline void put_bytes_field(std::string& out, std::uint32_t field, std::string_view bytes) {
  put_key(out, field, WireType::bytes);
  put_varint(out, bytes.size());
  out.append(bytes);
}
inline void put_varint_field(std::string& out, std::uint32_t field, std::uint64_t value) {
  put_key(out, field, WireType::varint);
  put_varint(out, value);
}

constexpr std::size_t varint_size(std::uint64_t value) {
  std::size_t out = 1;
  while (value >= 0x80) {
    value >>= 7;
    ++out;
  }
  return out;
}

// Takes pieces off the front. Throws Error(damaged) where the bytes end too soon.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : m_left(bytes) {}
  bool at_end() const { return m_left.empty(); }
  std::uint64_t varint() {
    std::uint64_t out = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (m_left.empty()) fail();
      const auto byte = static_cast<unsigned char>(m_left.front());
      m_left.remove_prefix(1);
      out |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if (byte < 0x80) return out;
    }
    fail();
  }
  std::string_view bytes(std::uint64_t size) {
    if (size > m_left.size()) fail();
    const auto out = m_left.substr(0, static_cast<std::size_t>(size));
    m_left.remove_prefix(static_cast<std::size_t>(size));
    return out;
  }

 private:
  [[noreturn]] static void fail() {
    throw base::Error(base::ErrorKind::damaged, "the bytes of a tile are cut off");
  }
  std::string_view m_left;
};

}  // namespace ritchi::tiling
