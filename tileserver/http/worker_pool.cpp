#include "tileserver/http/worker_pool.hpp"

#include <algorithm>
#include <utility>

namespace ritchi::http {

WorkerPool::WorkerPool(unsigned threads, std::size_t max_queued) : m_max_queued(max_queued) {
  m_threads.reserve(threads);
  for (unsigned i = 0; i < threads; ++i) {
    m_threads.emplace_back([this] { run(); });
  }
}

WorkerPool::~WorkerPool() {
  stop();
}

bool WorkerPool::try_submit(Job job) {
  {
    const std::lock_guard lock(m_lock);
    const std::size_t free_threads = m_threads.size() - std::min(m_threads.size(), m_running);
    if (m_is_stopping || m_queue.size() >= m_max_queued + free_threads) return false;
    m_queue.push_back(std::move(job));
  }
  m_changed.notify_one();
  return true;
}

std::size_t WorkerPool::queued() const {
  const std::lock_guard lock(m_lock);
  return m_queue.size();
}

std::size_t WorkerPool::running() const {
  const std::lock_guard lock(m_lock);
  return m_running;
}

void WorkerPool::stop() {
  std::deque<Job> dropped;
  {
    const std::lock_guard lock(m_lock);
    m_is_stopping = true;
    dropped.swap(m_queue);
  }
  m_changed.notify_all();
  m_threads.clear();
}

void WorkerPool::run() {
  std::unique_lock lock(m_lock);
  while (true) {
    m_changed.wait(lock, [this] { return m_is_stopping || !m_queue.empty(); });
    if (m_is_stopping) return;
    Job job = std::move(m_queue.front());
    m_queue.pop_front();
    ++m_running;
    lock.unlock();
    job();
    job = nullptr;  // what it holds is released before the lock is taken again
    lock.lock();
    --m_running;
  }
}

}  // namespace ritchi::http
