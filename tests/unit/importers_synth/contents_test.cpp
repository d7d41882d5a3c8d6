#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "geodata/base/text.hpp"
#include "importers/synth/japanese.hpp"
#include "importers/synth/laying.hpp"
#include "tests/unit/importers_synth/made.hpp"

namespace ritchi::synth {
namespace {

struct Lengths {
  double total_m = 0;
  double unknown_m = 0;
  double old_m = 0;  // laid before fiscal 1986: past 40 years in fiscal 2026

  void add(double length_m, int year) {  // 0 = unknown
    total_m += length_m;
    if (year == 0) unknown_m += length_m;
    if (year != 0 && year < 1986) old_m += length_m;
  }
  void check() const {
    EXPECT_GE(unknown_m / total_m, 0.05);
    EXPECT_LE(unknown_m / total_m, 0.10);
    EXPECT_GE(old_m / total_m, 0.45);
    EXPECT_LE(old_m / total_m, 0.55);
    EXPECT_GE(old_m / (total_m - unknown_m), 0.45);
    EXPECT_LE(old_m / (total_m - unknown_m), 0.55);
  }
};

TEST(Pipes, ModelHasTheStatedShares) {
  Lengths lengths;
  std::set<std::string> years;
  for (const auto& file : files_of("plateau-unf"))
    each(
        file,
        [&](OGRFeatureH feature) {
          const std::string year = text(feature, "year");
          years.insert(year);
          const double length_m =
              OGR_G_Length(OGR_F_GetGeometryRef(feature));  // plane metres, whichever axis is first
          EXPECT_GT(length_m, 20);
          EXPECT_LT(length_m, 400);
          const int number = std::stoi(year);
          lengths.add(length_m, number == 1 ? 0 : number);
          if (number != 1) {
            EXPECT_GE(number, 1955);
            EXPECT_LE(number, 2024);
          }
        },
        "WaterPipe");
  lengths.check();
}

TEST(Pipes, SharesHoldForEverySeedAndEvenInSmallNetworks) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    LayingHistory history(seed, 1);
    Lengths lengths;
    for (int i = 0; i < 150; ++i) {
      const double length_m = 80 + static_cast<double>((seed * 31 + static_cast<std::uint64_t>(i) * 17) % 80);
      const Laid laid = history.next(length_m);
      lengths.add(length_m, laid.known ? laid.year : 0);
    }
    SCOPED_TRACE(seed);
    lengths.check();
  }
}

TEST(Pipes, ModelGivesNorthingFirstInThePlaneWithHeights) {
  const std::string bytes = bytes_of(demo() / "pipes_1_water_op.gml");
  EXPECT_THAT(bytes, ::testing::HasSubstr("EPSG/0/10169"));
  EXPECT_THAT(bytes, ::testing::HasSubstr("<uro:year>0001</uro:year>"));
  const std::size_t at = bytes.find("<gml:posList>") + 13;
  const double northing = std::stod(bytes.substr(at));
  const double easting = std::stod(bytes.substr(bytes.find(' ', at)));
  EXPECT_GT(northing, 112000);
  EXPECT_LT(northing, 196000);
  EXPECT_GT(easting, -6000);
  EXPECT_LT(easting, 66000);
}

// What the ledger's spellings mean; 0 = unknown. Two digits without an era mean nothing certain.
int year_of(const std::string& written) {
  const std::string plain = base::nfkc(written);
  if (plain.size() == 2 && plain.find_first_not_of("0123456789") == std::string::npos) return 0;
  if (plain.empty() || plain == "不明" || plain == "0" || plain == "0001" || plain == "9999") return 0;
  const std::map<std::string, int> eras{{"昭和", 1925}, {"平成", 1988}, {"令和", 2018},
                                        {"S", 1925},    {"H", 1988},    {"R", 2018}};
  for (const auto& [name, before] : eras)
    if (plain.starts_with(name)) {
      const std::string count = plain.substr(name.size());
      return before + (count.starts_with("元") ? 1 : std::stoi(count));
    }
  return std::stoi(plain);
}

TEST(Pipes, LedgerHasTheStatedSharesAndMaterialsOfTheirTime) {
  Lengths lengths;
  std::set<std::string> materials;
  std::set<std::string> keys;
  int spellings = 0;
  int without_length = 0;
  const int rows = each(demo() / "water-pipe-ledger.csv", [&](OGRFeatureH feature) {
    const int year = year_of(text(feature, "布設年度"));
    const double length_m = std::stod(text(feature, "延長m"));
    lengths.add(length_m, year);
    without_length += length_m == 0 ? 1 : 0;
    const std::string joint = text(feature, "継手");
    const std::string material = text(feature, "管種");
    materials.insert(material);
    keys.insert(text(feature, "管理番号"));
    spellings += text(feature, "布設年度").starts_with("昭和") ? 1 : 0;
    if (text(feature, "年度精度") == "不明") {
      EXPECT_EQ(year, 0);
      EXPECT_EQ(text(feature, "耐震区分"), "不明");
    }
    if (year == 0) return;
    if (joint == "GX") {
      EXPECT_GE(year, 2011);
    }
    if (joint == "K") {
      EXPECT_GE(year, 1970);
      EXPECT_LE(year, 2000);
    }
    if (joint == "NS") {
      EXPECT_GE(year, 1998);
    }
    if (material == "CIP" || material == "ACP") {
      EXPECT_LT(year, 1975);
    }
    const int diameter = std::stoi(text(feature, "口径mm"));
    EXPECT_GE(diameter, 100);
    EXPECT_LE(diameter, 1500);
  });
  lengths.check();
  const auto rejected = entry_of("pipe-ledger").at("rejected_by");
  EXPECT_EQ(static_cast<int>(keys.size()), rows - rejected.value("repeated_key", 0) / 2);
  EXPECT_LE(without_length, rows / 20);
  EXPECT_TRUE(materials.contains("DIP"));
  EXPECT_TRUE(materials.contains("CIP"));
  EXPECT_GT(spellings, 0);
}

TEST(Parcels, NeighboursShareTheirCornersExactly) {
  std::ifstream in(demo() / "farmland_parcels.geojsonl");
  std::map<std::string, int> uses;  // corner -> parcels
  std::vector<std::vector<std::string>> parcels;
  std::set<std::string> ids;
  int misshapen = 0;
  for (std::string line; std::getline(in, line);) {
    const auto feature = nlohmann::json::parse(line);
    ids.insert(feature.at("properties").at("polygon_uuid"));
    const auto& ring = feature.at("geometry").at("coordinates").at(0);
    EXPECT_EQ(ring.front(), ring.back());
    if (ring.size() != 5U) {
      ++misshapen;
      continue;
    }
    parcels.emplace_back();
    for (std::size_t i = 0; i < 4; ++i) {
      parcels.back().push_back(ring[i].dump());
      ++uses[parcels.back().back()];
    }
  }
  const auto entry = entry_of("fude");
  EXPECT_EQ(misshapen, entry.at("odd").at("self_touching").get<int>());
  ASSERT_EQ(static_cast<int>(parcels.size()) + misshapen, 4000);
  EXPECT_EQ(ids.size(), 4000U);
  int alone = 0;
  for (const auto& corners : parcels) {
    int shared = 0;
    for (const std::string& corner : corners) shared += uses[corner] > 1 ? 1 : 0;
    alone += shared < 2 ? 1 : 0;
  }
  EXPECT_LE(alone, 3 + 2 * misshapen)
      << "only the last parcel of a cell and a misshapen one's neighbour may be without a neighbour";
  for (const auto& [corner, count] : uses) EXPECT_LE(count, 4) << corner;
}

TEST(Parcels, AreValidAndOfTheSizeOfPaddies) {
  std::map<std::string, int> uses;
  int invalid = 0;
  CPLPushErrorHandler(CPLQuietErrorHandler);
  each(demo() / "farmland_parcels.geojsonl", [&](OGRFeatureH feature) {
    const OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
    if (!OGR_G_IsValid(geometry)) {
      ++invalid;
      return;
    }
    ++uses[text(feature, "land_type")];
    const double area_m2 = OGR_G_Area(geometry) * 111320 * 110990 * std::cos(37.45 * 3.14159265 / 180);
    EXPECT_GT(area_m2, 700);
    EXPECT_LT(area_m2, 3600);
    const std::string code = text(feature, "local_government_cd");
    EXPECT_EQ(code.size(), 6U);
  });
  CPLPopErrorHandler();
  const auto entry = entry_of("fude");
  EXPECT_EQ(invalid, entry.at("rejected_by").at("self_crossing").get<int>() +
                         entry.at("odd").at("self_touching").get<int>());
  EXPECT_EQ(uses.size(), 2U);
  EXPECT_GT(uses["100"], uses["200"]);
}

TEST(Sites, HaveTheStatedMixOfDisclosureAndNeverOverlap) {
  const Scratch scratch;
  generate({2, 0.2, "15", scratch.path() / "x"});
  std::map<std::string, int> mix;
  std::set<std::string> keys;
  double sum = 0;
  double stated = 0;
  int unknown = 0;
  int misplaced = 0;
  Shape all(OGR_G_CreateGeometry(wkbMultiPolygon));
  CPLPushErrorHandler(CPLQuietErrorHandler);
  const int rows = each(scratch.path() / "x/site-survey.csv", [&](OGRFeatureH feature) {
    ++mix[text(feature, "開示区分")];
    const double area_ha = std::stod(base::nfkc(text(feature, "面積ha")));
    if (area_ha == 0)
      ++unknown;
    else
      EXPECT_GE(area_ha, 0.88);
    stated += area_ha;
    const Shape shape = shape_of_wkt(text(feature, "形状"));
    OGREnvelope box;
    OGR_G_GetEnvelope(shape.get(), &box);
    if (!keys.insert(text(feature, "適地番号")).second) return;
    if (!OGR_G_IsValid(shape.get()) || box.MinX < 100) {
      ++misplaced;
      return;
    }
    const int corners = OGR_G_GetPointCount(OGR_G_GetGeometryRef(shape.get(), 0)) - 1;
    EXPECT_GE(corners, 4);
    EXPECT_LE(corners, 8);
    sum += OGR_G_Area(shape.get());
    OGR_G_AddGeometry(all.get(), shape.get());
  });
  CPLPopErrorHandler();
  ASSERT_EQ(rows, 2000);
  EXPECT_EQ(misplaced, 8) << "every 500th has its coordinates exchanged, every 500th crosses itself";
  EXPECT_EQ(keys.size(), 1995U) << "every 400th stands twice";
  EXPECT_NEAR(unknown / 2000.0, 0.01, 0.01);
  EXPECT_NEAR(mix["公開"] / 2000.0, 0.07, 0.02);
  EXPECT_NEAR(mix["同意"] / 2000.0, 0.25, 0.03);
  EXPECT_NEAR(mix["内部"] / 2000.0, 0.68, 0.03);
  std::set<std::string> pieces;
  each(scratch.path() / "x/l05/L05-14_15.shp", [&](OGRFeatureH feature) {
    const OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
    OGREnvelope box;
    OGR_G_GetEnvelope(geometry, &box);
    if (!pieces.insert(std::to_string(box.MinX) + std::to_string(box.MinY)).second) return;  // a row twice
    sum += OGR_G_Area(geometry);
    OGR_G_AddGeometry(all.get(), geometry);
  });
  const Shape merged(OGR_G_UnionCascaded(all.get()));
  EXPECT_NEAR(OGR_G_Area(merged.get()), sum, sum * 1e-9);
  EXPECT_GT(stated, 2000 * 1.5);
}

TEST(Parks, RepeatTheParksFiguresInEveryRow) {
  const Scratch scratch;
  generate({2, 0.3, "15", scratch.path() / "x"});
  std::map<std::string, std::string> area_of;
  std::set<std::string> former;
  std::set<std::string> companies;
  int rows = 0;
  int unknown = 0;
  int several = 0;
  int marks = 0;
  each(scratch.path() / "x/l05/L05-14_15.shp", [&](OGRFeatureH feature) {
    ++rows;
    const std::string area = text(feature, "L05_010");
    const auto [at, fresh] = area_of.emplace(text(feature, "L05_001"), area);
    EXPECT_EQ(at->second, area);
    unknown += std::stod(area) == 0 ? 1 : 0;
    if (text(feature, "L05_003") == "15215") former.insert(text(feature, "L05_001"));
    companies.insert(text(feature, "L05_014"));
    if (text(feature, "L05_013").find(',') != std::string::npos) ++several;
    if (text(feature, "L05_015").find("㈱") != std::string::npos) ++marks;
  });
  EXPECT_EQ(former.size(), 4U) << "every 25th is filed under a municipality that was merged away";
  EXPECT_TRUE(companies.contains("999"));
  EXPECT_GT(several, 0);
  EXPECT_GT(marks, 0);
  EXPECT_EQ(area_of.size(), 90U);
  EXPECT_GT(rows, 95);
  EXPECT_GT(unknown, 0);
}

TEST(Investments, RowsWithoutAKnownPlaceHaveNoPoint) {
  std::map<std::string, int> precision;
  std::set<char> spellings;
  int without_public = 0;
  int placeless = 0;
  int below = 0;
  const int rows = each(demo() / "investments.csv", [&](OGRFeatureH feature) {
    const std::string kind = text(feature, "位置精度");
    ++precision[kind];
    if (kind != "地点") {
      EXPECT_EQ(text(feature, "経度"), "");
    }
    EXPECT_EQ(text(feature, "経度").empty(), text(feature, "緯度").empty());
    placeless += kind == "地点" && text(feature, "経度").empty() ? 1 : 0;
    below += text(feature, "自己資金").starts_with("▲") ? 1 : 0;
    EXPECT_EQ(text(feature, "市区町村コード").empty(), kind == "都道府県" || kind == "不明");
    EXPECT_EQ(text(feature, "都道府県コード").empty(), kind == "不明");
    const std::string total = text(feature, "総事業費");
    if (total.find("億") != std::string::npos || total.find("万円") != std::string::npos)
      spellings.insert('o');
    if (total.ends_with("千円")) spellings.insert('k');
    if (base::nfkc(total) != total) spellings.insert('w');
    without_public += text(feature, "公費") == "0" ? 1 : 0;
  });
  EXPECT_EQ(rows, 400);
  const auto rejected = entry_of("investments").at("rejected_by");
  EXPECT_EQ(placeless, rejected.value("place_missing", 0));
  EXPECT_EQ(below, rejected.value("amount_below_zero", 0));
  EXPECT_NEAR(precision["地点"] / 400.0, 0.60, 0.08);
  EXPECT_NEAR(precision["市区町村"] / 400.0, 0.30, 0.08);
  EXPECT_NEAR(precision["都道府県"] / 400.0, 0.08, 0.05);
  EXPECT_GT(precision["不明"], 0);
  EXPECT_EQ(spellings.size(), 3U);
  EXPECT_GT(without_public, 50);
}

TEST(Japanese, MoneyKeepsItsValueInEverySpelling) {
  Random random(1, {1});
  std::set<std::string> forms;
  for (int i = 0; i < 200; ++i) forms.insert(money(120'000'000, random));
  EXPECT_THAT(forms, ::testing::UnorderedElementsAre("120000000", "1億2,000万円", "1.2億円", "120,000千円",
                                                     "120,000,000円", "１２０００００００"));
  for (int i = 0; i < 200; ++i) forms.insert(money(14'502'000, random));
  EXPECT_TRUE(forms.contains("14,502千円"));
  EXPECT_TRUE(money(-5'000'000, random).starts_with("▲"));
  EXPECT_FALSE(forms.contains("1,450万円")) << "that would lose 2,000 yen";
}

TEST(Japanese, ErasTurnWhereTheyDo) {
  EXPECT_EQ(era_date({2024, 4, 1}), "令和6年4月1日");
  EXPECT_EQ(era_date({2019, 4, 30}), "平成31年4月30日");
  EXPECT_EQ(era_date({2019, 5, 1}), "令和元年5月1日");
  EXPECT_EQ(era_year(1972), "昭和47年度");
  EXPECT_EQ(era_year(1988), "昭和63年度");
  EXPECT_EQ(era_year(1989), "平成元年度");
  EXPECT_EQ(era_year(2019), "平成31年度");
  EXPECT_EQ(era_letter_year(2020), "R2");
}

}  // namespace
}  // namespace ritchi::synth
