// The layers that sites are judged by: their shapes, and how they agree with the rest of the region.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "geodata/base/text.hpp"
#include "tests/unit/importers_synth/made.hpp"

namespace ritchi::synth {
namespace {

using ::testing::StartsWith;

constexpr const char* of_polygons[] = {"ksj-a09",    "ksj-a31", "ksj-a10",         "ksj-a11",
                                       "ksj-a13",    "ksj-c28", "promotion-zones", "soil-contamination",
                                       "waterworks", "clusters"};
constexpr const char* of_points[] = {"ksj-n02", "ksj-c02", "ksj-l01"};

using Files = std::vector<std::filesystem::path>;

Files files_in(const std::filesystem::path& folder, const std::string& profile) {
  Files files;
  const nlohmann::json manifest = manifest_of(folder);
  for (const auto& entry : manifest.at("imports"))
    if (entry.at("profile") == profile)
      for (const auto& name : entry.at("files")) files.push_back(folder / name.get<std::string>());
  return files;
}

void each_of(const Files& files, const std::function<void(OGRFeatureH)>& visit) {
  for (const auto& file : files) each(file, visit);
}

Shape union_of(const Files& files, const std::function<bool(OGRFeatureH)>& chosen) {
  Shape all(OGR_G_CreateGeometry(wkbMultiPolygon));
  each_of(files, [&](OGRFeatureH feature) {
    if (!chosen(feature)) return;
    const Shape parts(OGR_G_ForceToMultiPolygon(OGR_G_Clone(OGR_F_GetGeometryRef(feature))));
    for (int i = 0; i < OGR_G_GetGeometryCount(parts.get()); ++i)
      OGR_G_AddGeometry(all.get(), OGR_G_GetGeometryRef(parts.get(), i));
  });
  return Shape(OGR_G_UnionCascaded(all.get()));
}

Shape land_of(const std::filesystem::path& folder) {
  return union_of(files_in(folder, "ksj-n03"), [](OGRFeatureH) { return true; });
}

void expect_sound(const std::filesystem::path& folder, bool airport_is_elsewhere) {
  const Shape land = land_of(folder);
  for (const char* profile : of_polygons) {
    const Files files = files_in(folder, profile);
    EXPECT_FALSE(files.empty()) << profile;
    each_of(files, [&](OGRFeatureH feature) {
      OGRGeometryH shape = OGR_F_GetGeometryRef(feature);
      EXPECT_TRUE(OGR_G_IsValid(shape)) << profile;
      const bool elsewhere = airport_is_elsewhere && profile == std::string("ksj-c28");
      EXPECT_EQ(OGR_G_Within(shape, land.get()) != 0, !elsewhere) << profile << " " << folder;
    });
  }
  for (const char* profile : of_points)
    each_of(files_in(folder, profile), [&](OGRFeatureH feature) {
      EXPECT_TRUE(OGR_G_Within(OGR_F_GetGeometryRef(feature), land.get())) << profile;
    });
}

TEST(LandLayers, ShapesAreValidAndOnTheRegionsLand) {
  expect_sound(demo(), true);
}

TEST(LandLayers, SoTheyAreInInventedPrefectures) {
  const Scratch scratch;
  for (const char* region : {"13", "47"}) {
    SCOPED_TRACE(region);
    generate({2, 0.05, region, scratch.path() / region});
    expect_sound(scratch.path() / region, false);
  }
}

TEST(LandLayers, GdalReadsAsManyRecordsAsTheManifestStatesAllFlagged) {
  const auto check = [](const char* profile, const char* field, const char* layer = nullptr) {
    int count = 0;
    for (const auto& file : files_of(profile))
      count += each(
          file,
          [&](OGRFeatureH feature) {
            EXPECT_EQ(text(feature, field), layer == nullptr ? "1" : "synthetic") << profile;
          },
          layer);
    EXPECT_EQ(count, entry_of(profile).at("rows").get<int>()) << profile;
    EXPECT_GT(count, 0) << profile;
  };
  for (const char* profile : {"ksj-a09", "ksj-a31", "ksj-c28", "promotion-zones", "soil-contamination",
                              "waterworks", "clusters", "ksj-n02", "ksj-c02", "ksj-l01"})
    check(profile, "synthetic");
  for (const char* profile : {"ksj-a10", "ksj-a11", "ksj-a13"}) check(profile, "SYNTHETIC");
  check("substations", "合成");
  check("plateau-urf-rinko", "description", "PortZone");
}

TEST(LandLayers, AllThatIsComplete) {
  const nlohmann::json manifest = manifest_of(demo());
  std::set<std::string> layers;
  for (const auto& entry : manifest.at("imports")) {
    const auto options = entry.at("options").get<std::vector<std::string>>();
    const auto covers = std::find(options.begin(), options.end(), "--covers");
    const std::string layer = entry.at("layer");
    layers.insert(layer);
    EXPECT_EQ(covers == options.end(), layer == "factory_sites" || layer == "investments") << layer;
    if (covers != options.end()) {
      EXPECT_THAT(*(covers + 1), StartsWith("15202,15204,")) << layer;
    }
  }
  EXPECT_EQ(layers.size(), 24U) << "every layer of the catalogue";
  EXPECT_EQ(manifest.at("imports").back().at("layer"), "factory_sites");
}

TEST(Planning, UseDistrictsLieInPromotionAreasAndFarmlandDoesNot) {
  const auto of = [](const char* layer) {
    return [layer](OGRFeatureH feature) { return text(feature, "layer_no") == layer; };
  };
  const Shape promotion = union_of(files_of("ksj-a09"), of("1"));
  const Shape control = union_of(files_of("ksj-a09"), of("2"));
  const Shape both(OGR_G_Intersection(promotion.get(), control.get()));
  EXPECT_LT(OGR_G_Area(both.get()), 1e-9);
  each(
      files_of("plateau-urf").front(),
      [&](OGRFeatureH feature) {
        Shape within(OGR_G_Buffer(promotion.get(), 1e-7, 1));
        EXPECT_TRUE(OGR_G_Within(OGR_F_GetGeometryRef(feature), within.get()));
      },
      "UseDistrict");
  CPLPushErrorHandler(CPLQuietErrorHandler);
  int zones = 0;
  each(files_of("ksj-a12").front(), [&](OGRFeatureH feature) {
    if (!OGR_G_IsValid(OGR_F_GetGeometryRef(feature))) return;
    EXPECT_FALSE(OGR_G_Intersects(OGR_F_GetGeometryRef(feature), promotion.get()));
    ++zones;
  });
  CPLPopErrorHandler();
  EXPECT_GT(zones, 10);
}

TEST(Waterworks, ThePrefecturesAreaHoldsThePipesOfItsLedger) {
  for (const char* region : {"15", "13"}) {
    const Scratch scratch;
    const auto folder = scratch.path() / "x";
    generate({4, 0.1, region, folder});
    std::string undertaking;
    each(folder / "water-pipe-ledger.csv",
         [&](OGRFeatureH feature) { undertaking = text(feature, "事業者名"); });
    const Shape area = union_of({folder / "waterworks.geojson"},
                                [&](OGRFeatureH feature) { return text(feature, "事業名") == undertaking; });
    int pipes = 0;
    each(folder / "water-pipe-ledger.csv", [&](OGRFeatureH feature) {
      const Shape pipe = shape_of_wkt(text(feature, "形状"));
      OGREnvelope box;
      OGR_G_GetEnvelope(pipe.get(), &box);
      if (box.MinX < 100) return;  // a planted defect
      EXPECT_TRUE(OGR_G_Within(pipe.get(), area.get())) << text(feature, "管理番号");
      ++pipes;
    });
    EXPECT_GT(pipes, 700) << region;
  }
}

TEST(Waterworks, FiguresOfAYearAgree) {
  std::map<std::string, std::set<std::string>> years;
  each(files_of("waterworks").front(), [&](OGRFeatureH feature) {
    years[text(feature, "事業番号")].insert(text(feature, "年度"));
    const double capacity = std::stod(text(feature, "給水能力"));
    const double contracted = std::stod(text(feature, "契約水量"));
    const double supplied = std::stod(text(feature, "給水量"));
    EXPECT_LE(contracted, capacity);
    EXPECT_LT(supplied, contracted);
    EXPECT_NEAR(std::stod(text(feature, "施設利用率")), 100 * supplied / capacity, 0.06);
  });
  EXPECT_GT(years.size(), 2U);
  for (const auto& [number, held] : years) EXPECT_EQ(held.size(), 3U) << number;
}

TEST(Flood, ThePlannedScaleFloodsLessAndNoDeeper) {
  const Files files = files_of("ksj-a31");
  ASSERT_EQ(files.size(), 2U);
  std::set<std::string> rivers;
  each(files[1], [&](OGRFeatureH feature) {
    rivers.insert(text(feature, "A31a_202"));
    EXPECT_THAT(text(feature, "A31a_202"), StartsWith("架空"));
  });
  EXPECT_GE(rivers.size(), 2U);
  for (const std::string& river : rivers) {
    const auto from = [&](const char* digit, int least) {
      return [&river, digit, least](OGRFeatureH feature) {
        const std::string column = std::string("A31a_") + digit;
        return text(feature, (column + "02").c_str()) == river &&
               std::stoi(text(feature, (column + "05").c_str())) >= least;
      };
    };
    for (const int least : {1, 3}) {
      const Shape planned = union_of({files[0]}, from("1", least));
      const Shape largest = union_of({files[1]}, from("2", least));
      const Shape beyond(OGR_G_Difference(planned.get(), largest.get()));
      EXPECT_LT(OGR_G_Area(beyond.get()), 1e-9) << river << " from rank " << least;
      EXPECT_LT(OGR_G_Area(planned.get()), OGR_G_Area(largest.get())) << river << " from rank " << least;
    }
  }
}

TEST(Promotion, EveryParkLiesInAPriorityZone) {
  const Shape zones = union_of(files_of("promotion-zones"),
                               [](OGRFeatureH feature) { return text(feature, "区分") == "重点促進区域"; });
  const int parks = each(files_of("ksj-l05").front(), [&](OGRFeatureH feature) {
    EXPECT_TRUE(OGR_G_Within(OGR_F_GetGeometryRef(feature), zones.get())) << text(feature, "L05_001");
  });
  EXPECT_GT(parks, 0);
}

TEST(LandLayers, ZonesAndSoilAreasFollowTheParks) {
  const Scratch scratch;
  const auto rows = [&](const char* name, double scale) {
    generate({1, scale, "15", scratch.path() / name});
    std::map<std::string, int> counts;
    const nlohmann::json manifest = manifest_of(scratch.path() / name);
    for (const auto& entry : manifest.at("imports")) counts[entry.at("layer")] += entry.at("rows").get<int>();
    return counts;
  };
  auto small = rows("small", 0.02);
  auto large = rows("large", 0.5);
  for (const char* layer : {"promotion_zones", "soil_contamination"})
    EXPECT_GT(large[layer], small[layer]) << layer;
  for (const char* layer : {"city_planning", "flood_depth", "protected_areas", "forest_areas", "stations",
                            "ports", "substations", "land_prices"})
    EXPECT_EQ(large[layer], small[layer]) << layer << " is of the land";
}

TEST(LandLayers, ProtectedAreasLieOneWithinTheOther) {
  const auto from = [](const char* least) {
    return [least](OGRFeatureH feature) { return text(feature, "LAYER_NO") == least; };
  };
  const Shape park = union_of(files_of("ksj-a10"), from("11"));
  const Shape special = union_of(files_of("ksj-a10"), from("12"));
  const Shape strict = union_of(files_of("ksj-a10"), from("13"));
  const Shape wide_park(OGR_G_Buffer(park.get(), 1e-7, 1));
  const Shape wide_special(OGR_G_Buffer(special.get(), 1e-7, 1));
  EXPECT_FALSE(OGR_G_IsEmpty(strict.get()));
  EXPECT_TRUE(OGR_G_Within(special.get(), wide_park.get()));
  EXPECT_TRUE(OGR_G_Within(strict.get(), wide_special.get()));
  const Shape conservation = union_of(files_of("ksj-a11"), from("14"));
  const Shape both(OGR_G_Intersection(conservation.get(), park.get()));
  EXPECT_LT(OGR_G_Area(both.get()), 1e-9);
}

}  // namespace
}  // namespace ritchi::synth
