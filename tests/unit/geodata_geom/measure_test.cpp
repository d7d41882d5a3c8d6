// Geodesic figures and reference systems against known values.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "geodata/base/error.hpp"
#include "geodata/geom/geodesic.hpp"
#include "geodata/geom/projection.hpp"
#include "geodata/geom/tile_math.hpp"
#include "tests/unit/geodata_geom/shapes.hpp"

namespace ritchi::geom {
namespace {

constexpr double a = 6378137.0;
constexpr double f = 1 / 298.257222101;
constexpr double e2 = f * (2 - f);

TEST(Geodesic, ADegreeOfMeridianAndOfEquator) {
  // Published lengths on GRS80: 110,574.3 m at the equator, 111,694 m at the pole; a degree of the equator is
  // a * pi/180.
  EXPECT_NEAR(distance_m({139, 0}, {139, 1}), 110574.39, 0.05);
  EXPECT_NEAR(distance_m({139, 89}, {139, 90}), 111693.9, 0.1);
  EXPECT_NEAR(distance_m({139, 0}, {140, 0}), a * std::numbers::pi / 180, 1e-6);
  EXPECT_DOUBLE_EQ(distance_m({139, 36}, {139, 36}), 0);
}

// Area of a cell between meridians and parallels, by the closed formula (the edges along parallels are not
// geodesics, so only small cells agree).
double cell_area_m2(double south, double north, double degrees_wide) {
  const auto zone = [](double latitude) {
    const double s = std::sin(latitude * std::numbers::pi / 180);
    const double e = std::sqrt(e2);
    return s / (1 - e2 * s * s) + std::log((1 + e * s) / (1 - e * s)) / (2 * e);
  };
  const double b2 = a * a * (1 - e2);
  return b2 / 2 * (degrees_wide * std::numbers::pi / 180) * (zone(north) - zone(south));
}

TEST(Geodesic, AThirdMeshCellHasItsArea) {
  const double south = 37 + 24.0 / 60;
  const Geometry cell = test::rectangle(138.75, south, 138.7625, south + 1.0 / 120);
  EXPECT_NEAR(area_m2(cell), cell_area_m2(south, south + 1.0 / 120, 0.0125), 20);
  EXPECT_NEAR(area_m2(cell), 1.0236e6, 1000);
}

TEST(Geodesic, HolesAreTakenAwayHoweverRingsTurn) {
  const double outer = area_m2(test::rectangle(138, 37, 138.1, 37.1));
  const double inner = area_m2(test::rectangle(138.04, 37.04, 138.06, 37.06));
  Geometry g = test::rectangle(138, 37, 138.1, 37.1);
  g.part_ends.clear();
  test::add_ring(g, {{138.04, 37.04}, {138.06, 37.04}, {138.06, 37.06}, {138.04, 37.06}});
  g.end_part();
  EXPECT_NEAR(area_m2(g), outer - inner, 1e-3);
  std::reverse(g.points.begin(), g.points.begin() + 5);
  EXPECT_NEAR(area_m2(g), outer - inner, 1e-3);
}

TEST(Geodesic, LengthsOfLinesAndNothingOfPoints) {
  const Geometry path = test::line({{139, 35}, {139, 36}, {140, 36}});
  EXPECT_NEAR(length_m(path), distance_m({139, 35}, {139, 36}) + distance_m({139, 36}, {140, 36}), 1e-6);
  EXPECT_EQ(area_m2(path), 0);
  Geometry point;
  point.points = {{139, 35}};
  EXPECT_EQ(length_m(point), 0);
}

// A centimetre in degrees, near enough.
constexpr double centimetre = 0.9e-7;

TEST(Projection, PlaneEightAgreesWithGdal) {
  // Corners of the published pipe network; the results are gdaltransform's (EPSG:6676 to EPSG:6668).
  const struct {
    Point plane;
    Point lonlat;
  } known[] = {{{21543.145999999, 158777.11009971536}, {138.743429916179, 37.4306734641164}},
               {{0, 0}, {138.5, 36.0}}};
  for (const char* source : {"EPSG:6676", "EPSG:10169", "http://www.opengis.net/def/crs/EPSG/0/10169"}) {
    const Projection projection = Projection::to_stored(source);
    for (const auto& k : known) {
      const Point p = projection.apply(k.plane);
      EXPECT_NEAR(p.x, k.lonlat.x, centimetre) << source;
      EXPECT_NEAR(p.y, k.lonlat.y, centimetre) << source;
    }
    EXPECT_TRUE(projection.northing_first());
    EXPECT_EQ(projection.source(), source);
    EXPECT_NE(projection.name().find("Japan Plane Rectangular CS zone VIII"), std::string::npos);
  }
}

TEST(Projection, EveryPlaneHasItsOriginAndItsHeightSystem) {
  // Origins of the planes I to XIX as longitude and latitude.
  const Point origins[] = {{129.5, 33},        {131, 33},          {132 + 1. / 6, 36}, {133.5, 33},
                           {134 + 1. / 3, 36}, {136, 36},          {137 + 1. / 6, 36}, {138.5, 36},
                           {139 + 5. / 6, 36}, {140 + 5. / 6, 40}, {140.25, 44},       {142.25, 44},
                           {144.25, 44},       {142, 26},          {127.5, 26},        {124, 26},
                           {131, 26},          {136, 20},          {154, 26}};
  for (int zone = 0; zone < 19; ++zone) {
    for (const int first : {6669, 10162}) {
      const std::string source = "EPSG:" + std::to_string(first + zone);
      const Point p = Projection::to_stored(source).apply(Point{0, 0});
      EXPECT_NEAR(p.x, origins[zone].x, centimetre) << source;
      EXPECT_NEAR(p.y, origins[zone].y, centimetre) << source;
    }
  }
}

TEST(Projection, GeographicSystemsKeepOrShiftTheirDegrees) {
  for (const char* source : {"EPSG:6668", "EPSG:6697", "EPSG:4612", "EPSG:4326", "OGC:CRS84"}) {
    const Projection projection = Projection::to_stored(source);
    const Point p = projection.apply(Point{138.74, 37.41});
    EXPECT_NEAR(p.x, 138.74, 1e-9) << source;
    EXPECT_NEAR(p.y, 37.41, 1e-9) << source;
    EXPECT_EQ(projection.northing_first(), std::string(source) != "OGC:CRS84") << source;
  }
  EXPECT_NE(Projection::to_stored("EPSG:4612").name().find("JGD2000 to JGD2011"), std::string::npos);
  // Tokyo datum lies about 450 m to the south-east here; PROJ states 10 m without a grid.
  const Projection tokyo = Projection::to_stored("EPSG:4301");
  const Point p = tokyo.apply(Point{138.74, 37.41});
  EXPECT_NEAR(p.x, 138.736782723, 1e-8);
  EXPECT_NEAR(p.y, 37.413014070, 1e-8);
  ASSERT_TRUE(tokyo.accuracy_m().has_value());
  EXPECT_GE(*tokyo.accuracy_m(), 1);
}

TEST(Projection, WktAndProjStrings) {
  const std::string esri =
      "PROJCS[\"JGD_2011_Japan_Zone_8\",GEOGCS[\"GCS_JGD_2011\",DATUM[\"D_JGD_2011\",SPHEROID[\"GRS_1980\","
      "6378137.0,"
      "298.257222101]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]],PROJECTION["
      "\"Transverse_"
      "Mercator\"],PARAMETER[\"False_Easting\",0.0],PARAMETER[\"False_Northing\",0.0],PARAMETER[\"Central_"
      "Meridian\","
      "138.5],PARAMETER[\"Scale_Factor\",0.9999],PARAMETER[\"Latitude_Of_Origin\",36.0],UNIT[\"Meter\",1.0]]";
  const Projection projection = Projection::to_stored(esri);
  EXPECT_FALSE(projection.northing_first());
  EXPECT_NEAR(projection.apply(Point{21543.145999999, 158777.11009971536}).x, 138.743429916179, centimetre);
  const Projection utm = Projection::to_stored("+proj=utm +zone=54 +ellps=GRS80 +units=m");
  EXPECT_NEAR(utm.apply(Point{500000, 0}).x, 141, 1e-9);
}

TEST(Projection, WhatCannotBeIsRefusedWithARemedy) {
  for (const char* source : {"EPSG:99999", "EPSG:5773", "EPSG:4978", "nonsense", "", "EPSG:"}) {
    try {
      Projection::to_stored(source);
      ADD_FAILURE() << source;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.kind(), base::ErrorKind::bad_input) << source;
      EXPECT_FALSE(error.remedy().empty());
    }
  }
  const Projection plane = Projection::to_stored("EPSG:6676");
  const Projection degrees = Projection::to_stored("EPSG:4326");
  EXPECT_THROW(plane.apply(Point{1e12, 1e12}), base::Error);
  EXPECT_THROW(plane.apply(Point{std::nan(""), 0}), base::Error);
  EXPECT_THROW(degrees.apply(Point{21543.1, 158777.1}), base::Error);
  EXPECT_THROW(degrees.apply(Point{37.4, 138.7}), base::Error);
  EXPECT_THROW(degrees.apply(Point{std::numeric_limits<double>::infinity(), 0}), base::Error);
  // An error leaves the object usable.
  EXPECT_NEAR(plane.apply(Point{0, 0}).x, 138.5, 1e-9);
}

TEST(TileMath, CornersOfTheWorldAndBack) {
  const Box world = tile_bounds_lonlat({0, 0, 0});
  EXPECT_NEAR(world.min_x, -180, 1e-9);
  EXPECT_NEAR(world.max_y, max_mercator_latitude, 1e-9);
  EXPECT_EQ(to_mercator_unit({0, 90}).y, to_mercator_unit({0, max_mercator_latitude}).y);
  test::Dice dice(5);
  for (int i = 0; i < 1000; ++i) {
    const Point p{dice.between(-180, 180), dice.between(-85, 85)};
    const Point back = from_mercator_unit(to_mercator_unit(p));
    EXPECT_NEAR(back.x, p.x, 1e-10);
    EXPECT_NEAR(back.y, p.y, 1e-10);
  }
  // Niigata city as every slippy map numbers it.
  const Point unit = to_mercator_unit({139.0364, 37.9024});
  EXPECT_EQ(static_cast<int>(unit.x * 16384), 14519);
  EXPECT_TRUE(valid({14, 16383, 16383}));
  EXPECT_FALSE(valid({14, 16384, 0}));
  EXPECT_FALSE(valid({-1, 0, 0}));
  EXPECT_FALSE(valid({25, 0, 0}));
}

}  // namespace
}  // namespace ritchi::geom
