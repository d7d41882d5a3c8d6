// The tables of municipalities: the shipped ones are sound, and what they say of codes and names holds.
#include "geodata/catalogue/places.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "geodata/base/error.hpp"
#include "tests/unit/support/temporary_folder.hpp"

namespace {

namespace fs = std::filesystem;
using namespace ritchi;
using catalogue::Places;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const fs::path shipped = fs::path(RITCHI_SOURCE_DIR) / "styles" / "places";

const Places& places() {
  static const Places loaded = Places::load(shipped);
  return loaded;
}

TEST(Places, PresentCodesStayAndUnknownOnesLeadNowhere) {
  EXPECT_EQ(places().edition(), "2024-01-01");
  ASSERT_NE(places().present("15202"), nullptr);
  EXPECT_EQ(places().present("15202")->name, "長岡市");
  EXPECT_EQ(places().present("14150")->kind, "designated_city");
  EXPECT_EQ(places().present("13101")->kind, "special_ward");
  EXPECT_THAT(places().today("15202"), ElementsAre("15202"));
  for (const char* nonsense : {"15299", "99999", "1520", "152021", "abcde", ""}) {
    EXPECT_EQ(places().find(nonsense), nullptr) << nonsense;
    EXPECT_THAT(places().today(nonsense), IsEmpty()) << nonsense;
  }
}

TEST(Places, FormerCodesLeadToWhatStandsThereToday) {
  EXPECT_THAT(places().today("14209"), ElementsAre("14150"));
  // Absorbed by a city that was renumbered later.
  EXPECT_THAT(places().today("14421"), ElementsAre("14150"));
  EXPECT_THAT(places().today("40305"), ElementsAre("40231"));
  // To another prefecture.
  EXPECT_THAT(places().today("20431"), ElementsAre("21206"));
  EXPECT_THAT(places().today("22131"), ElementsAre("22138"));
  EXPECT_THAT(places().today("22135"), ElementsAre("22138", "22139"));
  EXPECT_EQ(places().former("40305")->date, "2018-10-01");
  EXPECT_EQ(places().shown("14209"), "14209 相模原市");
  EXPECT_EQ(places().shown("00000"), "00000");
}

TEST(Places, NamesFitWithOrWithoutWhatStandsBeforeThem) {
  for (const char* name : {"出雲崎町", "三島郡出雲崎町", "新潟県三島郡出雲崎町", " 出雲崎町　"})
    EXPECT_TRUE(places().name_fits("15405", name)) << name;
  for (const char* name : {"出雲崎村", "出雲崎", "町", "", "新潟県", "長岡市"})
    EXPECT_FALSE(places().name_fits("15405", name)) << name;
  EXPECT_TRUE(places().name_fits("15405", "出雲崎町"));
  // A city and its wards.
  EXPECT_TRUE(places().name_fits("15103", "新潟市"));
  EXPECT_TRUE(places().name_fits("15100", "新潟市中央区"));
  EXPECT_FALSE(places().name_fits("15103", "東区"));
  // Former names are their successors', not the other way round.
  EXPECT_TRUE(places().name_fits("15100", "巻町"));
  EXPECT_TRUE(places().name_fits("15345", "新潟市"));
  EXPECT_FALSE(places().name_fits("15345", "岩室村"));
  EXPECT_FALSE(places().name_fits("15299", "長岡市"));
  // Renamed under the same code.
  EXPECT_TRUE(places().name_fits("15217", "新井市"));
  EXPECT_TRUE(places().name_fits("28221", "兵庫県篠山市"));
  EXPECT_EQ(places().former("28221"), nullptr);
}

TEST(Places, EveryPrefectureHasAnExtent) {
  ASSERT_EQ(places().prefectures().size(), 47U);
  EXPECT_EQ(places().prefecture("15")->name.ja, "新潟県");
  EXPECT_EQ(places().prefecture("48"), nullptr);
  EXPECT_EQ(places().prefecture("00"), nullptr);
  EXPECT_EQ(places().prefecture("5"), nullptr);
  // Tokyo reaches to the southernmost and the easternmost island.
  EXPECT_LT(places().prefecture("13")->extent.min_y, 20.43);
  EXPECT_GT(places().prefecture("13")->extent.max_x, 153.98);
}

TEST(Places, WhatIsOnlyLikelyIsTold) {
  EXPECT_TRUE(places().is_established("15202"));
  EXPECT_TRUE(places().is_established("14209"));
  EXPECT_FALSE(places().is_established("01305"));  // its successor was read in no list
  EXPECT_THAT(places().today("01305"), ElementsAre("01235"));
}

class Tables {
 public:
  Tables() {
    for (const auto& entry : fs::directory_iterator(shipped))
      fs::copy(entry.path(), m_folder.path() / entry.path().filename());
  }
  std::string error_with(const std::string& file, const std::string& line) const {
    std::ofstream(m_folder.path() / file, std::ios::app) << line << '\n';
    try {
      Places::load(m_folder.path());
      return "";
    } catch (const base::Error& error) {
      return error.line();
    }
  }

 private:
  test::TemporaryFolder m_folder;
};

TEST(Places, MistakesAreNamedWithFileAndReason) {
  const std::string changes = "municipality_changes.csv";
  EXPECT_EQ(Tables().error_with(changes, "15299,架空村,2001-01-01,merged,15202,yes,test"), "");
  EXPECT_THAT(Tables().error_with(changes, "15202,長岡市,2001-01-01,merged,15100,yes,test"),
              HasSubstr("15202"));
  EXPECT_THAT(Tables().error_with(changes, "15299,架空村,2001-01-01,merged,15298,yes,test"),
              HasSubstr("successor 15298 is not known"));
  EXPECT_THAT(Tables().error_with(changes, "15299,架空村,1.1.2001,merged,15202,yes,test"),
              HasSubstr("no change"));
  EXPECT_THAT(Tables().error_with(changes, "15299,架空村,2001-01-01,merged"), HasSubstr("columns"));
  EXPECT_THAT(Tables().error_with(changes, "15298,甲村,,merged,15299,yes,t\n15299,乙村,,merged,15298,yes,t"),
              HasSubstr("circle"));
  EXPECT_THAT(Tables().error_with("municipalities.csv", "15202,長岡市,15,city"), HasSubstr("twice"));
  EXPECT_THAT(Tables().error_with("municipalities.csv", "15299,架空村,16,village"), HasSubstr("prefecture"));
  EXPECT_THAT(Tables().error_with("prefectures.csv", "48,架空県,Nowhere,1,2,0,3"), HasSubstr("extent"));
}

}  // namespace
