// Does work on items in several threads and hands over the results in the order of the items.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace ritchi::load {

template <class In, class Out>
class OrderedWork {
 public:
  using Work = std::function<Out(In&, unsigned worker)>;  // worker: 0 … threads - 1
  using Sink = std::function<void(Out&)>;                 // runs in the thread that calls put() and finish()

  OrderedWork(unsigned threads, Work work, Sink sink)
      : m_most(threads * 4), m_work(std::move(work)), m_sink(std::move(sink)) {
    try {
      for (unsigned i = 0; i < threads; ++i) m_threads.emplace_back([this, i] { run(i); });
    } catch (...) {
      end();
      throw;
    }
  }
  ~OrderedWork() { end(); }
  OrderedWork(const OrderedWork&) = delete;
  OrderedWork& operator=(const OrderedWork&) = delete;

  // Waits while too many items are under way. What the work threw for an item comes out when its turn comes.
  void put(In item) {
    auto slot = std::make_shared<Slot>();
    slot->in = std::move(item);
    {
      const std::lock_guard lock(m_mutex);
      m_waiting.push_back(slot);
    }
    m_changed.notify_all();
    m_slots.push_back(std::move(slot));
    while (m_slots.size() > m_most) hand_over_first();
    while (!m_slots.empty() && is_done(*m_slots.front())) hand_over_first();
  }

  void finish() {
    while (!m_slots.empty()) hand_over_first();
  }

 private:
  struct Slot {
    In in{};
    Out out{};
    bool done = false;
    std::exception_ptr failure;
  };

  void end() {
    {
      const std::lock_guard lock(m_mutex);
      m_ended = true;
      m_waiting.clear();
    }
    m_changed.notify_all();
    for (std::thread& thread : m_threads) thread.join();
  }

  bool is_done(const Slot& slot) {
    const std::lock_guard lock(m_mutex);
    return slot.done;
  }

  void hand_over_first() {
    const std::shared_ptr<Slot> slot = std::move(m_slots.front());
    m_slots.pop_front();
    {
      std::unique_lock lock(m_mutex);
      m_finished.wait(lock, [&] { return slot->done; });
    }
    if (slot->failure) std::rethrow_exception(slot->failure);
    m_sink(slot->out);
  }

  void run(unsigned worker) {
    for (;;) {
      std::shared_ptr<Slot> slot;
      {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_ended || !m_waiting.empty(); });
        if (m_ended) return;
        slot = std::move(m_waiting.front());
        m_waiting.pop_front();
      }
      std::exception_ptr failure;
      try {
        slot->out = m_work(slot->in, worker);
      } catch (...) {
        failure = std::current_exception();
      }
      {
        const std::lock_guard lock(m_mutex);
        slot->failure = failure;
        slot->done = true;
      }
      m_finished.notify_all();
    }
  }

  const std::size_t m_most;
  Work m_work;
  Sink m_sink;
  std::mutex m_mutex;
  std::condition_variable m_changed;   // something to do, or the end
  std::condition_variable m_finished;  // a slot is done
  std::deque<std::shared_ptr<Slot>> m_waiting;
  std::deque<std::shared_ptr<Slot>> m_slots;  // in order; of the caller's thread
  bool m_ended = false;
  std::vector<std::thread> m_threads;  // last: they start when all else is there
};

}  // namespace ritchi::load
