// Lets Ctrl-C and SIGTERM end long work between two steps, so that it is left in order on the way out.
#pragma once
#include <csignal>

namespace ritchi::base {

// While it lives the signals wait to be asked for; nothing global changes but this thread's mask, which
// threads that it starts take over.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;
  // Has one of the signals arrived since it was last asked?
  bool arrived();
  // Throws Error(io) when one has; `outcome` says what that means, such as "nothing was published".
  void check(const char* outcome);

 private:
  sigset_t m_watched{};
  sigset_t m_before{};
};

}  // namespace ritchi::base
