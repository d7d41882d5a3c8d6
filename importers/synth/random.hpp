// Random numbers that are the same on every machine: SplitMix64 streams, each named by a seed and a key.
//
// std::mt19937 is portable, std::uniform_… and std::normal_distribution are not; so no <random> here.
#pragma once
#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace ritchi::synth {

class Random {
 public:
  // Equal seed and key give an equal stream; any other key gives an unrelated one.
  Random(std::uint64_t seed, std::initializer_list<std::uint64_t> key) noexcept;

  std::uint64_t next() noexcept;
  // 0 … count - 1; count > 0.
  std::size_t below(std::size_t count) noexcept { return static_cast<std::size_t>(next() % count); }
  int between(int first, int last) noexcept;                                      // both included
  double real() noexcept { return static_cast<double>(next() >> 11) * 0x1p-53; }  // [0, 1)
  double between(double low, double high) noexcept { return low + (high - low) * real(); }
  bool chance(double share) noexcept { return real() < share; }
  // Mean 0, deviation 1, within ±6: the sum of twelve uniform numbers, exact where log and cos are not.
  double bell() noexcept;
  double log_normal(double median, double sigma) noexcept;

  template <class Items>
  const auto& pick(const Items& items) noexcept {
    return items[below(sizeof(items) / sizeof(items[0]))];
  }

 private:
  std::uint64_t m_state;
};

// What a stream is for: the first part of its key.
enum class Stream : std::uint64_t {
  frame = 1,
  boundary,
  farmland,
  parcel,
  zone,
  plot,
  park,
  site,
  network,
  laying,
  handhole,
  zoning,
  investment,
  joint,
  relief,
  defect,
  patch,
  planning,
  flood,
  hills,
  promotion,
  soil,
  waterworks,
  substation,
  station,
  port,
  airport,
  land_price,
  cluster
};
constexpr std::uint64_t key(Stream stream) noexcept {
  return static_cast<std::uint64_t>(stream);
}

}  // namespace ritchi::synth
