#include "geodata/base/metrics.hpp"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "geodata/base/error.hpp"

namespace ritchi::base {
namespace {

bool is_name(std::string_view text, bool colons_allowed) noexcept {
  if (text.empty() || (text.front() >= '0' && text.front() <= '9')) return false;
  return std::all_of(text.begin(), text.end(), [colons_allowed](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (c == ':' && colons_allowed);
  });
}

std::string escaped(std::string_view text, bool quotes_too) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\\\";
    else if (c == '\n')
      out += "\\n";
    else if (c == '"' && quotes_too)
      out += "\\\"";
    else
      out += c;
  }
  return out;
}

// a="1",b="2"
std::string written(const Labels& labels) {
  std::string out;
  for (const auto& [name, value] : labels) {
    if (!is_name(name, false) || name == "le" || name.starts_with("__"))
      throw Error(ErrorKind::internal, "a label has a name that it must not have", name);
    fmt::format_to(std::back_inserter(out), "{}{}=\"{}\"", out.empty() ? "" : ",", name,
                   escaped(value, true));
  }
  return out;
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

void write_line(std::string& out, std::string_view name, const std::string& labels, std::string_view value) {
  if (labels.empty())
    fmt::format_to(std::back_inserter(out), "{} {}\n", name, value);
  else
    fmt::format_to(std::back_inserter(out), "{}{{{}}} {}\n", name, labels, value);
}

}  // namespace

std::size_t Counter::stripe() noexcept {
  // Threads' own blocks lie pages apart.
  const auto address = static_cast<std::uint64_t>(pthread_self());
  return static_cast<std::size_t>((address >> 12U) * 0x9e3779b97f4a7c15ULL >> 32U) % stripes;
}

std::uint64_t Counter::value() const noexcept {
  std::uint64_t sum = 0;
  for (const Stripe& each : m_stripes) sum += each.value.load(std::memory_order_relaxed);
  return sum;
}

Histogram::Histogram(std::vector<double> bounds)
    : m_bounds(std::move(bounds)), m_buckets(m_bounds.size() + 1) {}

void Histogram::observe(double value) noexcept {
  const auto bucket = std::lower_bound(m_bounds.begin(), m_bounds.end(), value) - m_bounds.begin();
  m_buckets[static_cast<std::size_t>(bucket)].add();
  m_sum_millionths.add(static_cast<std::uint64_t>(std::llround(std::max(0.0, value) * 1e6)));
}

std::vector<double> seconds_buckets() {
  return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

Metrics::Series& Metrics::series(const std::string& name, const std::string& help, Kind kind,
                                 const Labels& labels) {
  if (!is_name(name, true))
    throw Error(ErrorKind::internal, "a metric has a name that it must not have", name);
  const auto [family, is_new] = m_families.try_emplace(name);
  if (is_new) {
    family->second.kind = kind;
    family->second.help = help;
  } else if (family->second.kind != kind) {
    throw Error(ErrorKind::internal, "one name for metrics of two kinds", name);
  }
  return family->second.series[written(labels)];
}

Counter& Metrics::counter(const std::string& name, const std::string& help, const Labels& labels) {
  const std::lock_guard lock(m_lock);
  Series& found = series(name, help, Kind::counter, labels);
  if (!found.counter) found.counter = std::make_unique<Counter>();
  return *found.counter;
}

Gauge& Metrics::gauge(const std::string& name, const std::string& help, const Labels& labels) {
  const std::lock_guard lock(m_lock);
  Series& found = series(name, help, Kind::gauge, labels);
  if (!found.gauge) found.gauge = std::make_unique<Gauge>();
  return *found.gauge;
}

Histogram& Metrics::histogram(const std::string& name, const std::string& help,
                              const std::vector<double>& bounds, const Labels& labels) {
  const std::lock_guard lock(m_lock);
  Series& found = series(name, help, Kind::histogram, labels);
  if (!found.histogram) found.histogram = std::make_unique<Histogram>(bounds);
  return *found.histogram;
}

void Metrics::read_counter(const std::string& name, const std::string& help, const Labels& labels,
                           Read read) {
  const std::lock_guard lock(m_lock);
  series(name, help, Kind::counter, labels).read = std::move(read);
}

void Metrics::read_gauge(const std::string& name, const std::string& help, const Labels& labels, Read read) {
  const std::lock_guard lock(m_lock);
  series(name, help, Kind::gauge, labels).read = std::move(read);
}

void Metrics::write(std::string& out, const std::string& name, const std::string& labels,
                    const Series& series) {
  if (series.read) return write_line(out, name, labels, number(series.read()));
  if (series.counter) return write_line(out, name, labels, fmt::format("{}", series.counter->value()));
  if (series.gauge) return write_line(out, name, labels, number(series.gauge->value()));
  const Histogram& histogram = *series.histogram;
  const std::string before = labels.empty() ? "" : labels + ",";
  std::uint64_t count = 0;
  for (std::size_t i = 0; i <= histogram.bounds().size(); ++i) {
    count += histogram.count_in(i);
    const std::string bound = i < histogram.bounds().size() ? number(histogram.bounds()[i]) : "+Inf";
    write_line(out, name + "_bucket", before + "le=\"" + bound + "\"", fmt::format("{}", count));
  }
  write_line(out, name + "_sum", labels, number(histogram.sum()));
  write_line(out, name + "_count", labels, fmt::format("{}", count));
}

std::string Metrics::text() const {
  std::string out;
  const std::lock_guard lock(m_lock);
  for (const auto& [name, family] : m_families) {
    const char* kind = family.kind == Kind::counter ? "counter"
                       : family.kind == Kind::gauge ? "gauge"
                                                    : "histogram";
    fmt::format_to(std::back_inserter(out), "# HELP {} {}\n# TYPE {} {}\n", name, escaped(family.help, false),
                   name, kind);
    for (const auto& [labels, each] : family.series) write(out, name, labels, each);
  }
  return out;
}

}  // namespace ritchi::base
