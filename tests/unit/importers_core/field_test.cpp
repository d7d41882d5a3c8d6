// One field at a time: mapping, unknown marks, units, ranges; and small helpers of the sources.
#include <gtest/gtest.h>

#include "geodata/catalogue/catalogue.hpp"
#include "importers/core/auto_layer.hpp"
#include "importers/core/element_names.hpp"
#include "importers/core/encoding_evidence.hpp"
#include "importers/core/field_reader.hpp"
#include "importers/core/gml_geometry.hpp"
#include "importers/core/import_job.hpp"
#include "importers/core/text_decoder.hpp"
#include "importers/core/trailing_commas.hpp"

#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"

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

Parsed<Value> read_field(const Field& f, const Attribute& a, const catalogue::CodeList* codes,
                         const Value& raw, std::string_view unit) {
  return FieldReader(f, a, codes).read(raw, unit).value;
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

TEST(ReadField, MapsCodesToNumbers) {
  Field f = field(Parse::number);
  f.mapping = {{"1", "0"}, {"2", "0.5"}, {"9", ""}};
  const auto a = attribute(AttributeType::real, "m");
  EXPECT_EQ(read_field(f, a, nullptr, Value("2"), "").value, Value(0.5));
  EXPECT_EQ(read_field(f, a, nullptr, Value("２"), "").value, Value(0.5));
  EXPECT_EQ(read_field(f, a, nullptr, Value(2.0), "").value, Value(0.5));
  EXPECT_EQ(read_field(f, a, nullptr, Value("1.0"), "").value, Value(0.0));
  EXPECT_EQ(read_field(f, a, nullptr, Value(std::int64_t{1}), "").value, Value(0.0));
  EXPECT_TRUE(read_field(f, a, nullptr, Value("9"), "").unknown());
  EXPECT_TRUE(read_field(f, a, nullptr, Value("不明"), "").unknown());
  EXPECT_TRUE(read_field(f, a, nullptr, Value("3"), "").failed());  // never the 3 itself
}

// The text that stands for "not known", or what was done on the way.
TEST(ReadField, SaysWhichTextMeansUnknown) {
  const auto said = [](const Field& f, const Value& raw, const catalogue::CodeList* codes = nullptr) {
    const auto a = attribute(codes != nullptr ? AttributeType::text : AttributeType::integer);
    const auto reading = FieldReader(f, a, codes).read(raw, "");
    EXPECT_TRUE(reading.value.unknown());
    return reading.unknown;
  };
  Field number = field(Parse::integer);
  number.unknown = {"0", "9999"};
  EXPECT_EQ(said(number, Value("9999")), "9999");
  EXPECT_EQ(said(number, Value(std::int64_t{0})), "0");
  EXPECT_EQ(said(number, Value("－")), "-");
  EXPECT_EQ(said(number, Value("")), "");  // nothing was said
  EXPECT_EQ(said(number, Value("　")), "");
  EXPECT_EQ(said(number, Value()), "");
  EXPECT_EQ(said(field(Parse::fiscal_year), Value("0001")), "0001");
  Field code = field(Parse::code);
  code.mapping = {{"99", ""}};
  EXPECT_EQ(said(code, Value("99"), &districts), "99");
  Field part = field(Parse::integer);
  part.ends_with = "年";
  EXPECT_EQ(said(part, Value("12")), "");  // none of this attribute's
}

TEST(ReadField, SaysWhatWasNormalised) {
  const auto steps = [](const Field& f, const Attribute& a, const Value& raw, std::string_view unit = "") {
    const auto reading = FieldReader(f, a, nullptr).read(raw, unit);
    EXPECT_TRUE(reading.value.value.has_value()) << reading.value.error;
    std::string out;
    for (std::size_t i = 0; i < step_names.size(); ++i)
      if (reading.steps.has(static_cast<Step>(i)))
        out += (out.empty() ? "" : ",") + std::string(step_names[i]);
    return out;
  };
  const auto ha = attribute(AttributeType::real, "ha");
  EXPECT_EQ(steps(field(Parse::number), ha, Value("1.5")), "");
  EXPECT_EQ(steps(field(Parse::number), ha, Value(1.5)), "");
  EXPECT_EQ(steps(field(Parse::number), ha, Value("１．５")), "width");
  EXPECT_EQ(steps(field(Parse::number), ha, Value("9,827(㎡)")), "width,unit");
  EXPECT_EQ(steps(field(Parse::number), ha, Value("2.5ha")), "");
  EXPECT_EQ(steps(field(Parse::number), attribute(AttributeType::real, "mm"), Value(0.3), "m"), "unit");
  EXPECT_EQ(steps(field(Parse::number), attribute(AttributeType::real, "m3/day"), Value("5m3/日")), "");
  EXPECT_EQ(steps(field(Parse::fiscal_year), attribute(AttributeType::integer), Value("S48")), "era");
  EXPECT_EQ(steps(field(Parse::fiscal_year), attribute(AttributeType::integer), Value("1973")), "");
  Field f = field(Parse::fiscal_year);
  ASSERT_TRUE(set_era(f.years, "showa"));
  EXPECT_EQ(steps(f, attribute(AttributeType::integer), Value("48")), "two_digit_year");
  Field thousands = field(Parse::money_jpy);
  thousands.scale = 1000;
  EXPECT_EQ(steps(thousands, attribute(AttributeType::integer, "JPY"), Value("14,502")), "scale");
  EXPECT_EQ(steps(thousands, attribute(AttributeType::integer, "JPY"), Value("500円")), "");
  EXPECT_EQ(steps(thousands, attribute(AttributeType::integer, "JPY"), Value("1.2億円")), "unit");
  EXPECT_EQ(steps(field(Parse::text), attribute(AttributeType::text), Value("ＡＢＣ")), "");
}

TEST(ReadField, ScalesColumnsThatNameNoUnit) {
  Field f = field(Parse::number);
  f.unit = "kW";
  const auto mw = attribute(AttributeType::real, "MW");
  EXPECT_EQ(read_field(f, mw, nullptr, Value("12,500"), "").value, Value(12.5));
  EXPECT_EQ(read_field(f, mw, nullptr, Value("3MW"), "").value, Value(3.0));
  EXPECT_TRUE(read_field(f, mw, nullptr, Value("3MVA"), "").failed());
  Field percent = field(Parse::number);
  percent.scale = 100;
  EXPECT_EQ(read_field(percent, attribute(AttributeType::real, "%"), nullptr, Value("0.6"), "").value,
            Value(60.0));
  EXPECT_EQ(read_field(percent, attribute(AttributeType::real, "%"), nullptr, Value("60%"), "").value,
            Value(60.0));
}

TEST(ReadField, MoneyInANumberColumnIsExact) {
  const auto yen = attribute(AttributeType::integer, "JPY");
  EXPECT_EQ(read_field(field(Parse::number), yen, nullptr, Value("0.3億円"), "").value,
            Value(std::int64_t{30'000'000}));
  EXPECT_TRUE(read_field(field(Parse::number), yen, nullptr, Value("1.5円"), "").failed());
  Field thousands = field(Parse::number);
  thousands.unit = "千円";
  EXPECT_EQ(read_field(thousands, yen, nullptr, Value("14,502"), "").value, Value(std::int64_t{14'502'000}));
  EXPECT_EQ(read_field(thousands, yen, nullptr, Value("5円"), "").value, Value(std::int64_t{5}));
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

TEST(EncodingEvidence, BelievesTextsMoreThanWhatIsDeclared) {
  const auto weighed = [](const std::vector<std::string>& texts, const std::string& declared) {
    EncodingEvidence evidence;
    for (const auto& text : texts) evidence.add(text);
    return evidence.against(declared);
  };
  const std::string utf8 = "農用地区域㈱";
  const std::string cp932 = *base::encode(utf8, "CP932");
  EXPECT_EQ(weighed({utf8}, "CP932"), "UTF-8");
  EXPECT_EQ(weighed({cp932}, "UTF-8"), "CP932");
  EXPECT_EQ(weighed({cp932}, "Shift_JIS"), "CP932");
  EXPECT_EQ(weighed({"ascii"}, "SJIS"), "CP932");
  // Half-width kana in CP932 that happen to be UTF-8 of two bytes.
  EXPECT_EQ(weighed({"\xC3\xB0"}, "CP932"), "CP932");
  // Texts that a column's width has cut in the middle of a character are still UTF-8.
  EXPECT_EQ(weighed({utf8, utf8, utf8.substr(0, 7)}, "UTF-8"), "UTF-8");
  // Bytes of neither stay with what is declared, and are rejected one by one.
  EXPECT_EQ(weighed({"\xFF\xFF"}, "UTF-8"), "UTF-8");
  EXPECT_EQ(weighed({cp932}, "EUC-JP"), "EUC-JP");
}

TEST(ElementNames, KnowWildcardsAndExceptions) {
  EXPECT_TRUE(matches("*Station*", "N02-22_Station"));
  EXPECT_FALSE(matches("*Station", "N02-22_Stations"));
  EXPECT_TRUE(matches("A31a-?0-*_10", "A31a-20-24_81_8101010001_10"));
  EXPECT_FALSE(matches("A31a-?0-*", "A31a-0-24"));
  EXPECT_TRUE(matches("??区域", "農用区域"));  // a character, not a byte
  EXPECT_FALSE(matches("?区域", "農用区域"));
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("a*b*c", "aXbXbYc"));
  EXPECT_FALSE(matches("", "x"));
  EXPECT_TRUE(is_wanted({}, "anything"));
  EXPECT_TRUE(is_wanted({"Pipe", "Water*"}, "WaterPipe"));
  EXPECT_FALSE(is_wanted({"Pipe"}, "WaterPipe"));
  EXPECT_FALSE(is_wanted({"!*RailroadSection*"}, "N02-22_RailroadSection"));
  EXPECT_TRUE(is_wanted({"!*RailroadSection*"}, "stations"));
  EXPECT_FALSE(is_wanted({"N02*", "!*Section"}, "N02-22_RailroadSection"));
}

TEST(TextDecoder, IsStrictAndKnowsTheNamesOfCp932) {
  for (const char* name : {"CP932", "Shift_JIS", "SJIS", "cp932", "932", "windows-31j"})
    EXPECT_EQ(TextDecoder(name).encoding(), "CP932") << name;
  TextDecoder decoder("SJIS");
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
