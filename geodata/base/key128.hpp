// 128-bit keys of contents, made with SipHash-2-4-128: short enough to compare at once, too long to meet by
// chance.
#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ritchi::base {

struct Key128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  friend auto operator<=>(const Key128&, const Key128&) = default;
};

// The same on every machine. A key of several parts is a chain: keyed(keyed({}, "a"), "b"), which differs
// from that of ("ab", "") and of ("b", "a").
Key128 keyed(const Key128& by, std::string_view bytes) noexcept;
Key128 keyed(const Key128& by, std::uint64_t number) noexcept;

// The bits of a key are as good as random: any of them will do for a table.
struct Key128Hash {
  std::size_t operator()(const Key128& key) const noexcept { return static_cast<std::size_t>(key.low); }
};

}  // namespace ritchi::base
