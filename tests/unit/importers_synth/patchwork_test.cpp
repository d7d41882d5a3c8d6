#include <gtest/gtest.h>

#include <map>
#include <numeric>

#include "importers/synth/patchwork.hpp"
#include "importers/synth/plots.hpp"
#include "importers/synth/random.hpp"
#include "tests/unit/importers_synth/made.hpp"

namespace ritchi::synth {
namespace {

Shape polygon_of(const Area& area) {
  Shape polygon(OGR_G_CreateGeometry(wkbPolygon));
  for (const Ring& ring : area) {
    OGRGeometryH line = OGR_G_CreateGeometry(wkbLinearRing);
    for (std::size_t i = 0; i <= ring.size(); ++i)
      OGR_G_AddPoint_2D(line, ring[i % ring.size()].x, ring[i % ring.size()].y);
    OGR_G_AddGeometryDirectly(polygon.get(), line);
  }
  return polygon;
}

// Drawn at random, so that patches touch in corners and pieces have holes in every way.
TEST(Patchwork, PiecesOfAnyPatternAreValidAndShareTheLandExactly) {
  const Region region = demo_region();
  const std::vector<int> cells = region.cells_of(true, true, true);
  const std::vector<int> few(cells.begin(), cells.begin() + 12);
  for (const PatchRules& rules : {planning_patches(), natural_patches(8)}) {
    const Patchwork patches(region, 3, rules);
    Random random(5, {1});
    std::map<int, double> wanted_m2;
    const auto pieces = patches.pieces(few, [&](const Patch& patch) {
      const double drawn = random.real();
      const int kind = drawn < 0.65 ? 0 : drawn < 0.85 ? 1 : -1;
      if (kind >= 0) wanted_m2[kind] += ring_area_m2(patches.ring(patch));
      return kind;
    });
    std::map<int, double> found_m2;
    std::map<int, Shape> all;
    int holes = 0;
    for (const auto& piece : pieces) {
      const Shape shape = polygon_of(piece.area);
      EXPECT_TRUE(OGR_G_IsValid(shape.get()));
      found_m2[piece.kind] += OGR_G_Area(shape.get());
      holes += static_cast<int>(piece.area.size()) - 1;
      Shape& sum = all[piece.kind];
      sum.reset(sum ? OGR_G_Union(sum.get(), shape.get()) : OGR_G_Clone(shape.get()));
    }
    EXPECT_GT(holes, 10);
    ASSERT_EQ(found_m2.size(), 2U);
    for (const auto& [kind, area_m2] : wanted_m2) {
      EXPECT_NEAR(found_m2[kind], area_m2, 1) << kind;
      EXPECT_NEAR(OGR_G_Area(all[kind].get()), area_m2, 1) << "pieces of one kind do not overlap";
    }
    const Shape both(OGR_G_Intersection(all[0].get(), all[1].get()));
    EXPECT_LT(OGR_G_Area(both.get()), 1);
  }
}

TEST(Patchwork, OfAWholeRegionTheLandAwayFromTheCoastIsLeft) {
  const Region region = demo_region();
  const Patchwork patches(region, 3, planning_patches());
  const auto areas = patches.areas(region.cells_of(true, true, true), [](const Patch&) { return true; });
  ASSERT_EQ(areas.size(), 1U);
  double area_m2 = ring_area_m2(areas.front().front());
  for (std::size_t hole = 1; hole < areas.front().size(); ++hole)
    area_m2 -= ring_area_m2(areas.front()[hole]);
  const double land_m2 = static_cast<double>(region.cells_of(true, true, true).size()) * cell_m * cell_m;
  EXPECT_GT(area_m2, land_m2 * 0.95);
  EXPECT_LT(area_m2, land_m2);
}

}  // namespace
}  // namespace ritchi::synth
