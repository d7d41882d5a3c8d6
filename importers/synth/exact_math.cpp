#include "importers/synth/exact_math.hpp"

#include <cmath>

namespace ritchi::synth {

SinCos exact_sincos(double radians) noexcept {
  // pi/2 in two parts: the first has so few digits that its product with a small integer is exact.
  constexpr double half_pi_high = 1.57079632673412561417e+00;
  constexpr double half_pi_low = 6.07710050650619224932e-11;
  const double turns = std::floor(radians / (pi / 2) + 0.5);
  const double x = (radians - turns * half_pi_high) - turns * half_pi_low;
  const double xx = x * x;
  double sine = 0;
  double cosine = 0;
  for (int n = 10; n >= 1; --n) {
    sine = -xx / ((2.0 * n) * (2.0 * n + 1)) * (1 + sine);
    cosine = -xx / ((2.0 * n - 1) * (2.0 * n)) * (1 + cosine);
  }
  sine = x * (1 + sine);
  cosine = 1 + cosine;
  switch (static_cast<long>(turns) & 3) {
    case 0:
      return {sine, cosine};
    case 1:
      return {cosine, -sine};
    case 2:
      return {-sine, -cosine};
    default:
      return {-cosine, sine};
  }
}

double exact_exp(double x) noexcept {
  constexpr double ln2_high = 6.93147180369123816490e-01;
  constexpr double ln2_low = 1.90821492927058770002e-10;
  const double power = std::floor(x / (ln2_high + ln2_low) + 0.5);
  const double rest = (x - power * ln2_high) - power * ln2_low;
  double sum = 0;
  for (int n = 18; n >= 1; --n) sum = rest / n * (1 + sum);
  return std::ldexp(1 + sum, static_cast<int>(power));
}

}  // namespace ritchi::synth
