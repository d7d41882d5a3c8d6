#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "geodata/base/text.hpp"
#include "tests/unit/importers_synth/made.hpp"

namespace ritchi::synth {
namespace {

using ::testing::HasSubstr;

int count_in(const std::string& profile, const char* layer = nullptr) {
  int count = 0;
  for (const auto& file : files_of(profile))
    count += each(
        file, [](OGRFeatureH) {}, layer);
  return count;
}

TEST(Files, GdalReadsAsManyFeaturesAsTheManifestStates) {
  for (const char* profile :
       {"ksj-n03", "ksj-n06", "ksj-l05", "ksj-a12", "fude", "site-survey", "investments", "pipe-ledger"})
    EXPECT_EQ(count_in(profile), entry_of(profile).at("rows").get<int>()) << profile;
  EXPECT_EQ(count_in("plateau-unf", "WaterPipe"), entry_of("plateau-unf").at("rows").get<int>());
  EXPECT_EQ(count_in("plateau-unf-nodes", "Handhole"), entry_of("plateau-unf-nodes").at("rows").get<int>());
  EXPECT_EQ(count_in("plateau-urf", "UseDistrict"), entry_of("plateau-urf").at("rows").get<int>());
}

TEST(Files, EveryRecordSaysThatItIsInvented) {
  const auto check = [](const std::string& profile, const char* field, const std::string& value,
                        const char* layer = nullptr) {
    for (const auto& file : files_of(profile))
      each(
          file, [&](OGRFeatureH feature) { EXPECT_EQ(text(feature, field), value) << profile; }, layer);
  };
  for (const char* profile : {"ksj-n03", "ksj-n06", "fude"}) check(profile, "synthetic", "1");
  for (const char* profile : {"ksj-a12", "ksj-l05"}) check(profile, "SYNTHETIC", "1");
  for (const char* profile : {"site-survey", "investments", "pipe-ledger"}) check(profile, "合成", "1");
  check("plateau-unf", "description", "synthetic", "WaterPipe");
  check("plateau-unf", "description", "synthetic", "Handhole");
  check("plateau-urf", "description", "synthetic", "UseDistrict");
  EXPECT_THAT(bytes_of(demo() / "README.txt"), HasSubstr("SYNTHETIC DATA"));
  EXPECT_TRUE(manifest_of(demo()).at("synthetic").get<bool>());
}

TEST(Files, EverythingLiesInsideTheRegion) {
  // The demo region's rectangle in degrees, with room for the municipal borders' wiggle.
  const double west = 138.41;
  const double east = 139.27;
  const double south = 36.99;
  const double north = 37.79;
  const auto check = [&](OGRGeometryH geometry, const char* what) {
    ASSERT_NE(geometry, nullptr) << what;
    OGREnvelope box;
    OGR_G_GetEnvelope(geometry, &box);
    EXPECT_GE(box.MinX, west) << what;
    EXPECT_LE(box.MaxX, east) << what;
    EXPECT_GE(box.MinY, south) << what;
    EXPECT_LE(box.MaxY, north) << what;
  };
  for (const char* profile : {"ksj-n03", "ksj-n06", "ksj-l05", "ksj-a12", "fude"})
    for (const auto& file : files_of(profile))
      each(file, [&](OGRFeatureH feature) { check(OGR_F_GetGeometryRef(feature), profile); });
  for (const char* profile : {"site-survey", "pipe-ledger"}) {
    int elsewhere = 0;
    each(files_of(profile).front(), [&](OGRFeatureH feature) {
      const Shape shape = shape_of_wkt(text(feature, "形状"));
      OGREnvelope box;
      OGR_G_GetEnvelope(shape.get(), &box);
      if (box.MinX < 100)
        ++elsewhere;
      else
        check(shape.get(), profile);
    });
    const auto rejected = entry_of(profile).at("rejected_by");
    EXPECT_EQ(elsewhere, rejected.value("coordinates_exchanged", 0) + rejected.value("coordinates_zero", 0));
  }
}

TEST(Files, MunicipalitiesAreValidAndTileTheLandWithoutGapOrOverlap) {
  Shape all(OGR_G_CreateGeometry(wkbMultiPolygon));
  double sum = 0;
  std::set<std::string> codes;
  each(demo() / "municipalities.geojson", [&](OGRFeatureH feature) {
    const OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
    EXPECT_TRUE(OGR_G_IsValid(geometry)) << text(feature, "N03_004");
    EXPECT_EQ(text(feature, "N03_001"), "新潟県");
    codes.insert(text(feature, "N03_007"));
    sum += OGR_G_Area(geometry);
    OGR_G_AddGeometry(all.get(), geometry);
  });
  EXPECT_EQ(codes.size(), 13U);
  EXPECT_TRUE(codes.contains("15202"));
  const Shape merged(OGR_G_UnionCascaded(all.get()));
  ASSERT_TRUE(merged);
  EXPECT_NEAR(OGR_G_Area(merged.get()), sum, sum * 1e-9);
  // One piece of land without a hole: neighbours really share their borders.
  EXPECT_EQ(wkbFlatten(OGR_G_GetGeometryType(merged.get())), wkbPolygon);
  EXPECT_EQ(OGR_G_GetGeometryCount(merged.get()), 1);
}

TEST(Files, EveryPrefecturesMunicipalitiesAreValid) {
  const Scratch scratch;
  generate({9, 0.005, "japan", scratch.path() / "japan"});
  for (int prefecture = 1; prefecture <= 47; ++prefecture) {
    const std::string code =
        (prefecture < 10 ? std::string("0") : std::string()) + std::to_string(prefecture);
    const int count =
        each(scratch.path() / "japan" / code / "municipalities.geojson", [&](OGRFeatureH feature) {
          EXPECT_TRUE(OGR_G_IsValid(OGR_F_GetGeometryRef(feature))) << text(feature, "N03_004");
        });
    EXPECT_EQ(count, prefecture == 15 ? 13 : 4) << code;
  }
}

TEST(Files, SomeInterchangesAreClosed) {
  int open_joints = 0;
  int closed = 0;
  each(demo() / "interchanges.geojson", [&](OGRFeatureH feature) {
    const std::string until = text(feature, "N06_014");
    until == "9999" ? ++open_joints : ++closed;
    EXPECT_LE(std::stoi(text(feature, "N06_013")), std::stoi(until));
  });
  EXPECT_EQ(open_joints, 13);
  EXPECT_EQ(closed, 3);
}

TEST(Files, ZoneTextIsCp932AndSaysSoNowhere) {
  EXPECT_FALSE(std::filesystem::exists(demo() / "a12/A12-15_15.cpg"));
  const std::string bytes = bytes_of(demo() / "a12/A12-15_15.dbf");
  EXPECT_EQ(bytes[29], '\0') << "no language driver id";
  EXPECT_THAT(bytes, HasSubstr(base::encode("長岡市", "CP932").value()));
  std::map<std::string, int> layers;
  each(demo() / "a12/A12-15_15.shp", [&](OGRFeatureH feature) {
    ++layers[text(feature, "LAYER_NO")];
    EXPECT_EQ(text(feature, "PREFEC_CD"), "15");
  });
  EXPECT_GT(layers["05"], 0);
  EXPECT_GT(layers["06"], layers["05"]);
  EXPECT_EQ(layers.size(), 2U);
}

TEST(Files, ExactlyThePlantedZonesAreInvalid) {
  int crossing = 0;
  int touching = 0;
  CPLPushErrorHandler(CPLQuietErrorHandler);
  each(demo() / "a12/A12-15_15.shp", [&](OGRFeatureH feature) {
    const OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
    if (OGR_G_IsValid(geometry)) return;
    OGR_G_GetPointCount(OGR_G_GetGeometryRef(geometry, 0)) == 5 ? ++crossing : ++touching;
  });
  CPLPopErrorHandler();
  const auto entry = entry_of("ksj-a12");
  EXPECT_GE(crossing, 1);
  EXPECT_EQ(crossing, entry.at("rejected_by").value("self_crossing", 0));
  EXPECT_GE(touching, 1);
  EXPECT_EQ(touching, entry.at("odd").value("self_touching", 0));
}

TEST(Files, SitesAndParksAreInCp932) {
  const std::string sites = bytes_of(demo() / "site-survey.csv");
  EXPECT_TRUE(sites.starts_with(base::encode("適地番号", "CP932").value()));
  const std::string parks = bytes_of(demo() / "l05/L05-14_15.dbf");
  EXPECT_THAT(parks, HasSubstr(base::encode("工業団地", "CP932").value()));
  EXPECT_FALSE(std::filesystem::exists(demo() / "l05/L05-14_15.cpg"));
}

TEST(Files, UseDistrictsAreValidAndFillTheirTowns) {
  std::map<std::string, int> districts;
  each(
      files_of("plateau-urf").front(),
      [&](OGRFeatureH feature) {
        EXPECT_TRUE(OGR_G_IsValid(OGR_F_GetGeometryRef(feature)));
        ++districts[text(feature, "function")];
      },
      "UseDistrict");
  for (const char* industrial : {"11", "12", "13"}) EXPECT_GT(districts[industrial], 0) << industrial;
  for (const auto& [code, count] : districts)
    EXPECT_TRUE(std::stoi(code) >= 1 && std::stoi(code) <= 13) << code;
}

}  // namespace
}  // namespace ritchi::synth
