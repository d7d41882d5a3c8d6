// The text is what Prometheus reads, and nothing is lost when many threads count.
#include "geodata/base/metrics.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "geodata/base/error.hpp"

namespace ritchi::base {
namespace {

TEST(Metrics, WritesTheTextFormat) {
  Metrics metrics;
  metrics.counter("b_total", "Back\\slash and\nbreak.", {{"what", "a \"b\" \\ c\nd"}}).add(3);
  metrics.counter("b_total", "another help is not taken", {{"what", "x"}}).add();
  metrics.gauge("a_gauge", "A.").set(0.25);
  metrics.read_gauge("c_gauge", "C.", {}, [] { return 12345678.0; });
  Histogram& histogram = metrics.histogram("d_seconds", "D.", {0.1, 1}, {{"route", "/x/{y}"}});
  for (const double value : {0.05, 0.1, 0.5, 7.0}) histogram.observe(value);
  EXPECT_EQ(metrics.text(),
            "# HELP a_gauge A.\n# TYPE a_gauge gauge\na_gauge 0.25\n"
            "# HELP b_total Back\\\\slash and\\nbreak.\n# TYPE b_total counter\n"
            "b_total{what=\"a \\\"b\\\" \\\\ c\\nd\"} 3\nb_total{what=\"x\"} 1\n"
            "# HELP c_gauge C.\n# TYPE c_gauge gauge\nc_gauge 12345678\n"
            "# HELP d_seconds D.\n# TYPE d_seconds histogram\n"
            "d_seconds_bucket{route=\"/x/{y}\",le=\"0.1\"} 2\n"
            "d_seconds_bucket{route=\"/x/{y}\",le=\"1\"} 3\n"
            "d_seconds_bucket{route=\"/x/{y}\",le=\"+Inf\"} 4\n"
            "d_seconds_sum{route=\"/x/{y}\"} 7.65\nd_seconds_count{route=\"/x/{y}\"} 4\n");
}

TEST(Metrics, LosesNoCount) {
  Metrics metrics;
  Counter& counter = metrics.counter("n_total", "N.");
  Histogram& histogram = metrics.histogram("h", "H.", {1});
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (int k = 0; k < 10'000; ++k) {
        counter.add();
        histogram.observe(k % 2 == 0 ? 0.5 : 2);
        if (k % 1000 == 0) {
          EXPECT_FALSE(metrics.text().empty());
        }
      }
    });
  threads.clear();
  EXPECT_EQ(counter.value(), 80'000U);
  EXPECT_EQ(histogram.count_in(0), 40'000U);
  EXPECT_EQ(histogram.count_in(1), 40'000U);
  EXPECT_DOUBLE_EQ(histogram.sum(), 100'000);
}

TEST(Metrics, TheSameNameAndLabelsAreTheSameSeries) {
  Metrics metrics;
  EXPECT_EQ(&metrics.counter("n_total", "N.", {{"a", "1"}}), &metrics.counter("n_total", "N.", {{"a", "1"}}));
  EXPECT_NE(&metrics.counter("n_total", "N.", {{"a", "1"}}), &metrics.counter("n_total", "N.", {{"a", "2"}}));
}

TEST(Metrics, RefusesWhatPrometheusWouldNotRead) {
  Metrics metrics;
  for (const char* name : {"", "1a", "a-b", "ä", "a b"})
    EXPECT_THROW(metrics.counter(name, ""), Error) << name;
  for (const char* label : {"", "a:b", "le", "__x"})
    EXPECT_THROW(metrics.counter("a", "", {{label, "x"}}), Error) << label;
  metrics.counter("kind", "");
  EXPECT_THROW(metrics.gauge("kind", ""), Error);
}

}  // namespace
}  // namespace ritchi::base
