#include "importers/core/interrupt.hpp"

#include <ctime>

#include "geodata/base/error.hpp"

namespace ritchi::importers {

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

void InterruptWatch::check() {
  const timespec now{0, 0};
  if (sigtimedwait(&m_watched, nullptr, &now) > 0)
    throw base::Error(base::ErrorKind::io, "interrupted: nothing was published");
}

}  // namespace ritchi::importers
