// What --covers takes, and what rows' codes make of it.
#include "importers/core/covers.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "geodata/base/error.hpp"
#include "tests/unit/support/world.hpp"

namespace {

using namespace ritchi;
using namespace ritchi::importers;
using Codes = std::vector<std::string>;

const catalogue::Places& places() {
  static const auto places = catalogue::Places::load(test::shipped_styles() / "places");
  return places;
}

std::string refusal(const std::string& text) {
  try {
    stated_covers(text, places());
  } catch (const base::Error& error) {
    EXPECT_EQ(error.where(), "--covers");
    return error.what();
  }
  return "accepted";
}

TEST(Covers, TakesCodesOnceAndSorted) {
  EXPECT_EQ(stated_covers("japan", places()), Codes{"japan"});
  EXPECT_EQ(stated_covers("15202,15,152021,15211", places()), (Codes{"15", "15202", "15211"}));
}

TEST(Covers, CitiesStandForTheirWards) {
  const auto codes = stated_covers("15100", places());
  EXPECT_TRUE(std::binary_search(codes.begin(), codes.end(), "15101"));
  EXPECT_EQ(codes.size(), 9U);                           // 新潟市 and its eight wards
  const auto cities = stated_covers("14100", places());  // 横浜市, beside 川崎市 and 相模原市
  EXPECT_EQ(cities.size(), 19U);
  EXPECT_FALSE(std::binary_search(cities.begin(), cities.end(), "14131"));
  EXPECT_EQ(stated_covers("13100", places()).size(), 24U);
}

TEST(Covers, RefusesWhatIsNoPlace) {
  EXPECT_NE(refusal("48").find("no prefecture"), std::string::npos);
  EXPECT_NE(refusal("15999").find("neither japan nor a code"), std::string::npos);
  EXPECT_NE(refusal("15299").find("no municipality"), std::string::npos);
  EXPECT_NE(refusal("14209").find("no more"), std::string::npos);
  EXPECT_NE(refusal("152029").find("neither"), std::string::npos);
  EXPECT_NE(refusal("15,").find("neither"), std::string::npos);
  EXPECT_NE(refusal("Japan").find("neither"), std::string::npos);
}

std::vector<std::string> of_rows(Covers covers, const std::string& layer, const Codes& codes) {
  const auto& declared = *test::shipped_catalogue().find_layer(layer);
  RowCovers rows(covers, declared);
  for (const std::string& code : codes) {
    std::vector<catalogue::Value> values(declared.attributes.size());
    const auto at = std::min(declared.index_of("municipality_code"), declared.attributes.size());
    values[at < values.size() ? at : declared.index_of("prefecture_code")] = code;
    rows.add(values);
  }
  return rows.finish(places());
}

TEST(Covers, FollowFromTheCodesOfRows) {
  EXPECT_EQ(of_rows(Covers::municipalities, "zoning", {"15211", "15202", "15202"}),
            (Codes{"15202", "15211"}));
  EXPECT_EQ(of_rows(Covers::prefectures, "zoning", {"15211", "15202", "14101"}), (Codes{"14", "15"}));
  EXPECT_EQ(of_rows(Covers::prefectures, "farmland_zones", {"15"}), Codes{"15"});
  EXPECT_EQ(of_rows(Covers::japan, "zoning", {}), Codes{"japan"});
  EXPECT_EQ(of_rows(Covers::not_stated, "zoning", {"15202"}), Codes{});
  // What 14209 was is a part of what stands in its place.
  EXPECT_EQ(of_rows(Covers::municipalities, "zoning", {"14209"}), Codes{});
}

}  // namespace
