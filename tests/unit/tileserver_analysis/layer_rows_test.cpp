// Rows kept in memory against the same rows read from the file.
#include "tileserver/analysis/layer_rows.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <tuple>

#include "geodata/base/error.hpp"
#include "tests/unit/support/world.hpp"

namespace ritchi::analysis {
namespace {

using test::point_at;

class LayerRowsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::vector<test::Row> first, second;
    for (int i = 0; i < 200; ++i) {
      test::Row row{i % 10 == 0 ? geom::Geometry{} : point_at(138.7 + i * 0.001, 37.4), {}};
      if (i % 3 != 0) row.values["amount_jpy"] = std::int64_t{i} * 1'000'000;
      if (i % 4 != 0) row.values["plan_kind"] = std::string(i % 2 == 0 ? "strategic" : "regional");
      row.values["disclosure"] = "public";
      if (i % 7 != 0) row.values["name"] = "会社" + std::to_string(i);
      (i < 120 ? first : second).push_back(row);
    }
    m_world.publish("investments", first, {"15"}, "one");
    m_world.publish("investments", second, {"15"}, "two");
    m_snapshot = m_world.snapshot();
    m_view = m_snapshot->find("investments");
    ASSERT_NE(m_view, nullptr);
    ASSERT_EQ(m_view->datasets.size(), 2U);
  }

  using Seen = std::tuple<std::int64_t, std::vector<std::byte>, std::size_t>;
  std::vector<Seen> rows(const LayerRows& all, const std::string& filter) const {
    filter::PredicatePtr only;
    if (!filter.empty()) only = filter::parse_text(filter, m_view->layer);
    std::vector<Seen> out;
    all.for_each(only.get(), base::Deadline::never(),
                 [&](std::int64_t id, std::span<const std::byte> geometry, std::size_t dataset) {
                   out.emplace_back(id, std::vector(geometry.begin(), geometry.end()), dataset);
                 });
    return out;
  }

  test::World m_world;
  std::shared_ptr<const store::Snapshot> m_snapshot;
  const store::LayerView* m_view = nullptr;
};

TEST_F(LayerRowsTest, GiveTheSameKeptOrRead) {
  const LayerRows kept(*m_view, base::Deadline::never());
  const LayerRows read(*m_view, base::Deadline::never(), 1000);
  ASSERT_TRUE(kept.is_kept());
  ASSERT_FALSE(read.is_kept());
  EXPECT_GT(kept.bytes(), 200 * sizeof(store::ValueView));
  EXPECT_EQ(read.bytes(), 0U);
  for (const char* filter :
       {"", "amount_jpy >= 50000000", "plan_kind = 'strategic' AND amount_jpy < 90000000",
        "name LIKE '会社1%'", "plan_kind IS NULL", "NOT (amount_jpy > 5000000)",
        "CASEI(name) = CASEI('会社11')",
        "S_INTERSECTS(geometry, POLYGON((138.7 37, 138.75 37, 138.75 38, 138.7 38, 138.7 37)))",
        "synthetic = true", "amount_jpy / 2 = 22000000"}) {
    const auto one = rows(kept, filter), other = rows(read, filter);
    EXPECT_EQ(one, other) << filter;
    if (std::strlen(filter) == 0) {
      EXPECT_EQ(one.size(), 200U);
    }
  }
  store::Feature held_a, held_b;
  std::vector<store::ValueView> values_a, values_b;
  for (const auto& [id, geometry, dataset] : rows(kept, "")) {
    const auto a = kept.row(dataset, id, held_a, values_a), b = read.row(dataset, id, held_b, values_b);
    EXPECT_EQ(a.id, b.id);
    EXPECT_EQ(a.source_id, b.source_id);
    EXPECT_EQ(a.synthetic, b.synthetic);
    EXPECT_EQ(values_a, values_b);
    EXPECT_TRUE(std::equal(a.geometry.begin(), a.geometry.end(), b.geometry.begin(), b.geometry.end()));
  }
  for (const LayerRows* each : {&kept, &read})
    EXPECT_THROW(each->row(0, 987'654'321, held_a, values_a), base::Error);
}

TEST_F(LayerRowsTest, StopAtTheDeadline) {
  const LayerRows kept(*m_view, base::Deadline::never());
  EXPECT_THROW(kept.for_each(nullptr, base::Deadline::after(std::chrono::milliseconds(0)),
                             [](std::int64_t, std::span<const std::byte>, std::size_t) {}),
               base::Error);
}

}  // namespace
}  // namespace ritchi::analysis
