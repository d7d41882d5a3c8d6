// Works on many rows in two threads, each with tools of its own.
#pragma once
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace ritchi::load {

// make: called in each thread, gives what works on a row there; it is destroyed there too. tick: called in
// the caller's thread between rows. What any of them throws ends all and comes out.
inline void for_each_row(std::size_t rows, const std::function<std::function<void(std::size_t)>()>& make,
                         const std::function<void()>& tick) {
  constexpr std::size_t at_once = 16;
  std::atomic<std::size_t> next{0};
  std::atomic<bool> ended{false};
  std::exception_ptr failure;
  std::mutex mutex;
  const auto run = [&](bool callers) {
    try {
      const auto work = make();
      for (std::size_t from = next.fetch_add(at_once); !ended && from < rows;
           from = next.fetch_add(at_once)) {
        if (callers && tick) tick();
        for (std::size_t row = from; row < rows && row < from + at_once; ++row) work(row);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
      ended = true;
    }
  };
  {
    std::thread other(run, false);
    run(true);
    other.join();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace ritchi::load
