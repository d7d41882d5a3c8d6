// Reads numbers of either byte order from untrusted bytes and never past their end (for the geometry codecs).
#pragma once
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "geodata/base/error.hpp"
#include "geodata/geom/geometry.hpp"

namespace ritchi::geom {

static_assert(std::endian::native == std::endian::little,
              "the codecs copy little-endian doubles as they lie");

class ByteReader {
 public:
  // format: the name of what is read, for the error's text.
  ByteReader(std::span<const std::byte> bytes, const char* format) : m_bytes(bytes), m_format(format) {}

  void set_big_endian(bool big) { m_big = big; }
  std::size_t remaining() const { return m_bytes.size() - m_at; }

  [[noreturn]] void fail(const std::string& what) const {
    throw base::Error(base::ErrorKind::damaged, std::string(m_format) + ": " + what,
                      "byte " + std::to_string(m_at));
  }

  std::uint8_t u8() {
    need(1);
    return std::to_integer<std::uint8_t>(m_bytes[m_at++]);
  }
  std::uint32_t u32() { return number<std::uint32_t, std::uint32_t>(); }
  double f64() { return number<double, std::uint64_t>(); }
  float f32() { return number<float, std::uint32_t>(); }
  void skip(std::size_t size) {
    need(size);
    m_at += size;
  }

  // A count of things of at least min_size bytes each: one that cannot fit is refused before anything is
  // allocated.
  std::uint32_t count(std::size_t min_size) {
    const std::uint32_t n = u32();
    if (n > remaining() / min_size) fail("a count of " + std::to_string(n) + " exceeds the data");
    return n;
  }

  // Appends n points of 2 + extra doubles each; the extra ones (Z, M) are dropped.
  void points(std::uint32_t n, unsigned extra, std::vector<Point>& out) {
    const std::size_t stride = (2 + extra) * sizeof(double);
    if (n > remaining() / stride) fail("truncated in the coordinates");
    const std::size_t first = out.size();
    out.resize(first + n);
    if (!m_big && extra == 0) {
      if (n != 0) std::memcpy(out.data() + first, m_bytes.data() + m_at, n * stride);
      m_at += n * stride;
      return;
    }
    for (std::size_t i = first; i < out.size(); ++i) {
      out[i].x = f64();
      out[i].y = f64();
      m_at += extra * sizeof(double);
    }
  }

 private:
  void need(std::size_t size) const {
    if (size > remaining()) fail("truncated");
  }

  template <class Value, class Bits>
  Value number() {
    static_assert(sizeof(Value) == sizeof(Bits));
    need(sizeof(Bits));
    Bits bits = 0;
    if (m_big) {
      for (std::size_t i = 0; i < sizeof(Bits); ++i) {
        bits = static_cast<Bits>((bits << 8) | std::to_integer<Bits>(m_bytes[m_at + i]));
      }
    } else {
      std::memcpy(&bits, m_bytes.data() + m_at, sizeof(Bits));
    }
    m_at += sizeof(Bits);
    return std::bit_cast<Value>(bits);
  }

  std::span<const std::byte> m_bytes;
  const char* m_format;
  std::size_t m_at = 0;
  bool m_big = false;
};

}  // namespace ritchi::geom
