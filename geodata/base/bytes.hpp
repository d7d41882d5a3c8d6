// Numbers and texts as bytes and back, for what this program writes and reads again itself on one machine.
#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "geodata/base/error.hpp"

namespace ritchi::base {

template <class Number>
requires std::is_trivially_copyable_v<Number>
void put_bytes(std::string& out, const Number& number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

inline void put_text(std::string& out, std::string_view text) {
  put_bytes(out, static_cast<std::uint32_t>(text.size()));
  out.append(text);
}

// Takes in the order in which it was put. Throws Error(damaged) where the bytes end too soon.
class ByteTaker {
 public:
  explicit ByteTaker(std::string_view bytes) : m_left(bytes) {}
  template <class Number>
  Number number() {
    Number out{};
    std::memcpy(&out, piece(sizeof out).data(), sizeof out);
    return out;
  }
  // Borrowed from the bytes.
  std::string_view text() { return piece(number<std::uint32_t>()); }

 private:
  std::string_view piece(std::size_t size) {
    if (size > m_left.size()) throw Error(ErrorKind::damaged, "bytes kept for later are cut off");
    const auto out = m_left.substr(0, size);
    m_left.remove_prefix(size);
    return out;
  }
  std::string_view m_left;
};

}  // namespace ritchi::base
