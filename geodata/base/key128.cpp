#include "geodata/base/key128.hpp"

#include <bit>

namespace ritchi::base {
namespace {

// SipHash (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012) with 2 and 4 rounds and 128 bits of
// output.
class SipHash {
 public:
  explicit SipHash(const Key128& key) noexcept
      : m_v0(0x736f6d6570736575ULL ^ key.low),
        m_v1(0x646f72616e646f6dULL ^ key.high ^ 0xeeU),
        m_v2(0x6c7967656e657261ULL ^ key.low),
        m_v3(0x7465646279746573ULL ^ key.high) {}

  void add(std::uint64_t word) noexcept {
    m_v3 ^= word;
    rounds(2);
    m_v0 ^= word;
  }

  Key128 end() noexcept {
    Key128 out;
    m_v2 ^= 0xeeU;
    rounds(4);
    out.low = m_v0 ^ m_v1 ^ m_v2 ^ m_v3;
    m_v1 ^= 0xddU;
    rounds(4);
    out.high = m_v0 ^ m_v1 ^ m_v2 ^ m_v3;
    return out;
  }

 private:
  void rounds(int count) noexcept {
    for (int i = 0; i < count; ++i) {
      m_v0 += m_v1;
      m_v1 = std::rotl(m_v1, 13) ^ m_v0;
      m_v0 = std::rotl(m_v0, 32);
      m_v2 += m_v3;
      m_v3 = std::rotl(m_v3, 16) ^ m_v2;
      m_v0 += m_v3;
      m_v3 = std::rotl(m_v3, 21) ^ m_v0;
      m_v2 += m_v1;
      m_v1 = std::rotl(m_v1, 17) ^ m_v2;
      m_v2 = std::rotl(m_v2, 32);
    }
  }

  std::uint64_t m_v0;
  std::uint64_t m_v1;
  std::uint64_t m_v2;
  std::uint64_t m_v3;
};

// Up to eight bytes as a little-endian number.
std::uint64_t number_of(std::string_view bytes) noexcept {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    out |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  return out;
}

}  // namespace

Key128 keyed(const Key128& by, std::string_view bytes) noexcept {
  SipHash hash(by);
  const std::uint64_t length = bytes.size();
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) hash.add(number_of(bytes.substr(0, 8)));
  hash.add(length << 56U | number_of(bytes));
  return hash.end();
}

Key128 keyed(const Key128& by, std::uint64_t number) noexcept {
  SipHash hash(by);
  hash.add(number);
  hash.add(std::uint64_t{8} << 56U);
  return hash.end();
}

}  // namespace ritchi::base
