#include <gdal/ogr_srs_api.h>
#include <gtest/gtest.h>

#include <cmath>
#include <type_traits>

#include "importers/synth/exact_math.hpp"
#include "importers/synth/plane.hpp"
#include "importers/synth/random.hpp"
#include "importers/synth/region.hpp"
#include "tests/unit/importers_synth/made.hpp"

namespace ritchi::synth {
namespace {

TEST(ExactMath, AgreesWithTheLibraryToTheLastDigits) {
  Random random(3, {1});
  for (int i = 0; i < 20000; ++i) {
    const double angle = random.between(-30.0, 30.0);
    EXPECT_NEAR(exact_sincos(angle).sine, std::sin(angle), 1e-15);
    EXPECT_NEAR(exact_sincos(angle).cosine, std::cos(angle), 1e-15);
    const double x = random.between(-20.0, 20.0);
    EXPECT_NEAR(exact_exp(x) / std::exp(x), 1, 1e-15);
  }
}

TEST(Random, IsTheSameEverywhere) {
  // From the definition of SplitMix64 (seed 0 gives e220a8397b1dcdaf first); here the keyed form.
  Random random(1, {2, 3});
  const std::uint64_t first = random.next();
  Random again(1, {2, 3});
  EXPECT_EQ(again.next(), first);
  EXPECT_NE(Random(1, {3, 2}).next(), first);
  EXPECT_NE(Random(2, {2, 3}).next(), first);
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < 100000; ++i) {
    const double value = random.bell();
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / 100000, 0, 0.02);
  EXPECT_NEAR(squares / 100000, 1, 0.02);
}

TEST(Plane, AgreesWithProjInEveryZoneToATenthOfAMillimetre) {
  struct Closer {
    void operator()(void* system) const { OSRDestroySpatialReference(system); }
  };
  using System = std::unique_ptr<void, Closer>;
  for (int zone = 1; zone <= 19; ++zone) {
    const System geographic(OSRNewSpatialReference(nullptr));
    const System plane_system(OSRNewSpatialReference(nullptr));
    ASSERT_EQ(OSRImportFromEPSG(geographic.get(), 6668), OGRERR_NONE);
    ASSERT_EQ(OSRImportFromEPSG(plane_system.get(), 6668 + zone), OGRERR_NONE);
    OSRSetAxisMappingStrategy(geographic.get(), OAMS_TRADITIONAL_GIS_ORDER);
    OSRSetAxisMappingStrategy(plane_system.get(), OAMS_TRADITIONAL_GIS_ORDER);
    const auto transform = OCTNewCoordinateTransformation(plane_system.get(), geographic.get());
    ASSERT_NE(transform, nullptr);
    const Plane plane(zone);
    for (const geom::Point metres : {geom::Point{0, 0},
                                     {21993.8467, 158097.6073},
                                     {-120000, -150000},
                                     {100000, 250000},
                                     {-60000, 90000}}) {
      double x = metres.x;
      double y = metres.y;
      ASSERT_TRUE(OCTTransform(transform, 1, &x, &y, nullptr));
      const geom::Point degrees = plane.to_degrees(metres);
      EXPECT_NEAR(degrees.x, x, 1e-9) << "zone " << zone;
      EXPECT_NEAR(degrees.y, y, 1e-9) << "zone " << zone;
      const geom::Point back = plane.to_metres(degrees);
      EXPECT_NEAR(back.x, metres.x, 1e-4);
      EXPECT_NEAR(back.y, metres.y, 1e-4);
    }
    OCTDestroyCoordinateTransformation(transform);
  }
}

TEST(Region, CheckDigitsAreTheOfficialOnes) {
  EXPECT_EQ(with_check_digit("15202"), "152021");
  EXPECT_EQ(with_check_digit("15204"), "152048");
  EXPECT_EQ(with_check_digit("15504"), "155047");
  EXPECT_EQ(with_check_digit("15217"), "152170");
  EXPECT_EQ(with_check_digit("08220"), "082201");
}

TEST(Region, EveryPrefectureHasPlainAndTownsOnItsOwnIslands) {
  const auto regions = regions_of("japan");
  ASSERT_EQ(regions.size(), 47U);
  for (const Region& region : regions) {
    SCOPED_TRACE(region.prefecture);
    EXPECT_FALSE(region.cells_of(false, true, false).empty());
    EXPECT_FALSE(region.cells_of(false, false, true).empty());
    for (const Municipality& municipality : region.municipalities)
      EXPECT_EQ(municipality.code.substr(0, 2), region.prefecture_code);
    const geom::Point middle = region.plane.to_degrees(region.centre(region.heart));
    EXPECT_GT(middle.x, 127);
    EXPECT_LT(middle.x, 146);
    EXPECT_GT(middle.y, 26);
    EXPECT_LT(middle.y, 46);
    // Zones are chosen so that a prefecture lies near its zone's meridian.
    EXPECT_LT(std::fabs(region.centre(region.heart).x), 130000);
  }
}

}  // namespace
}  // namespace ritchi::synth
