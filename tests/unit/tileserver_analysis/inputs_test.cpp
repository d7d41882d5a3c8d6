// What comes in from outside: strict JSON, execution requests, areas; each error names its place.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tileserver/analysis/process_geometry.hpp"
#include "tileserver/analysis/process_inputs.hpp"
#include "tileserver/analysis/process_links.hpp"
#include "tileserver/analysis/process_request.hpp"

namespace ritchi::analysis {
namespace {

using base::ErrorKind;
using nlohmann::json;

template <class Call>
std::string place_of_error(const Call& call, ErrorKind kind = ErrorKind::bad_input) {
  try {
    call();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.line();
    EXPECT_STRNE(error.message_in("ja"), error.message_in("en"));
    return error.where();
  }
  return "nothing was refused";
}

std::string refused_at(const std::string& text) {
  return place_of_error([&] { parse_strictly(text, "inputs"); });
}

TEST(StrictJson, ReadsWhatJsonIs) {
  const json read = parse_strictly(R"({"a": [1, -2.5, "工", true, null, {"b": 1e15}]})", "");
  EXPECT_EQ(read, json::parse(R"({"a":[1,-2.5,"工",true,null,{"b":1e15}]})"));
}

TEST(StrictJson, RefusesTheRestWithItsPlace) {
  EXPECT_EQ(refused_at(R"({"criteria": [{}, {"max": 1e999}]})"), "inputs/criteria/1/max");
  EXPECT_EQ(refused_at(R"({"criteria": [{}, {"max": 1e308}]})"), "inputs/criteria/1/max");
  EXPECT_EQ(refused_at(R"({"criteria": [{}, {"max": 9007199254740993000}]})"), "inputs/criteria/1/max");
  EXPECT_EQ(refused_at(R"({"criteria": [{"max": NaN}]})"), "inputs/criteria/0/max");
  EXPECT_EQ(refused_at(R"({"criteria": [{"max": -Infinity}]})"), "inputs/criteria/0/max");
  EXPECT_EQ(refused_at(R"({"limit": 1, "limit": 2})"), "inputs/limit");
  EXPECT_EQ(refused_at("{\"layer\": \"\xff\"}"), "inputs/layer");
  EXPECT_EQ(refused_at("{\"layer\": \"\xed\xa0\x80\"}"), "inputs/layer");
  EXPECT_EQ(refused_at("[1, 2,]"), "inputs/2");
  EXPECT_EQ(refused_at(""), "inputs");
  EXPECT_EQ(refused_at("{} {}"), "inputs");
}

TEST(StrictJson, BoundsDepthAndSize) {
  const auto read = [](const std::string& text) {
    return [text] { parse_strictly(text, "inputs", {.depth = 4, .values = 100}); };
  };
  EXPECT_NO_THROW(read("[[[[1]]]]")());
  EXPECT_EQ(place_of_error(read("[[[[[1]]]]]"), ErrorKind::too_large), "inputs/0/0/0/0");
  std::string many = "[0";
  for (int i = 0; i < 100; ++i) many += ",0";
  EXPECT_EQ(place_of_error(read(many + "]"), ErrorKind::too_large), "inputs/99");
  EXPECT_EQ(
      place_of_error([] { parse_strictly(std::string(5'000'000, '['), "inputs"); }, ErrorKind::too_large)
          .substr(0, 8),
      "inputs/0");
}

Process echo() {
  Process out;
  out.id = "echo";
  out.outputs = {{"result", json::object()}};
  out.formats = {Format::geojson, Format::csv};
  return out;
}

TEST(Execution, TakesTheStandardsFormAndTheBareInputs) {
  const Execution standard = read_execution(
      echo(),
      R"({"inputs": {"a": 1}, "response": "document", "outputs": {"result": {"format": {"mediaType": "text/csv"}}}})");
  EXPECT_EQ(standard.inputs, (json{{"a", 1}}));
  EXPECT_TRUE(standard.as_document);
  EXPECT_EQ(standard.format, Format::csv);
  const Execution bare = read_execution(echo(), R"({"a": 1})");
  EXPECT_EQ(bare.inputs, (json{{"a", 1}}));
  EXPECT_FALSE(bare.as_document);
  EXPECT_EQ(bare.format, std::nullopt);
}

TEST(Execution, RefusesWhatItDoesNotOffer) {
  const auto place = [](const char* body) { return place_of_error([&] { read_execution(echo(), body); }); };
  EXPECT_EQ(place(R"({"inputs": {}, "response": "maybe"})"), "response");
  EXPECT_EQ(place(R"({"inputs": {}, "criteria": []})"), "criteria");
  EXPECT_EQ(place(R"({"inputs": {}, "outputs": {"other": {}}})"), "outputs/other");
  EXPECT_EQ(place(R"({"inputs": {}, "outputs": {"result": {"format": {"mediaType": "image/png"}}}})"),
            "outputs/result/format/mediaType");
  EXPECT_EQ(place_of_error([] { offered_format(echo(), "html", "f"); }), "f");
}

TEST(Execution, ADocumentHoldsTheResult) {
  const json shaped = json::parse(as_document(echo(), {"application/geo+json", R"({"type":"x"})", {}}).body);
  EXPECT_EQ(shaped["result"]["value"]["type"], "x");
  const json text = json::parse(as_document(echo(), {"text/csv", "a,\"b\"\r\n", {}}).body);
  EXPECT_EQ(text["result"]["value"], "a,\"b\"\r\n");
}

std::string area_refused_at(const char* text, ErrorKind kind = ErrorKind::bad_input) {
  return place_of_error([&] { read_area(json::parse(text), "inputs/within"); }, kind);
}

TEST(Area, IsReadFromEveryForm) {
  const char* ring = R"([[138.0,37.0],[138.1,37.0],[138.1,37.1],[138.0,37.0]])";
  const std::string polygon = std::string(R"({"type":"Polygon","coordinates":[)") + ring + "]}";
  const auto one = read_area(json::parse(polygon), "x");
  EXPECT_EQ(one.points.size(), 4U);
  EXPECT_EQ(read_area(json::parse(R"({"type":"Feature","properties":{},"geometry":)" + polygon + "}"), "x"),
            one);
  EXPECT_EQ(
      read_area(json::parse(R"({"type":"MultiPolygon","coordinates":[[)" + std::string(ring) + "]]}"), "x"),
      one);
  EXPECT_EQ(read_area(json::parse(R"({"type":"FeatureCollection","features":[{"type":"Feature","geometry":)" +
                                  polygon + "}]}"),
                      "x"),
            one);
  std::string written;
  append_geojson(written, one);
  EXPECT_EQ(json::parse(written), json::parse(polygon));
}

TEST(Area, IsRefusedWithTheReasonsPlace) {
  EXPECT_EQ(area_refused_at(R"({"type":"Point","coordinates":[1,2]})"), "inputs/within/type");
  EXPECT_EQ(area_refused_at(R"({"coordinates":[]})"), "inputs/within/type");
  EXPECT_EQ(area_refused_at(R"({"type":"Polygon","coordinates":[]})"), "inputs/within/coordinates");
  EXPECT_EQ(area_refused_at(R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]})"),
            "inputs/within/coordinates/0");
  EXPECT_EQ(area_refused_at(R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]})"),
            "inputs/within/coordinates/0");
  EXPECT_EQ(area_refused_at(R"({"type":"Polygon","coordinates":[[[0,0],[200,0],[1,1],[0,0]]]})"),
            "inputs/within/coordinates/0/1");
  EXPECT_EQ(area_refused_at(R"({"type":"Polygon","coordinates":[[[0,0],["1",0],[1,1],[0,0]]]})"),
            "inputs/within/coordinates/0/1");
}

TEST(Area, ThatCrossesItselfIsToldWhere) {
  try {
    read_area(
        json::parse(R"({"type":"Polygon","coordinates":[[[138,37],[139,38],[139,37],[138,38],[138,37]]]})"),
        "inputs/within");
    FAIL() << "a bow tie was taken";
  } catch (const base::Error& error) {
    EXPECT_NE(std::string(error.what()).find("138.5 37.5"), std::string::npos) << error.what();
  }
}

TEST(Area, HasALimit) {
  json ring = json::array();
  for (int i = 0; i < 100'001; ++i) ring.push_back({138 + i * 1e-6, 37});
  const json area{{"type", "Polygon"}, {"coordinates", json::array({ring})}};
  EXPECT_EQ(place_of_error([&] { read_area(area, "inputs/within"); }, ErrorKind::too_large),
            "inputs/within/coordinates/0");
}

TEST(Links, HoldTheWholeQuestionOrSayThatTheyCannot) {
  const catalogue::Catalogue none;
  Context context{
      .snapshot = nullptr, .catalogue = none, .language = "en", .today = "", .public_base = "http://a/b"};
  std::vector<std::string> warnings;
  const json links = question_links(context, "echo", json::parse(R"({"b": 1, "a": "工 x"})"),
                                    {Format::geojson, Format::csv}, Format::csv, warnings);
  EXPECT_TRUE(warnings.empty());
  ASSERT_EQ(links.size(), 2U);
  EXPECT_EQ(links[0]["rel"], "alternate");
  EXPECT_EQ(links[1]["rel"], "self");
  EXPECT_EQ(
      links[1]["href"],
      "http://a/b/processes/echo/execution?inputs=%7B%22a%22%3A%22%E5%B7%A5%20x%22%2C%22b%22%3A1%7D&f=csv");
  EXPECT_TRUE(
      question_links(context, "echo", json(std::string(9000, 'x')), {Format::csv}, Format::csv, warnings)
          .empty());
  EXPECT_EQ(warnings.size(), 1U);
}

TEST(Names, LikeTheOneThatIsMissing) {
  const std::vector<std::string> known{"area_ha", "port_km", "airport_km", "price_jpy_per_m2"};
  EXPECT_EQ(nearest_names("aera_ha", known).front(), "area_ha");
  EXPECT_EQ(nearest_names("price", known).front(), "price_jpy_per_m2");
  EXPECT_TRUE(nearest_names("xyzzy", known).empty());
}

}  // namespace
}  // namespace ritchi::analysis
