// Judging by bounds of distances against measuring every site.
#include "tileserver/analysis/match_distance.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

namespace ritchi::analysis {
namespace {

using geom::Geometry;

Geometry point(double x, double y) {
  Geometry out;
  out.points = {{x, y}};
  return out;
}

// Triangles of a hundred metres; every fiftieth has no place.
struct Sites {
  std::vector<std::int64_t> ids;
  std::vector<geom::Box> boxes;
  std::vector<Geometry> shapes;
  SiteTable table;

  Sites(std::mt19937& random, std::size_t count) {
    std::uniform_real_distribution<double> off(0, 0.4), size(0.0002, 0.001);
    for (std::size_t i = 0; i < count; ++i) {
      Geometry& shape = shapes.emplace_back();
      const geom::Point at{138.6 + off(random), 37.2 + off(random)};
      if (i % 50 != 49) {
        shape.kind = geom::Kind::polygon;
        shape.points = {at, {at.x + size(random), at.y}, {at.x, at.y + size(random)}, at};
        shape.end_ring();
        shape.end_part();
      }
      ids.push_back(static_cast<std::int64_t>(i + 1));
      boxes.push_back(shape.bounds());
    }
    table.ids = ids;
    table.boxes = boxes;
    table.places = std::make_shared<const facts::Places>(boxes);
    table.shape = [this](std::size_t site, Geometry& out) { out = shapes[site]; };
  }
  Sites(const Sites&) = delete;
  Sites& operator=(const Sites&) = delete;
};

std::shared_ptr<const Members> random_members(std::mt19937& random, int count) {
  std::uniform_real_distribution<double> off(0, 0.4);
  auto out = std::make_shared<Members>();
  for (int i = 0; i < count; ++i) {
    out->index.add(point(138.6 + off(random), 37.2 + off(random)));
    out->ids.push_back(i + 100);
  }
  out->index.build();
  return out;
}

double exact_km(const Sites& sites, const Members& members, std::size_t site) {
  return members.index.nearest(sites.shapes[site])->distance_m / 1000;
}

Check check_of(const Sites& sites, std::shared_ptr<const Members> members, double min, double max,
               std::optional<double> ideal) {
  Check out;
  out.members = std::move(members);
  out.distances = std::make_shared<const SiteDistances>(
      facts::distance_bounds(out.members->index, *sites.table.places, base::Deadline::never()));
  out.min = min;
  out.max = max;
  out.ideal = ideal;
  return out;
}

TEST(Distances, JudgeAsMeasuringEverySiteWould) {
  std::mt19937 random(5);
  constexpr double none = std::numeric_limits<double>::infinity();
  for (const int count : {1, 4, 300}) {
    const Sites sites(random, 800);
    const auto members = random_members(random, count);
    std::vector<std::uint32_t> all(sites.ids.size());
    std::iota(all.begin(), all.end(), 0U);
    for (const auto& [min, max, ideal] :
         {std::tuple{-none, 3.0, std::optional<double>{}}, std::tuple{-none, 8.0, std::optional{1.0}},
          std::tuple{2.0, none, std::optional<double>{}}, std::tuple{1.0, none, std::optional{12.0}}}) {
      std::vector<Check> checks{check_of(sites, members, min, max, ideal)};
      decide(checks[0], sites.table, all, {}, base::Deadline::never());
      Scan found(20);
      std::vector<std::vector<std::uint8_t>> used(1);
      checks[0].required = true;
      scan(checks, all, sites.table, 0, false, base::Deadline::never(), found, used);
      std::vector<std::pair<std::int64_t, std::int64_t>> wanted;
      std::int64_t unknown = 0;
      for (std::size_t site = 0; site < sites.ids.size(); ++site) {
        if (sites.shapes[site].empty()) {
          ++unknown;
          continue;
        }
        const double km = exact_km(sites, *members, site);
        const Verdict verdict = judge_number(checks[0], km);
        ASSERT_EQ(checks[0].statuses[site], verdict.status) << km;
        if (verdict.status == Status::pass)
          wanted.emplace_back(-std::llround(verdict.fulfilment * 1e9), sites.ids[site]);
      }
      std::sort(wanted.begin(), wanted.end());
      EXPECT_EQ(found.funnel[0].unknown, unknown);
      EXPECT_EQ(found.ranking.count(), static_cast<std::int64_t>(wanted.size()));
      const auto best = found.ranking.best([&](const Candidate& each) {
        measure(checks, sites.table, each.site);
        return score_rank(checks, each.site);
      });
      ASSERT_EQ(best.size(), std::min<std::size_t>(20, wanted.size()));
      for (std::size_t i = 0; i < best.size(); ++i) {
        ASSERT_EQ(best[i].id, wanted[i].second);
        ASSERT_EQ(best[i].rank, -wanted[i].first);
      }
      // What the bounds leave open is a small part.
      EXPECT_LT(checks[0].measured.size(), sites.ids.size() / 3);
    }
  }
}

TEST(Distances, WhatMustHoldTooIsLookedAtBeforeMeasuring) {
  std::mt19937 random(6);
  const Sites sites(random, 50);
  Check check = check_of(sites, random_members(random, 1), -1, 1000, std::nullopt);
  const std::vector<std::uint32_t> considered{0, 1, 2};
  std::vector<Status> also(50, Status::pass);
  also[1] = Status::fail;
  also[2] = Status::unknown;
  decide(check, sites.table, considered, also, base::Deadline::never());
  EXPECT_EQ(check.statuses[0], Status::pass);
  EXPECT_EQ(check.statuses[1], Status::fail);
  EXPECT_EQ(check.statuses[2], Status::unknown);
  EXPECT_TRUE(check.measured.empty());
}

TEST(Distances, OfNothingThereAreInfinite) {
  std::mt19937 random(7);
  const Sites sites(random, 50);
  const auto members = random_members(random, 0);
  const std::vector<std::uint32_t> considered{0, 49};
  std::vector<Check> near{check_of(sites, members, 0, 1000, std::nullopt)};
  decide(near[0], sites.table, considered, {}, base::Deadline::never());
  EXPECT_EQ(near[0].statuses[0], Status::fail);
  EXPECT_EQ(near[0].statuses[49], Status::unknown);
  Check away = check_of(sites, members, 10, std::numeric_limits<double>::infinity(), std::nullopt);
  decide(away, sites.table, considered, {}, base::Deadline::never());
  EXPECT_EQ(away.statuses[0], Status::pass);
  measure(near, sites.table, 0);
  EXPECT_TRUE(std::isinf(near[0].measured.at(0).km));
  EXPECT_EQ(near[0].measured.at(0).member, store::no_word);
}

}  // namespace
}  // namespace ritchi::analysis
