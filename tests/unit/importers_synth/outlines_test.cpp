#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "geodata/base/error.hpp"
#include "importers/synth/geojson.hpp"
#include "importers/synth/n03.hpp"
#include "importers/synth/outlines.hpp"
#include "importers/synth/random.hpp"
#include "tests/unit/importers_synth/made.hpp"

namespace ritchi::synth {
namespace {

using ::testing::HasSubstr;

// Two municipalities side by side round a bay, a third on an island; the border between the two is slanting.
constexpr const char* coast = R"({"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"N03_001": "新潟県", "N03_003": null, "N03_004": "長岡市", "N03_007": "15202"},
 "geometry": {"type": "Polygon", "coordinates": [[[138.6,37.3],[138.82,37.3],[138.85,37.6],[138.75,37.55],[138.6,37.5],[138.6,37.3]]]}},
{"type": "Feature", "properties": {"N03_001": "新潟県", "N03_003": "刈羽郡", "N03_004": "刈羽村", "N03_007": "15504"},
 "geometry": {"type": "Polygon", "coordinates": [[[138.82,37.3],[139.05,37.32],[139.02,37.58],[138.92,37.5],[138.85,37.6],[138.82,37.3]],
   [[138.95,37.4],[138.98,37.4],[138.98,37.43],[138.95,37.43],[138.95,37.4]]]}},
{"type": "Feature", "properties": {"N03_001": "新潟県", "N03_003": null, "N03_004": "佐渡市", "N03_007": "15224"},
 "geometry": {"type": "MultiPolygon", "coordinates": [[[[138.3,37.8],[138.42,37.82],[138.4,37.92],[138.3,37.8]]]]}},
{"type": "Feature", "properties": {"N03_001": "新潟県", "N03_003": null, "N03_004": "佐渡市", "N03_007": "15224"},
 "geometry": {"type": "Polygon", "coordinates": [[[138.45,37.9],[138.5,37.9],[138.5,37.95],[138.45,37.95],[138.45,37.9]]]}},
{"type": "Feature", "properties": {"N03_001": "新潟県", "N03_003": null, "N03_004": "所属未定地", "N03_007": null},
 "geometry": {"type": "Polygon", "coordinates": [[[138.5,37.2],[138.51,37.2],[138.51,37.21],[138.5,37.2]]]}}]})";

std::filesystem::path coast_file(const Scratch& scratch) {
  const auto path = scratch.path() / "N03.geojson";
  std::ofstream(path) << coast;
  return path;
}

std::map<std::string, Shape> municipalities_of(const std::filesystem::path& path) {
  std::map<std::string, Shape> all;
  each(path, [&](OGRFeatureH feature) {
    const std::string code = text(feature, "N03_007");
    if (code.empty()) return;
    Shape& shape = all[code];
    Shape piece(OGR_G_Clone(OGR_F_GetGeometryRef(feature)));
    shape = shape ? Shape(OGR_G_Union(shape.get(), piece.get())) : std::move(piece);
  });
  return all;
}

TEST(N03, JoinsThePiecesOfAMunicipalityAndLeavesOutWhatBelongsToNone) {
  const Scratch scratch;
  const N03 n03 = read_n03({coast_file(scratch).string()}, {15});
  const auto& outlines = n03.prefectures.at(15);
  ASSERT_EQ(outlines.size(), 3U);
  EXPECT_EQ(outlines[1].code, "15224");
  EXPECT_EQ(outlines[1].land.part_ends.size(), 2U);
  EXPECT_EQ(outlines[2].county, "刈羽郡");
  EXPECT_THROW(read_n03({coast_file(scratch).string()}, {14}), base::Error);
}

TEST(N03, AFileOfSomethingElseIsNamed) {
  const Scratch scratch;
  const auto path = scratch.path() / "other.geojson";
  std::ofstream(path)
      << R"({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"a": 1},
    "geometry": {"type": "Point", "coordinates": [138, 37]}}]})";
  try {
    generate({1, 0.01, "15", scratch.path() / "x", {path.string()}});
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_THAT(error.line(), HasSubstr("N03_007"));
    EXPECT_THAT(error.line(), HasSubstr("other.geojson"));
  }
  EXPECT_FALSE(std::filesystem::exists(scratch.path() / "x"));
}

TEST(Outlines, OwnersAreThoseThatGdalFinds) {
  const Scratch scratch;
  const auto path = coast_file(scratch);
  const Plane plane(8);
  const Outlines outlines(read_n03({path.string()}, {15}).prefectures.at(15), plane);
  const auto shapes = municipalities_of(path);
  Random random(1, {1});
  int at_sea = 0;
  for (int i = 0; i < 3000; ++i) {
    const geom::Point degrees{random.between(138.2, 139.1), random.between(37.2, 38.0)};
    const int owner = outlines.owner(plane.to_metres(degrees));
    Shape point(OGR_G_CreateGeometry(wkbPoint));
    OGR_G_SetPoint_2D(point.get(), 0, degrees.x, degrees.y);
    std::string code;
    for (const auto& [its, shape] : shapes)
      if (OGR_G_Contains(shape.get(), point.get())) code = its;
    EXPECT_EQ(owner < 0 ? "" : outlines.all()[static_cast<std::size_t>(owner)].code, code)
        << degrees.x << " " << degrees.y;
    at_sea += owner < 0 ? 1 : 0;
  }
  EXPECT_GT(at_sea, 300);
}

TEST(Outlines, AShapeAcrossABorderIsHeldByNone) {
  const Scratch scratch;
  const Plane plane(8);
  const Outlines outlines(read_n03({coast_file(scratch).string()}, {15}).prefectures.at(15), plane);
  const auto square = [&](double longitude, double latitude, double size_m) {
    const geom::Point p = plane.to_metres({longitude, latitude});
    return Ring{p, {p.x + size_m, p.y}, {p.x + size_m, p.y + size_m}, {p.x, p.y + size_m}};
  };
  EXPECT_EQ(outlines.holder(square(138.7, 37.4, 3000)), 0);
  EXPECT_EQ(outlines.holder(square(138.9, 37.4, 3000)), 2);
  EXPECT_EQ(outlines.holder(square(138.82, 37.4, 3000)), -1) << "across the border";
  EXPECT_EQ(outlines.holder(square(138.94, 37.39, 6000)), -1) << "round the lake";
  EXPECT_EQ(outlines.holder(square(138.6, 37.8, 3000)), -1) << "in the sea";
  EXPECT_EQ(outlines.holder(square(120, 20, 3000)), -1) << "far off";
}

// Everything that lies somewhere lies within the municipality that it names.
class Land {
 public:
  explicit Land(const std::filesystem::path& path) : m_shapes(municipalities_of(path)) {}
  void check(OGRGeometryH geometry, const std::string& code, const char* what) {
    const auto found = m_shapes.find(code.substr(0, 5));
    ASSERT_NE(found, m_shapes.end()) << what << " in " << code;
    Shape outside(OGR_G_Difference(geometry, found->second.get()));
    EXPECT_TRUE(!outside || OGR_G_IsEmpty(outside.get())) << what << " sticks out of " << code;
    ++m_checked;
  }
  void check_any(OGRGeometryH geometry, const char* what) {
    int holders = 0;
    for (const auto& [code, shape] : m_shapes) holders += OGR_G_Contains(shape.get(), geometry) ? 1 : 0;
    EXPECT_EQ(holders, 1) << what;
    ++m_checked;
  }
  int checked() const { return m_checked; }

 private:
  std::map<std::string, Shape> m_shapes;
  int m_checked = 0;
};

bool is_plausible(OGRGeometryH geometry) {
  OGREnvelope box;
  OGR_G_GetEnvelope(geometry, &box);
  return box.MinX > 100 && OGR_G_IsValid(geometry);
}

TEST(Outlines, WhatIsGeneratedLiesInTheMunicipalityThatItNames) {
  const Scratch scratch;
  const auto n03 = coast_file(scratch);
  const auto out = scratch.path() / "x";
  generate({1, 0.05, "15202", out, {n03.string()}});
  Land land(n03);
  CPLPushErrorHandler(CPLQuietErrorHandler);
  each(out / "farmland_parcels.geojsonl", [&](OGRFeatureH feature) {
    const OGRGeometryH shape = OGR_F_GetGeometryRef(feature);
    if (is_plausible(shape)) land.check(shape, text(feature, "local_government_cd"), "a parcel");
  });
  EXPECT_GT(land.checked(), 9900);
  each(out / "a12/A12-15_15.shp", [&](OGRFeatureH feature) {
    const OGRGeometryH shape = OGR_F_GetGeometryRef(feature);
    if (is_plausible(shape)) land.check(shape, text(feature, "AREA_CD"), "a zone");
  });
  each(out / "l05/L05-14_15.shp", [&](OGRFeatureH feature) {
    const std::string code = text(feature, "L05_003");
    if (code != "15215") land.check(OGR_F_GetGeometryRef(feature), code, "a park");
  });
  each(out / "site-survey.csv", [&](OGRFeatureH feature) {
    const Shape shape = shape_of_wkt(text(feature, "形状"));
    if (is_plausible(shape.get())) land.check(shape.get(), text(feature, "市区町村コード"), "a site");
  });
  each(out / "water-pipe-ledger.csv", [&](OGRFeatureH feature) {
    const Shape shape = shape_of_wkt(text(feature, "形状"));
    if (is_plausible(shape.get())) land.check(shape.get(), text(feature, "市区町村コード"), "a pipe");
  });
  each(out / "investments.csv", [&](OGRFeatureH feature) {
    const std::string longitude = text(feature, "経度");
    if (longitude.empty() || std::stod(longitude) < 100) return;
    const Shape point = shape_of_wkt("POINT(" + longitude + " " + text(feature, "緯度") + ")");
    land.check(point.get(), text(feature, "市区町村コード"), "an investment");
  });
  each(out / "interchanges.geojson",
       [&](OGRFeatureH feature) { land.check_any(OGR_F_GetGeometryRef(feature), "an interchange"); });
  each(
      out / "zoning_15_urf_6668_yoto_op.gml",
      [&](OGRFeatureH feature) { land.check_any(OGR_F_GetGeometryRef(feature), "a use district"); },
      "UseDistrict");
  for (const char* file : {"promotion_zones.geojson", "soil_contamination.geojson"})
    each(out / file, [&](OGRFeatureH feature) {
      land.check(OGR_F_GetGeometryRef(feature), text(feature, "市区町村コード"), file);
    });
  each(out / "substations.csv", [&](OGRFeatureH feature) {
    const Shape point = shape_of_wkt("POINT(" + text(feature, "経度") + " " + text(feature, "緯度") + ")");
    land.check(point.get(), text(feature, "市区町村コード"), "a substation");
  });
  each(out / "c02/C02-14_PortAndHarbor_15.geojson", [&](OGRFeatureH feature) {
    land.check(OGR_F_GetGeometryRef(feature), text(feature, "C02_003"), "a port");
  });
  each(out / "c28/C28-21_Airport_15.geojson", [&](OGRFeatureH feature) {
    land.check(OGR_F_GetGeometryRef(feature), text(feature, "C28_001"), "an airport");
  });
  each(out / "n02/N02-23_Station_15.geojson",
       [&](OGRFeatureH feature) { land.check_any(OGR_F_GetGeometryRef(feature), "a station"); });
  each(out / "l01/L01-24_15.geojson", [&](OGRFeatureH feature) {
    land.check(OGR_F_GetGeometryRef(feature), text(feature, "L01_001"), "a land price");
  });
  CPLPopErrorHandler();
  // The outlines are those that were given.
  const auto given = municipalities_of(n03);
  const auto written = municipalities_of(out / "municipalities.geojson");
  ASSERT_EQ(written.size(), given.size());
  for (const auto& [code, shape] : given)
    EXPECT_TRUE(OGR_G_Equals(shape.get(), written.at(code).get())) << code;
  EXPECT_THAT(bytes_of(out / "municipalities.geojson"), ::testing::Not(HasSubstr("synthetic")));
}

TEST(Outlines, WhatIsSaidToFitFitsBetweenTheBorders) {
  const Scratch scratch;
  const Region region =
      outlined_region(15, read_n03({coast_file(scratch).string()}, {15}).prefectures.at(15), "15202");
  EXPECT_EQ(region
                .municipalities[static_cast<std::size_t>(
                    region.municipality[static_cast<std::size_t>(region.heart)])]
                .code,
            "15202");
  const Counts room = room_in(region, 1);
  Job job{region, 1, {room.sites, 1000, 1000, 100, room.parks}, scratch.path(), {}};
  check_room(region, 1, job.counts);
  EXPECT_NO_THROW(write_sites_and_parks(job));
}

TEST(Outlines, SameOutlinesSameBytes) {
  const Scratch scratch;
  const auto n03 = coast_file(scratch);
  generate({1, 0.01, "15", scratch.path() / "a", {n03.string()}});
  generate({1, 0.01, "15", scratch.path() / "b", {n03.string()}});
  EXPECT_EQ(bytes_of(scratch.path() / "a/manifest.json"), bytes_of(scratch.path() / "b/manifest.json"));
  EXPECT_EQ(manifest_of(scratch.path() / "a").at("n03_sha256").get<std::string>().size(), 64U);
}

}  // namespace
}  // namespace ritchi::synth
