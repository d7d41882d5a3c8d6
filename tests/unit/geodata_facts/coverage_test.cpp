// Where data are said to be complete, and that nothing is guessed where they are not.
#include "geodata/facts/coverage.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "tests/unit/support/world.hpp"

namespace {

using namespace ritchi;
using facts::Coverage;
using facts::Covered;
using test::point_at;
using test::square;

// Two municipalities side by side, the border at 138.8, and the sea beyond 138.9.
class CoverageTest : public testing::Test {
 protected:
  void publish_municipalities() {
    m_world.publish(
        "municipalities",
        {{square(138.7, 37.3, 138.8, 37.5), {{"name", "長岡市"}, {"municipality_code", "15202"}}},
         {square(138.8, 37.3, 138.9, 37.5), {{"name", "見附市"}, {"municipality_code", "15211"}}}},
        {"15"});
  }
  void publish_zoning(const std::vector<std::string>& covers, const std::string& partition = "15") {
    m_world.publish("zoning", {{square(138.71, 37.31, 138.72, 37.32), {{"use_district", "industrial"}}}},
                    covers, partition);
  }
  Covered covered(const geom::Geometry& place) {
    const Coverage coverage(m_world.snapshot());
    return coverage.of("zoning", place, coverage.municipalities(place));
  }
  test::World m_world;
  const geom::Geometry m_west = square(138.75, 37.4, 138.76, 37.41);
  const geom::Geometry m_both = square(138.79, 37.4, 138.82, 37.41);
};

TEST_F(CoverageTest, SharesOfMunicipalitiesAddUp) {
  publish_municipalities();
  const Coverage coverage(m_world.snapshot());
  const auto places = coverage.municipalities(m_both);
  ASSERT_EQ(places.size(), 2U);
  EXPECT_EQ(places[0].code, "15211");
  EXPECT_EQ(places[0].name, "見附市");
  EXPECT_NEAR(places[0].share, 2.0 / 3, 1e-4);
  EXPECT_NEAR(places[0].share + places[1].share, 1, 1e-4);
  ASSERT_EQ(coverage.municipalities(point_at(138.75, 37.4)).size(), 1U);
  EXPECT_EQ(coverage.municipalities(point_at(138.75, 37.4))[0].share, 1);
  EXPECT_TRUE(coverage.municipalities(point_at(138.95, 37.4)).empty());
  const auto crossed = coverage.municipalities(test::line_of({{138.79, 37.4}, {138.82, 37.4}}));
  ASSERT_EQ(crossed.size(), 2U);
  EXPECT_NEAR(crossed[1].share, 1.0 / 3, 1e-4);
}

TEST_F(CoverageTest, NoDatasetIsNoData) {
  publish_municipalities();
  EXPECT_EQ(covered(m_west), Covered::none);
}

TEST_F(CoverageTest, CodesOfMunicipalitiesAndPrefecturesCount) {
  publish_municipalities();
  publish_zoning({"15202"});
  EXPECT_EQ(covered(m_west), Covered::all);
  EXPECT_EQ(covered(m_both), Covered::partly);
  EXPECT_EQ(covered(square(138.85, 37.4, 138.86, 37.41)), Covered::none);
  publish_zoning({"15"});
  EXPECT_EQ(covered(m_both), Covered::all);
  publish_zoning({"japan"});
  EXPECT_EQ(covered(square(138.95, 37.4, 138.96, 37.41)), Covered::all);
}

TEST_F(CoverageTest, SeveralDatasetsCoverTogether) {
  publish_municipalities();
  publish_zoning({"15202"}, "15202");
  publish_zoning({"15211"}, "15211");
  EXPECT_EQ(covered(m_both), Covered::all);
}

TEST_F(CoverageTest, WhatLiesBeyondAllBoundariesIsNotCovered) {
  publish_municipalities();
  publish_zoning({"15"});
  EXPECT_EQ(covered(square(138.89, 37.4, 138.91, 37.41)), Covered::partly);
}

TEST_F(CoverageTest, DataWithoutStatedCoverOnlySurround) {
  publish_municipalities();
  publish_zoning({});
  EXPECT_EQ(covered(m_west), Covered::none);
  EXPECT_EQ(covered(square(138.70, 37.30, 138.73, 37.33)), Covered::partly);
}

TEST_F(CoverageTest, WithoutBoundariesNothingIsGuessed) {
  publish_zoning({"15"});
  EXPECT_TRUE(Coverage(m_world.snapshot()).municipalities(m_west).empty());
  EXPECT_EQ(covered(m_west), Covered::none);
  EXPECT_EQ(covered(square(138.70, 37.30, 138.73, 37.33)), Covered::partly);
  publish_zoning({"japan"});
  EXPECT_EQ(covered(m_west), Covered::all);
}

TEST_F(CoverageTest, ManyThreadsReadOne) {
  publish_municipalities();
  publish_zoning({"15202"});
  const Coverage coverage(m_world.snapshot());
  std::vector<std::thread> threads;
  std::vector<int> right(4);
  for (std::size_t t = 0; t < right.size(); ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i)
        right[t] += coverage.of("zoning", m_both, coverage.municipalities(m_both)) == Covered::partly ? 1 : 0;
    });
  for (auto& thread : threads) thread.join();
  for (const int n : right) EXPECT_EQ(n, 200);
}

TEST_F(CoverageTest, CoversArePartOfTheRevision) {
  publish_zoning({});
  const auto revision = [&] {
    return m_world.snapshot()->find("zoning")->datasets.front()->info().open.revision;
  };
  const auto before = revision();
  publish_zoning({"15"});
  EXPECT_NE(revision(), before);
  EXPECT_EQ(m_world.snapshot()->find("zoning")->datasets.front()->info().covers,
            std::vector<std::string>{"15"});
}

}  // namespace
