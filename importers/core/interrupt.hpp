// Lets Ctrl-C and SIGTERM end an import between two records, so that everything is cleaned up on the way out.
#pragma once
#include <csignal>

namespace ritchi::importers {

// While it lives the signals wait to be asked for; nothing global changes but this thread's mask.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;
  // Throws Error(io) when one of the signals has arrived.
  void check();

 private:
  sigset_t m_watched{};
  sigset_t m_before{};
};

}  // namespace ritchi::importers
