// Hands items to one thread of its own, in order and in batches, so that the caller prepares the next ones
// meanwhile.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace ritchi::load {

template <class Item>
class Background {
 public:
  // `work` runs in the other thread alone; what it throws comes out of a later put() or of finish().
  explicit Background(std::function<void(const Item&)> work)
      : m_work(std::move(work)), m_thread([this] { run(); }) {}
  ~Background() {
    {
      const std::lock_guard lock(m_mutex);
      m_abandoned = true;
    }
    m_changed.notify_all();
    if (m_thread.joinable()) m_thread.join();
  }
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  // Waits while too many batches are under way.
  void put(Item item) {
    m_batch.push_back(std::move(item));
    if (m_batch.size() >= batch_size) hand_over();
  }

  // Everything put so far is done when it returns; the thread has ended.
  void finish() {
    if (!m_batch.empty()) hand_over();
    {
      const std::lock_guard lock(m_mutex);
      m_complete = true;
    }
    m_changed.notify_all();
    if (m_thread.joinable()) m_thread.join();
    if (m_failure) std::rethrow_exception(m_failure);
  }

 private:
  static constexpr std::size_t batch_size = 128;
  static constexpr std::size_t most_batches = 8;

  void hand_over() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_batches.size() < most_batches || m_failure; });
    if (m_failure) std::rethrow_exception(m_failure);
    m_batches.push_back(std::exchange(m_batch, {}));
    m_changed.notify_all();
  }

  void run() {
    for (;;) {
      std::vector<Item> batch;
      {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return !m_batches.empty() || m_complete || m_abandoned; });
        if (m_abandoned || m_batches.empty()) return;
        batch = std::move(m_batches.front());
        m_batches.pop_front();
      }
      m_changed.notify_all();
      try {
        for (const Item& item : batch) m_work(item);
      } catch (...) {
        const std::lock_guard lock(m_mutex);
        m_failure = std::current_exception();
        m_batches.clear();
        m_changed.notify_all();
        return;
      }
    }
  }

  std::function<void(const Item&)> m_work;
  std::vector<Item> m_batch;  // of the caller's thread
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::deque<std::vector<Item>> m_batches;
  std::exception_ptr m_failure;
  bool m_complete = false;
  bool m_abandoned = false;
  std::thread m_thread;  // last: it starts when all else is there
};

}  // namespace ritchi::load
