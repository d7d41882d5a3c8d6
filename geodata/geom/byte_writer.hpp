// Appends little-endian numbers to a string (for the geometry codecs).
#pragma once
#include <bit>
#include <cstdint>
#include <string>

#include "geodata/geom/geometry.hpp"

namespace ritchi::geom {

static_assert(std::endian::native == std::endian::little,
              "the codecs copy little-endian doubles as they lie");

class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : m_out(out) {}

  void u8(std::uint8_t value) { m_out.push_back(static_cast<char>(value)); }
  void u32(std::size_t value) { raw(static_cast<std::uint32_t>(value)); }
  void i32(std::int32_t value) { raw(value); }
  void f64(double value) { raw(value); }
  void points(const Point* first, std::size_t n) {
    m_out.append(reinterpret_cast<const char*>(first), n * sizeof(Point));
  }

 private:
  template <class Value>
  void raw(Value value) {
    m_out.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }

  std::string& m_out;
};

}  // namespace ritchi::geom
