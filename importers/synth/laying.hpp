// When pipes were laid: runs of pipes of one year, 52 % of the length before fiscal 1986 (past its 40 years
// of service in fiscal 2026), the year of 7.5 % unknown.
//
// The shares are steered, not drawn, so that they hold in small networks too: a run ends when its side of the
// account is ahead by a few hundred metres.
#pragma once
#include <cstdint>

#include "importers/synth/random.hpp"

namespace ritchi::synth {

struct Laid {
  int year = 0;       // the true one
  bool known = true;  // whether the ledger has it
};

class LayingHistory {
 public:
  LayingHistory(std::uint64_t seed, std::uint64_t network) : m_random(seed, {key(Stream::laying), network}) {
    start_run();
  }
  Laid next(double length_m);

 private:
  void start_run();

  Random m_random;
  double m_old_ahead_m = 0;          // length laid before 1986, less its share
  double m_unknown_ahead_m = 0;      // length of unknown year, less its share
  double m_unknown_old_ahead_m = 0;  // of the unknown, length laid before 1986, less its share
  bool m_old = true;
  bool m_unknown = false;
  double m_old_limit_m = 300;
  double m_unknown_limit_m = 100;
  int m_year = 1970;
};

}  // namespace ritchi::synth
