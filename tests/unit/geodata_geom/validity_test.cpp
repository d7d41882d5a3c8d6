// What is wrong with a geometry, and what repair leaves of it.
#include "geodata/geom/validity.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "geodata/base/error.hpp"
#include "geodata/geom/geodesic.hpp"
#include "tests/unit/geodata_geom/shapes.hpp"

namespace ritchi::geom {
namespace {

Geometry bow_tie() {
  return test::polygon({{{138, 37}, {138.1, 37.1}, {138.1, 37}, {138, 37.1}}});
}

TEST(Validity, NamesTheReasonAndThePlace) {
  EXPECT_EQ(why_invalid(test::rectangle(138, 37, 139, 38)), std::nullopt);
  const auto reason = why_invalid(bow_tie());
  ASSERT_TRUE(reason.has_value());
  EXPECT_EQ(reason->rfind("Self-intersection at 138.0", 0), 0u) << *reason;
  EXPECT_NE(reason->find("37.05"), std::string::npos) << *reason;
}

TEST(Validity, FindsWhatCannotEvenBeBuilt) {
  Geometry open = test::rectangle(138, 37, 139, 38);
  open.points.back() = {138.5, 37.5};
  EXPECT_NE(why_invalid(open)->find("not closed"), std::string::npos);
  Geometry two;
  two.kind = Kind::polygon;
  two.points = {{138, 37}, {139, 37}, {138, 37}};
  two.end_ring();
  two.end_part();
  EXPECT_NE(why_invalid(two)->find("fewer than 4 points"), std::string::npos);
  Geometry infinite = test::rectangle(138, 37, INFINITY, 38);
  EXPECT_NE(why_invalid(infinite)->find("not a finite"), std::string::npos);
  EXPECT_NE(why_invalid(test::line({{138, 37}}))->find("one point"), std::string::npos);
  EXPECT_TRUE(why_invalid(test::line({{138, 37}, {138, 37}})).has_value());
  EXPECT_TRUE(why_invalid(Geometry{}).has_value());
  Geometry offsets = test::rectangle(138, 37, 139, 38);
  offsets.ring_ends.back() = 3;
  EXPECT_TRUE(why_invalid(offsets).has_value());
}

TEST(Validity, RepairKeepsTheAreaOfAValidOne) {
  const Geometry square = test::rectangle(138, 37, 138.1, 37.1);
  const Repair repair = make_valid(square);
  EXPECT_EQ(repair.geometry, square);
  EXPECT_EQ(repair.reason, "");
  EXPECT_EQ(repair.area_before_m2, repair.area_after_m2);
}

TEST(Validity, RepairOfABowTieGivesItsTwoWings) {
  const Repair repair = make_valid(bow_tie());
  EXPECT_EQ(why_invalid(repair.geometry), std::nullopt);
  EXPECT_EQ(repair.geometry.part_ends.size(), 2u);
  EXPECT_TRUE(repair.geometry.multi);
  EXPECT_NEAR(repair.area_after_m2, area_m2(test::rectangle(138, 37, 138.1, 37.1)) / 2, 1e5);
  EXPECT_FALSE(repair.reason.empty());
}

TEST(Validity, RepairClosesOpensAndDropsWhatHasNoArea) {
  Geometry open = test::rectangle(138, 37, 138.1, 37.1);
  open.points.pop_back();
  open.ring_ends.back() = 4;
  EXPECT_NEAR(make_valid(open).area_after_m2, area_m2(test::rectangle(138, 37, 138.1, 37.1)), 1);
  EXPECT_TRUE(make_valid(test::polygon({{{138, 37}, {138.1, 37}, {138.2, 37}}})).geometry.empty());
  Geometry infinite = test::rectangle(138, 37, INFINITY, 38);
  const Repair hopeless = make_valid(infinite);
  EXPECT_TRUE(hopeless.geometry.empty());
  EXPECT_FALSE(hopeless.reason.empty());
  Geometry lines = test::line({{138, 37}, {138, 37}});
  lines.points.insert(lines.points.end(), {{138, 37}, {139, 37}});
  lines.end_ring();
  EXPECT_EQ(make_valid(lines).geometry.ring_ends.size(), 1u);
}

TEST(Validity, AHoleOutsideItsShellBecomesAPolygon) {
  const Geometry g = test::polygon(
      {{{138, 37}, {138.1, 37}, {138.1, 37.1}, {138, 37.1}}, {{138.2, 37}, {138.3, 37}, {138.3, 37.1}}});
  ASSERT_TRUE(why_invalid(g).has_value());
  const Repair repair = make_valid(g);
  EXPECT_EQ(why_invalid(repair.geometry), std::nullopt);
  EXPECT_EQ(repair.geometry.part_ends.size(), 2u);
}

bool inside(Point p, const Geometry& g) {
  bool in = false;
  for (std::size_t ring = 0; ring < g.ring_ends.size(); ++ring) {
    for (std::size_t i = g.ring_begin(ring) + 1; i < g.ring_ends[ring]; ++i) {
      const Point s = g.points[i - 1];
      const Point t = g.points[i];
      if ((s.y > p.y) != (t.y > p.y) && p.x < s.x + (p.y - s.y) / (t.y - s.y) * (t.x - s.x)) in = !in;
    }
  }
  return in;
}

TEST(Validity, APointInsideIsInside) {
  test::Dice dice(6);
  for (int i = 0; i < 300; ++i) {
    const Geometry g = test::random_geometry(dice, Kind::polygon, 1);
    EXPECT_TRUE(inside(point_inside(g), g));
  }
  EXPECT_EQ(point_inside(test::line({{0, 0}, {2, 0}, {2, 2}})), (Point{2, 0}));
  EXPECT_EQ(point_inside(test::line({{5, 5}, {5, 5}})), (Point{5, 5}));
  EXPECT_NO_THROW(point_inside(bow_tie()));
  EXPECT_THROW(point_inside(Geometry{}), base::Error);
}

TEST(Validity, ThreadsHaveTheirOwnLibraryContext) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([] {
      for (int k = 0; k < 200; ++k) {
        EXPECT_TRUE(why_invalid(bow_tie()).has_value());
        EXPECT_EQ(make_valid(bow_tie()).geometry.part_ends.size(), 2u);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace ritchi::geom
