#include "importers/synth/laying.hpp"

namespace ritchi::synth {
namespace {

constexpr double old_share = 0.52;
constexpr double unknown_share = 0.075;

int old_year(Random& random) {
  const double part = random.real();
  if (part < 0.10) return random.between(1955, 1964);
  return part < 0.85 ? random.between(1965, 1980) : random.between(1981, 1985);
}

int new_year(Random& random) {
  const double part = random.real();
  if (part < 0.55) return random.between(1986, 2000);
  return part < 0.80 ? random.between(2001, 2010) : random.between(2011, 2024);
}

}  // namespace

void LayingHistory::start_run() {
  m_year = m_old ? old_year(m_random) : new_year(m_random);
}

Laid LayingHistory::next(double length_m) {
  if (m_old ? m_old_ahead_m > m_old_limit_m : m_old_ahead_m < -m_old_limit_m) {
    m_old = !m_old;
    m_old_limit_m = m_random.between(100.0, 400.0);
    start_run();
  } else if (m_random.chance(0.15)) {
    start_run();
  }
  // Old and new pipes lose their year alike, so that the known ones keep the share of old ones.
  const bool its_turn = m_old ? m_unknown_old_ahead_m <= 0 : m_unknown_old_ahead_m >= 0;
  if (m_unknown ? m_unknown_ahead_m > 0 : its_turn && m_unknown_ahead_m < -m_unknown_limit_m) {
    m_unknown = !m_unknown;
    m_unknown_limit_m = m_random.between(50.0, 250.0);
  }
  if (m_unknown) m_unknown_old_ahead_m += length_m * ((m_old ? 1 : 0) - old_share);
  m_old_ahead_m += length_m * ((m_old ? 1 : 0) - old_share);
  m_unknown_ahead_m += length_m * ((m_unknown ? 1 : 0) - unknown_share);
  return {m_year, !m_unknown};
}

}  // namespace ritchi::synth
