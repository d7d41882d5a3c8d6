// What was done to a value on its way from the source, beside looking up codes: counted, so that nobody need
// wonder why a figure is not the one in the file.
#pragma once
#include <array>
#include <cstdint>

namespace ritchi::importers {

enum class Step : std::uint8_t { width, unit, scale, era, two_digit_year, serial_date };

inline constexpr std::array<const char*, 6> step_names = {"width", "unit",           "scale",
                                                          "era",   "two_digit_year", "serial_date"};

// A set of steps.
class Steps {
 public:
  void add(Step step) { m_bits = static_cast<std::uint8_t>(m_bits | bit(step)); }
  bool has(Step step) const { return (m_bits & bit(step)) != 0; }
  bool empty() const { return m_bits == 0; }

 private:
  static std::uint8_t bit(Step step) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(step)); }
  std::uint8_t m_bits = 0;
};

}  // namespace ritchi::importers
