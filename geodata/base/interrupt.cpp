#include "geodata/base/interrupt.hpp"

#include <ctime>

#include "geodata/base/error.hpp"

namespace ritchi::base {

InterruptWatch::InterruptWatch() {
  sigemptyset(&m_watched);
  sigaddset(&m_watched, SIGINT);
  sigaddset(&m_watched, SIGTERM);
  sigaddset(&m_watched, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &m_watched, &m_before);
}

InterruptWatch::~InterruptWatch() {
  pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
}

bool InterruptWatch::arrived() {
  const timespec now{0, 0};
  return sigtimedwait(&m_watched, nullptr, &now) > 0;
}

void InterruptWatch::check(const char* outcome) {
  if (arrived()) throw Error(ErrorKind::io, std::string("interrupted: ") + outcome);
}

}  // namespace ritchi::base
