// Distances between pieces of lines against densely sampled geodesics.
#include "geodata/geom/geodesic_distance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "geodata/geom/geodesic.hpp"
#include "tests/unit/geodata_geom/shapes.hpp"

namespace ritchi::geom {
namespace {

Point on(const Segment& s, double t) {
  return {s.a.x + (s.b.x - s.a.x) * t, s.a.y + (s.b.y - s.a.y) * t};
}

// The least of a grid of pairs, looked at more and more closely round the best one.
double sampled_m(const Segment& s, const Segment& t) {
  double s_low = 0, s_high = 1, t_low = 0, t_high = 1, least = 1e300;
  for (int round = 0; round < 7; ++round) {
    constexpr int n = 40;
    double best_s = 0, best_t = 0;
    least = 1e300;
    for (int i = 0; i <= n; ++i)
      for (int k = 0; k <= n; ++k) {
        const double at_s = s_low + (s_high - s_low) * i / n;
        const double at_t = t_low + (t_high - t_low) * k / n;
        const double d = distance_m(on(s, at_s), on(t, at_t));
        if (d < least) least = d, best_s = at_s, best_t = at_t;
      }
    const double reach_s = (s_high - s_low) / 8, reach_t = (t_high - t_low) / 8;
    s_low = std::max(0.0, best_s - reach_s), s_high = std::min(1.0, best_s + reach_s);
    t_low = std::max(0.0, best_t - reach_t), t_high = std::min(1.0, best_t + reach_t);
  }
  return least;
}

Segment random_segment(test::Dice& dice, Point round, double reach, double length) {
  const Point a{round.x + dice.between(-reach, reach), round.y + dice.between(-reach, reach)};
  return {a, {a.x + dice.between(-length, length), a.y + dice.between(-length, length)}};
}

TEST(GeodesicDistance, IsThatOfTheNearestPointsAtEveryScale) {
  test::Dice dice(7);
  for (const double reach : {0.0005, 0.01, 0.3, 3.0, 12.0})
    for (int i = 0; i < 60; ++i) {
      Segment s = random_segment(dice, {138, 37}, reach, reach / 3);
      Segment t = random_segment(dice, {138, 37}, reach, reach / 3);
      if (i % 3 == 1) s.b = s.a;
      if (i % 3 == 2) t.b = t.a;
      const NearestPair found = nearest_points(s, t);
      const double expected = sampled_m(s, t);
      // Sampling comes from above, and so does the answer.
      EXPECT_LE(found.distance_m, expected + 2e-6 + expected * 1e-9) << reach << " " << i;
      // Where they cross, samples of both are hardly ever at the very place.
      EXPECT_LE(distance_m(found.from, found.to), found.distance_m + 2e-6);
      if (found.distance_m > 0) {
        EXPECT_GE(found.distance_m, expected * (1 - 1e-5) - 1e-3) << reach << " " << i;
        EXPECT_NEAR(distance_m(found.from, found.to), found.distance_m, 1e-6 + found.distance_m * 1e-9);
      }
    }
}

TEST(GeodesicDistance, TheLowerBoundIsNeverAboveAndSeldomFarBelow) {
  test::Dice dice(8);
  for (const double reach : {0.001, 0.1, 2.0, 12.0})
    for (int i = 0; i < 300; ++i) {
      const Segment s = random_segment(dice, {135, 40}, reach, reach / 50);
      const Segment t = random_segment(dice, {135, 40}, reach, reach / 50);
      const auto box = [](const Segment& of) {
        Box out;
        out.add(of.a);
        out.add(of.b);
        return out;
      };
      const double cosine_s = least_cosine(box(s)), cosine_t = least_cosine(box(t));
      const double exact = nearest_points(s, t).distance_m;
      const double of_segments = lower_bound_m(s, cosine_s, t, cosine_t);
      EXPECT_LE(of_segments, exact * (1 + 1e-12) + 1e-6);
      EXPECT_LE(lower_bound_m(box(s), cosine_s, box(t), cosine_t), exact * (1 + 1e-12) + 1e-6);
      EXPECT_GE(of_segments, exact * 0.93 - 1e-3) << reach;
    }
}

TEST(GeodesicDistance, WhatTouchesOrCrossesIsNothingApart) {
  const Segment s{{139, 36}, {139.1, 36.1}};
  EXPECT_EQ(nearest_points(s, {{139.1, 36}, {139, 36.1}}).distance_m, 0);    // crosses
  EXPECT_EQ(nearest_points(s, {{139.1, 36.1}, {140, 36.1}}).distance_m, 0);  // end on end
  EXPECT_EQ(nearest_points(s, {{139.05, 36.05}, {140, 36}}).distance_m, 0);  // end on edge
  EXPECT_EQ(nearest_points(s, s).distance_m, 0);
  EXPECT_EQ(nearest_points({{139, 36}, {139, 36}}, {{139, 36}, {139, 36}}).distance_m, 0);
  EXPECT_NEAR(nearest_points({{139, 36}, {139, 36}}, {{139, 36.00001}, {139, 36.00001}}).distance_m, 1.1095,
              0.001);
}

}  // namespace
}  // namespace ritchi::geom
