// One field at a time: mapping, unknown marks, units, ranges; and small helpers of the sources.
#include <gtest/gtest.h>

#include "geodata/catalogue/catalogue.hpp"
#include "importers/core/auto_layer.hpp"
#include "importers/core/field_reader.hpp"
#include "importers/core/gml_geometry.hpp"
#include "importers/core/import_job.hpp"
#include "importers/core/text_decoder.hpp"
#include "importers/core/trailing_commas.hpp"

#include "geodata/base/error.hpp"

namespace ritchi::importers {
namespace {

using catalogue::Attribute;
using catalogue::AttributeType;
using catalogue::Value;

const catalogue::CodeList districts{"use_district",
                                    {"用途地域", "Use district"},
                                    {{"industrial", {"工業地域", "Industrial"}}, {"other", {"他", "Other"}}}};

Attribute attribute(AttributeType type, std::string unit = {}) {
  Attribute out;
  out.name = "x";
  out.type = type;
  out.unit = std::move(unit);
  return out;
}

Field field(Parse parse) {
  Field out;
  out.to = "x";
  out.parse = parse;
  return out;
}

TEST(ReadField, MapsCodesOfTheSourceAndTakesCanonicalOnesAndTitles) {
  Field f = field(Parse::code);
  f.mapping = {{"12", "industrial"}, {"9999", ""}};
  const auto a = attribute(AttributeType::text);
  EXPECT_EQ(read_field(f, a, &districts, Value("12"), "").value, Value("industrial"));
  EXPECT_EQ(read_field(f, a, &districts, Value(std::int64_t{12}), "").value, Value("industrial"));
  EXPECT_EQ(read_field(f, a, &districts, Value("１２"), "").value, Value("industrial"));
  EXPECT_EQ(read_field(f, a, &districts, Value("工業地域"), "").value, Value("industrial"));
  EXPECT_TRUE(read_field(f, a, &districts, Value("9999"), "").unknown());
  EXPECT_TRUE(read_field(f, a, &districts, Value(), "").unknown());
  EXPECT_TRUE(read_field(f, a, &districts, Value("77"), "").failed());
}

TEST(ReadField, FirstPartThatIsContainedWins) {
  Field f = field(Parse::code);
  f.contains = {{"工業用水", "industrial"}, {"水道", "other"}};
  EXPECT_EQ(read_field(f, attribute(AttributeType::text), &districts, Value("工業用水道管路"), "").value,
            Value("industrial"));
  EXPECT_EQ(read_field(f, attribute(AttributeType::text), &districts, Value("水道管路"), "").value,
            Value("other"));
}

TEST(ReadField, DeclaredUnknownNumbersMatchByValue) {
  Field f = field(Parse::number);
  f.unknown = {"0"};
  EXPECT_TRUE(read_field(f, attribute(AttributeType::real, "ha"), nullptr, Value(0.0), "").unknown());
  EXPECT_TRUE(read_field(f, attribute(AttributeType::real, "ha"), nullptr, Value("0.00"), "").unknown());
  EXPECT_EQ(read_field(f, attribute(AttributeType::real, "ha"), nullptr, Value("9,827(㎡)"), "").value,
            Value(0.9827));
  EXPECT_EQ(read_field(f, attribute(AttributeType::real, "mm"), nullptr, Value("0.3"), "m").value,
            Value(300.0));
}

TEST(ReadField, ChecksRangeAndWholeness) {
  auto a = attribute(AttributeType::integer);
  a.minimum = 1868;
  a.maximum = 2100;
  EXPECT_TRUE(read_field(field(Parse::integer), a, nullptr, Value(std::int64_t{1700}), "").failed());
  EXPECT_TRUE(read_field(field(Parse::integer), a, nullptr, Value(1970.5), "").failed());
  EXPECT_EQ(read_field(field(Parse::integer), a, nullptr, Value(1970.0), "").value,
            Value(std::int64_t{1970}));
}

TEST(ReadField, ListsOfCodesKeepOrderAndLoseRepeats) {
  Field f = field(Parse::codes_list);
  f.mapping = {{"1", "exclusive_industrial"}, {"3", "quasi_industrial"}};
  const auto a = attribute(AttributeType::text);
  EXPECT_EQ(read_field(f, a, nullptr, Value("1,3"), "").value,
            Value("exclusive_industrial,quasi_industrial"));
  EXPECT_EQ(read_field(f, a, nullptr, Value("３、１、3"), "").value,
            Value("quasi_industrial,exclusive_industrial"));
  EXPECT_TRUE(read_field(f, a, nullptr, Value("1,7"), "").failed());
  EXPECT_TRUE(read_field(f, a, nullptr, Value(","), "").unknown());
}

TEST(TextDecoder, IsStrictAndKnowsTheNamesOfCp932) {
  for (const char* name : {"CP932", "Shift_JIS", "SJIS", "cp932", "932", "windows-31j"})
    EXPECT_EQ(TextDecoder(name).encoding(), "CP932") << name;
  const TextDecoder decoder("SJIS");
  EXPECT_EQ(decoder.decode("\x87\x8A\x87\x40\x81\x60"), "㈱①～");
  EXPECT_EQ(decoder.decode("\x83"), std::nullopt);    // half a character
  EXPECT_EQ(decoder.decode("ok\xFF"), std::nullopt);  // a byte that CP932 does not have
  EXPECT_THROW(TextDecoder("klingon"), base::Error);
}

TEST(GmlGeometry, SegmentsOfOneCurveAreOneLine) {
  GmlGeometry gml;
  gml.clear();
  for (const char* name : {"MultiCurve", "curveMembers", "Curve", "segments", "LineStringSegment"})
    gml.begin(name);
  gml.coordinates("0 0 5 1 0 5", 3, 100);
  gml.end("LineStringSegment");
  gml.begin("LineStringSegment");
  gml.coordinates("1 0 5 1 1 5", 3, 100);
  gml.end("LineStringSegment");
  gml.end("Curve");
  ASSERT_TRUE(gml.fault().empty()) << gml.fault();
  EXPECT_EQ(gml.geometry().points, (std::vector<geom::Point>{{0, 0}, {1, 0}, {1, 1}}));
  EXPECT_EQ(gml.geometry().ring_ends, std::vector<std::uint32_t>{3});
}

TEST(GmlGeometry, PolygonsKeepTheirHoles) {
  GmlGeometry gml;
  gml.clear();
  for (const char* name : {"MultiSurface", "Polygon", "exterior", "LinearRing"}) gml.begin(name);
  gml.coordinates("0 0 0 9 9 9 0 0", 2, 100);
  gml.end("LinearRing");
  gml.begin("LinearRing");
  gml.coordinates("1 2 1 3 2 3 1 2", 2, 100);
  gml.end("LinearRing");
  gml.end("Polygon");
  EXPECT_EQ(gml.geometry().ring_ends, (std::vector<std::uint32_t>{4, 8}));
  EXPECT_EQ(gml.geometry().part_ends, std::vector<std::uint32_t>{2});
}

TEST(GmlGeometry, SaysWhatIsWrong) {
  const auto fault = [](const char* element, const char* text, int dimension, std::uint64_t most = 100) {
    GmlGeometry gml;
    gml.clear();
    gml.begin(element);
    gml.coordinates(text, dimension, most);
    gml.end(element);
    return gml.fault().en;
  };
  EXPECT_EQ(fault("LineString", "0 0 1 1 2", 2), "has a list of coordinates that is no multiple of 2");
  EXPECT_EQ(fault("LineString", "0 0 1 x", 2), "has a coordinate that is not a number: x");
  EXPECT_EQ(fault("LineString", "0 0 1 1 2 2", 2, 2), "has more than 2 vertices");
  EXPECT_NE(fault("Solid", "", 3), "");
}

TEST(TrailingCommas, GoOutsideOfTextsOnly) {
  EXPECT_EQ(without_trailing_commas(R"({"a":[1,2,],"b":",]","c":"\",}",})"),
            R"({"a":[1,2 ],"b":",]","c":"\",}" })");
  EXPECT_EQ(without_trailing_commas("[1,2]"), "[1,2]");
  // Only a comma behind a value is a slip; what lacks a value stays wrong.
  for (const char* wrong : {"[1,,]", "[,]", "{,}", "[ , ]", "{\"a\":,}"})
    EXPECT_EQ(without_trailing_commas(wrong), wrong);
}

TEST(RejectLimit, IsACountOrAShare) {
  EXPECT_TRUE(RejectLimit::parse("5").exceeded(6, 1000));
  EXPECT_FALSE(RejectLimit::parse("5").exceeded(5, 5));
  EXPECT_TRUE(RejectLimit::parse("5%").exceeded(6, 100));
  EXPECT_FALSE(RejectLimit::parse("5%").exceeded(5, 100));
  EXPECT_TRUE(RejectLimit::parse("0").exceeded(1, 1000000));
  for (const char* bad : {"", "x", "-1", "101%", "1.5", "%", "5 %"})
    EXPECT_THROW(RejectLimit::parse(bad), base::Error) << bad;
}

TEST(AutoLayer, KeepsNamesAndSaysWhereItCannot) {
  SourceLayer source;
  source.name = "My Roads-2024";
  source.geometry = catalogue::LayerGeometry::line;
  source.columns = {{"NAME", AttributeType::text},
                    {"id", AttributeType::integer},
                    {"name", AttributeType::real},
                    {"路線", AttributeType::text}};
  const auto made = infer_layer(source, "");
  EXPECT_EQ(made.layer.id, "my_roads_2024");
  ASSERT_EQ(made.layer.attributes.size(), 4U);
  EXPECT_EQ(made.layer.attributes[0].name, "NAME");
  EXPECT_EQ(made.layer.attributes[1].name, "id_2");    // every layer has an id of its own
  EXPECT_EQ(made.layer.attributes[2].name, "name_2");  // SQLite takes NAME and name for one
  EXPECT_EQ(made.layer.attributes[3].name, "路線");
  EXPECT_EQ(made.notes.size(), 3U);
  source.name = "道路";
  const auto other = infer_layer(source, "");
  source.name = "鉄道";
  EXPECT_NE(other.layer.id, infer_layer(source, "").layer.id);
}

}  // namespace
}  // namespace ritchi::importers
