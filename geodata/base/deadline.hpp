// A point in time after which work on a request stops.
#pragma once
#include <chrono>

#include "geodata/base/error.hpp"

namespace ritchi::base {

class Deadline {
 public:
  using Clock = std::chrono::steady_clock;
  static Deadline after(std::chrono::milliseconds span) { return Deadline(Clock::now() + span); }
  static Deadline never() { return Deadline(Clock::time_point::max()); }

  bool passed() const { return m_at != Clock::time_point::max() && Clock::now() >= m_at; }
  Clock::time_point at() const { return m_at; }
  // Throws Error(timeout) when passed; loops over rows or vertices call it every few hundred steps.
  void check() const {
    if (passed())
      throw Error(ErrorKind::timeout, "the time for this request is over")
          .in_japanese("制限時間を超えました", "時間をおいて再度お試しください");
  }

 private:
  explicit Deadline(Clock::time_point at) : m_at(at) {}
  Clock::time_point m_at;
};

}  // namespace ritchi::base
