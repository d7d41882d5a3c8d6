#include "importers/synth/random.hpp"

#include "importers/synth/exact_math.hpp"

namespace ritchi::synth {
namespace {

std::uint64_t mix(std::uint64_t z) noexcept {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

constexpr std::uint64_t golden = 0x9e3779b97f4a7c15ULL;

}  // namespace

Random::Random(std::uint64_t seed, std::initializer_list<std::uint64_t> key) noexcept
    : m_state(mix(seed + golden)) {
  for (const std::uint64_t part : key) m_state = mix(m_state + golden) ^ mix(part * golden + 1);
}

std::uint64_t Random::next() noexcept {
  m_state += golden;
  return mix(m_state);
}

int Random::between(int first, int last) noexcept {
  return first + static_cast<int>(below(static_cast<std::size_t>(last - first) + 1));
}

double Random::bell() noexcept {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += real();
  return sum;
}

double Random::log_normal(double median, double sigma) noexcept {
  return median * exact_exp(sigma * bell());
}

}  // namespace ritchi::synth
