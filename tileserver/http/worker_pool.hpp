// Threads for handlers that take time, behind a queue that is never longer than configured.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace ritchi::http {

class WorkerPool {
 public:
  using Job = std::function<void()>;  // must not throw

  WorkerPool(unsigned threads, std::size_t max_queued);
  // Stops and joins.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False when no thread is free and the queue is full.
  bool try_submit(Job job);
  std::size_t queued() const;
  std::size_t running() const;
  // Finishes the running jobs; the queued ones are dropped.
  void stop();

 private:
  void run();

  const std::size_t m_max_queued;
  mutable std::mutex m_lock;
  std::condition_variable m_changed;
  std::deque<Job> m_queue;
  std::size_t m_running = 0;
  bool m_is_stopping = false;
  std::vector<std::jthread> m_threads;
};

}  // namespace ritchi::http
