// Sine, cosine and exponential made of + - * / alone, so that every processor gives the same last digit.
//
// libm's do not: the C library picks a fused-multiply-add variant where the processor has one.
#pragma once

namespace ritchi::synth {

constexpr double pi = 3.14159265358979323846;

struct SinCos {
  double sine;
  double cosine;
};

SinCos exact_sincos(double radians) noexcept;  // |radians| < 1e4, error below 1e-15
double exact_exp(double x) noexcept;           // |x| < 500, relative error below 1e-15

}  // namespace ritchi::synth
