// The reader of newline-delimited GeoJSON says what GDAL's says, and names the line of what is damaged.
#include "importers/core/geojsonl_source.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "geodata/base/error.hpp"
#include "importers/core/gdal_source.hpp"
#include "tests/unit/support/temporary_folder.hpp"

namespace {

using namespace ritchi;

class File {
 public:
  explicit File(const std::string& text) { std::ofstream(name(), std::ios::binary) << text; }
  std::string name() const { return (m_folder.path() / "a.geojsonl").string(); }
  std::vector<importers::SourceFeature> read() const {
    return all(*importers::open_geojsonl_source(name(), "a.geojsonl", {}));
  }
  static std::vector<importers::SourceFeature> all(importers::Source& source) {
    std::vector<importers::SourceFeature> out;
    source.start(std::nullopt);
    for (importers::SourceFeature feature; source.next(feature);) out.push_back(feature);
    return out;
  }

 private:
  test::TemporaryFolder m_folder;
};

std::string feature(const std::string& properties, const std::string& geometry) {
  return R"({"type":"Feature","properties":)" + properties + R"(,"geometry":)" + geometry + "}\n";
}

TEST(GeoJsonLines, SaysWhatGdalSays) {
  const std::string text =
      feature(R"({"name":"㈱𠮷野 \"ｶﾅ\"","count":3,"share":0.25,"none":null})",
              R"({"type":"Point","coordinates":[138.5,37.25]})") +
      feature(R"({"count":-9007199254740993,"name":"","later":"x"})",
              R"({"type":"LineString","coordinates":[[138,37,5],[138.1,37.1,6],[138.2,37]]})") +
      feature("{}", R"({"type":"MultiPoint","coordinates":[[1,2],[3,4]]})") +
      feature(
          R"({"name":"p"})",
          R"({"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[1,2],[2,2],[1,1]]]})") +
      feature(
          R"({"share":1e-3})",
          R"({"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[6,5],[6,6],[5,5]]]]})") +
      feature(R"({"name":"m"})", R"({"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2],[3,3]]]})");
  const File file(text);
  const auto ours = importers::open_geojsonl_source(file.name(), "a.geojsonl", {});
  const auto gdal = importers::open_gdal_source(file.name(), "a.geojsonl", {});
  const auto mine = File::all(*ours);
  const auto theirs = File::all(*gdal);
  ASSERT_EQ(mine.size(), theirs.size());
  const auto& columns = ours->layers().front().columns;
  for (std::size_t i = 0; i < mine.size(); ++i) {
    EXPECT_EQ(mine[i].geometry, theirs[i].geometry) << i;
    EXPECT_EQ(mine[i].geometry_fault, theirs[i].geometry_fault) << i;
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const auto& known = gdal->layers().front().columns;
      const auto same = std::find_if(known.begin(), known.end(),
                                     [&](const auto& other) { return other.name == columns[column].name; });
      if (same == known.end()) continue;  // GDAL leaves out a column that is null throughout
      const auto at = static_cast<std::size_t>(same - known.begin());
      const auto value = [](const auto& feature_read, std::size_t index) {
        return index < feature_read.values.size() ? feature_read.values[index] : catalogue::Value();
      };
      EXPECT_EQ(value(mine[i], column), value(theirs[i], at)) << i << " " << columns[column].name;
    }
  }
  EXPECT_TRUE(mine[1].has_z);
  EXPECT_FALSE(mine[0].has_z);
}

TEST(GeoJsonLines, ReadsAgainFromTheFirstAndKnowsLateColumns) {
  std::string text;
  for (int i = 0; i < 50; ++i)
    text += feature(i < 40 ? R"({"a":1})" : R"({"b":2,"a":1})", R"({"type":"Point","coordinates":[138,37]})");
  const File file(text);
  const auto source = importers::open_geojsonl_source(file.name(), "a.geojsonl", {});
  ASSERT_EQ(source->layers().front().columns.size(), 2U);
  EXPECT_EQ(File::all(*source).size(), 50U);
  const auto again = File::all(*source);
  EXPECT_EQ(again.size(), 50U);
  EXPECT_EQ(again.back().label, "line 50");
  EXPECT_EQ(std::get<std::int64_t>(again.back().values[1]), 2);
}

TEST(GeoJsonLines, TakesRecordSeparatorsBlankLinesAndNestedValues) {
  const File file("\xEF\xBB\xBF\x1E" + feature(R"({"h":[{"年":2021}],"o":{"k":true}})", "null") +
                  "\n\r\n\x1E" + feature(R"({"h":[]})", R"({"type":"Point","coordinates":[]})"));
  const auto features = file.read();
  ASSERT_EQ(features.size(), 2U);
  EXPECT_EQ(std::get<std::string>(features[0].values[0]), R"([{"年":2021}])");
  EXPECT_EQ(std::get<std::string>(features[0].values[1]), R"({"k":true})");
  EXPECT_FALSE(features[0].geometry.has_value());
  EXPECT_TRUE(!features[1].geometry || features[1].geometry->empty());
  EXPECT_TRUE(features[1].geometry_fault.empty());
}

TEST(GeoJsonLines, NamesTheDamagedLine) {
  const std::string good = feature("{}", R"({"type":"Point","coordinates":[138,37]})");
  for (const std::string& bad :
       {good.substr(0, good.size() / 2), std::string("hello\n"), std::string("[1,2]\n"),
        std::string(R"({"type":"FeatureCollection","features":[]})"), good + "}" + "\n"}) {
    const File file(good + bad);
    try {
      file.read();
      FAIL() << bad;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.kind(), base::ErrorKind::bad_input);
      EXPECT_NE(error.line().find("a.geojsonl: the file is damaged: line "), std::string::npos)
          << error.line();
    }
  }
}

TEST(GeoJsonLines, AGeometryThatIsNoneIsAFaultOfItsRecordAlone) {
  const std::vector<std::string> bad{
      R"({"type":"Point","coordinates":["a","b"]})",
      R"({"type":"Point","coordinates":[1]})",
      R"({"type":"Circle","coordinates":[1,2]})",
      R"({"coordinates":[1,2]})",
      R"({"type":"Polygon","coordinates":[1,2]})",
      R"({"type":"GeometryCollection"})",
      R"({"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1]}]})"};
  std::string text;
  for (const auto& geometry : bad) text += feature(R"({"a":1})", geometry);
  text += feature(R"({"a":2})", R"({"type":"Point","coordinates":[138,37]})") +
          "{\"type\":\"Feature\",\"properties\":{\"a\":\"\xFF\"},\"geometry\":null}\n";
  const auto features = File(text).read();
  ASSERT_EQ(features.size(), bad.size() + 2);
  for (std::size_t i = 0; i < bad.size(); ++i) {
    EXPECT_FALSE(features[i].geometry_fault.empty()) << bad[i];
    EXPECT_FALSE(features[i].geometry.has_value()) << bad[i];
  }
  EXPECT_TRUE(features[bad.size()].geometry.has_value());
  EXPECT_NE(features.back().geometry_fault.en.find("UTF-8"), std::string::npos);
}

}  // namespace
