// Figures of a running program as Prometheus reads them: counters, gauges and histograms, counted without
// locks.
#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ritchi::base {

// Counts in stripes, so that threads which count at the same time do not wait for one another's cache line.
class Counter {
 public:
  void add(std::uint64_t amount = 1) noexcept {
    m_stripes[stripe()].value.fetch_add(amount, std::memory_order_relaxed);
  }
  std::uint64_t value() const noexcept;

 private:
  static constexpr std::size_t stripes = 8;
  static std::size_t stripe() noexcept;  // the calling thread's

  struct alignas(64) Stripe {
    std::atomic<std::uint64_t> value{0};
  };
  std::array<Stripe, stripes> m_stripes;
};

class Gauge {
 public:
  void set(double value) noexcept { m_value.store(value, std::memory_order_relaxed); }
  double value() const noexcept { return m_value.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> m_value{0};
};

// How many values were at most each bound, and their sum, to the millionth.
class Histogram {
 public:
  explicit Histogram(std::vector<double> bounds);  // ascending
  void observe(double value) noexcept;

  const std::vector<double>& bounds() const noexcept { return m_bounds; }
  std::uint64_t count_in(std::size_t bucket) const noexcept { return m_buckets[bucket].value(); }
  double sum() const noexcept { return static_cast<double>(m_sum_millionths.value()) / 1e6; }

 private:
  std::vector<double> m_bounds;
  std::vector<Counter> m_buckets;  // one more than bounds; each counts only what is over the bound before
  Counter m_sum_millionths;
};

// From a tenth of a millisecond to ten seconds.
std::vector<double> seconds_buckets();

using Labels = std::vector<std::pair<std::string, std::string>>;

// Owned by the application and passed down. Naming a series takes a lock and is done once; the references
// live as long as the registry, and using them takes none. The same name and labels give the same series.
// Throws Error(internal) for a name that Prometheus would not take, or one that stands for another kind
// already.
class Metrics {
 public:
  Counter& counter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge& gauge(const std::string& name, const std::string& help, const Labels& labels = {});
  Histogram& histogram(const std::string& name, const std::string& help, const std::vector<double>& bounds,
                       const Labels& labels = {});
  // What somebody else counts: asked whenever the text is made.
  using Read = std::function<double()>;
  void read_counter(const std::string& name, const std::string& help, const Labels& labels, Read read);
  void read_gauge(const std::string& name, const std::string& help, const Labels& labels, Read read);

  // The text exposition format 0.0.4.
  std::string text() const;

 private:
  enum class Kind { counter, gauge, histogram };
  struct Series {
    std::unique_ptr<Counter> counter;
    std::unique_ptr<Gauge> gauge;
    std::unique_ptr<Histogram> histogram;
    Read read;
  };
  struct Family {
    Kind kind = Kind::counter;
    std::string help;
    std::map<std::string, Series> series;  // by labels as they are written
  };
  Series& series(const std::string& name, const std::string& help, Kind kind, const Labels& labels);
  static void write(std::string& out, const std::string& name, const std::string& labels,
                    const Series& series);

  mutable std::mutex m_lock;
  std::map<std::string, Family> m_families;
};

}  // namespace ritchi::base
