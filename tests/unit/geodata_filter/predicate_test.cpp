// Filters as text and JSON: what they mean, where they are wrong, what they are equal to.
#include "geodata/filter/predicate.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/filter/evaluate.hpp"
#include "geodata/geom/spatialite_blob.hpp"

namespace {

using namespace ritchi;
using base::ErrorKind;
using filter::Truth;

catalogue::Layer sites(const std::string& dated_by = "null") {
  auto layer = nlohmann::json::parse(R"({"id": "sites", "geometry": "polygon", "attributes": [
    {"name": "name", "type": "text"}, {"name": "区分", "type": "text"}, {"name": "workers", "type": "integer"},
    {"name": "area_ha", "type": "real"}, {"name": "leased", "type": "boolean"}, {"name": "opened_on", "type": "date"},
    {"name": "closed_on", "type": "date"}, {"name": "seen_at", "type": "datetime"},
    {"name": "year", "type": "integer", "unit": "year"}]})");
  if (dated_by != "null") layer["dated_by"] = nlohmann::json::parse(dated_by);
  return catalogue::parse_layer(layer, "test");
}

const catalogue::Layer& layer() {
  static const catalogue::Layer held = sites();
  return held;
}

std::string normal(const std::string& text) {
  return filter::parse_text(text, layer())->normalised();
}

struct Site {
  std::vector<catalogue::ValueView> values{"燕工場",
                                           "A",
                                           std::int64_t{40},
                                           2.5,
                                           true,
                                           "2020-04-01",
                                           std::monostate{},
                                           "2024-02-29T12:00:00.500Z",
                                           std::int64_t{2020}};
  std::string blob;
  Site() {
    geom::Geometry square;
    square.kind = geom::Kind::polygon;
    square.points = {{138, 37}, {139, 37}, {139, 38}, {138, 38}, {138, 37}};
    square.end_ring();
    square.end_part();
    geom::encode_spatialite(square, 6668, blob);
  }
  filter::Row row() const {
    return {7, "S7", false, values, std::as_bytes(std::span(blob.data(), blob.size()))};
  }
};

Truth truth(const std::string& text) {
  const Site site;
  return filter::evaluate(filter::parse_text(text, layer())->root(), site.row());
}

void expect_error(const std::string& text, ErrorKind kind, const std::string& where,
                  const std::string& message, const filter::Limits& limits = {}) {
  try {
    filter::parse_text(text, layer(), limits);
    ADD_FAILURE() << text << " was taken";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), kind) << text << ": " << error.line();
    EXPECT_EQ(error.where(), where) << text << ": " << error.line();
    EXPECT_NE(error.line().find(message), std::string::npos) << text << ": " << error.line();
    EXPECT_FALSE(error.remedy().empty()) << text;
    EXPECT_STRNE(error.message_in("ja"), error.what()) << text;
  }
}

TEST(Predicate, IsTrueFalseOrUnknown) {
  for (const char* yes : {"name = '燕工場'",
                          "workers BETWEEN 40 AND 41",
                          "area_ha = 2.5",
                          "leased",
                          "leased AND NOT (workers > 40)",
                          "name LIKE '燕__'",
                          "name LIKE '%工%'",
                          "name NOT LIKE '燕_'",
                          "closed_on IS NULL",
                          "geom IS NOT NULL",
                          "id = 7",
                          "source_id IN ('S6', 'S7')",
                          "synthetic = false",
                          "workers / 16 = area_ha",
                          "workers % 7 = 5",
                          "workers div 7 = 5",
                          "workers - -2 ^ 2 = 36",
                          "opened_on = DATE('2020-04-01')",
                          "seen_at > TIMESTAMP('2024-02-29T21:00:00+09:00')",
                          "seen_at > DATE('2024-02-29')",
                          "T_DURING(INTERVAL(seen_at, seen_at), INTERVAL('2024-02-29', '..'))",
                          "T_INTERSECTS(seen_at, DATE('2024-02-29'))",
                          "T_AFTER(seen_at, DATE('2024-02-28'))",
                          "CASEI(source_id) = CASEI('s7')",
                          "ACCENTI('Ōsaka') = 'Osaka'",
                          "ACCENTI('が') <> 'か'",
                          "S_INTERSECTS(geom, POINT(138.5 37.5))",
                          "S_WITHIN(geometry, BBOX(137, 36, 140, 39))",
                          "S_TOUCHES(geom, POINT(138 37))",
                          "S_INTERSECTS(geom, BBOX(138.5, 30, -170, 40))",
                          "S_INTERSECTS(geom, GEOMETRYCOLLECTION(POINT(0 0), LINESTRING(138 37, 140 39)))",
                          "S_EQUALS(geom, POLYGON Z ((138 37 1, 138 38 1, 139 38 1, 139 37 1, 138 37 1)))",
                          "closed_on IS NULL OR closed_on > DATE('2020-01-01')",
                          "'a' < 'b'",
                          "TRUE"})
    EXPECT_EQ(truth(yes), Truth::yes) << yes;
  for (const char* no :
       {"workers <> 40", "NOT leased", "name LIKE '燕'", "S_DISJOINT(geom, POINT(138.5 37.5))",
        "closed_on IS NOT NULL", "closed_on > DATE('2020-01-01') AND FALSE",
        "S_OVERLAPS(geom, BBOX(0, 0, 1, 1))", "workers IN (1, 2.5, 39)"})
    EXPECT_EQ(truth(no), Truth::no) << no;
  for (const char* unknown :
       {"closed_on = DATE('2020-01-01')", "closed_on <> DATE('2020-01-01')", "NOT closed_on = opened_on",
        "closed_on IN (DATE('2020-01-01'), DATE('2020-01-02'))", "leased AND closed_on > opened_on",
        "workers / (workers - 40) > 1", "T_AFTER(closed_on, DATE('2020-01-01'))",
        "T_MEETS(INTERVAL(opened_on, closed_on), INTERVAL('2020-01-01', '..'))"})
    EXPECT_EQ(truth(unknown), Truth::unknown) << unknown;
}

TEST(Predicate, AWholeNumberIsComparedExactlyWithADecimalOne) {
  EXPECT_EQ(normal("9007199254740993 > 9007199254740992.0"), "TRUE");
  EXPECT_EQ(normal("9223372036854775807 < 9223372036854775808.0"), "TRUE");
}

TEST(Predicate, EqualFiltersHaveOneNormalForm) {
  const std::pair<const char*, const char*> equal[] = {
      {"workers>1 and name='x'", "  name = 'x'   AND\tworkers > 1 "},
      {"NOT (NOT leased)", "leased = TRUE"},
      {"NOT leased", "leased = false"},
      {"workers between 1 and 5", "workers <= 5 AND 1 <= workers"},
      {"workers not between 1 and 5", "workers > 5 OR workers < 1"},
      {"name in ('b', 'a', 'b')", "NAME_IS_SET"},
      {"name in ('b')", "'b' = name"},
      {"workers > 2*3+1", "7 < workers"},
      {"area_ha = 2.0", "area_ha = 2"},
      {"s_disjoint(geom, point(1 2))", "NOT S_INTERSECTS(POINT(1.0 2), geometry)"},
      {"s_contains(bbox(0,0,1,1), geom)", "S_WITHIN(geom, POLYGON((0 0, 1 0, 1 1, 0 1, 0 0)))"},
      {"NOT (leased OR workers = 1)", "workers <> 1 AND leased = FALSE"},
      {"leased AND (TRUE OR workers > 1)", "leased"},
      {"name = CASEI('ABC')", "name = 'abc'"},
      {"seen_at > timestamp('2024-01-01T09:00:00+09:00')", "seen_at > TIMESTAMP('2024-01-01T00:00:00.000Z')"},
      {"\"区分\" = 'it''s'", "区分 = 'it\\'s'"}};
  for (const auto& [a, b] : equal)
    if (std::string(b) == "NAME_IS_SET")
      EXPECT_EQ(normal(a), normal("name IN ('a', 'b')"));
    else
      EXPECT_EQ(normal(a), normal(b)) << a;
  EXPECT_NE(normal("workers > 1"), normal("workers >= 1"));
  EXPECT_NE(normal("name = 'A'"), normal("name = 'a'"));
  EXPECT_EQ(normal("workers > 1 AND workers > 1"), "\"workers\" > 1");
}

TEST(Predicate, TextAndJsonMeanTheSame) {
  const std::pair<const char*, const char*> same[] = {
      {"name LIKE 'a%' AND leased",
       R"({"op":"and","args":[{"op":"like","args":[{"property":"name"},"a%"]},{"property":"leased"}]})"},
      {"S_INTERSECTS(geom, MULTIPOINT((1 2), (3 4)))",
       R"({"op":"s_intersects","args":[{"property":"geom"},{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}]})"},
      {"T_INTERSECTS(INTERVAL(opened_on, closed_on), INTERVAL('2020-01-01', '..'))",
       R"({"op":"t_intersects","args":[{"interval":[{"property":"opened_on"},{"property":"closed_on"}]},{"interval":["2020-01-01",".."]}]})"},
      {"workers NOT IN (1, 2)",
       R"({"op":"not","args":[{"op":"in","args":[{"property":"workers"},[1,2]]}]})"}};
  for (const auto& [text, json] : same)
    EXPECT_EQ(normal(text), filter::parse_json(json, layer())->normalised());
}

TEST(Predicate, AFaultSaysWhatWhereAndWhatToDo) {
  const auto bad = ErrorKind::bad_input;
  expect_error("", bad, "filter, character 1", "but found the end");
  expect_error("workers >", bad, "filter, character 10", "but found the end");
  expect_error("区分 = '甲' AND", bad, "filter, character 13", "expected a property");
  expect_error("workers = 1 leased", bad, "filter, character 13", "expected the end, AND or OR");
  expect_error("name = 'x", bad, "filter, character 8", "not closed");
  expect_error("name = 'x' ; DROP", bad, "filter, character 12", "means nothing");
  expect_error("nope = 1", bad, "filter, character 1", "it has geom, id, source_id, synthetic, name, 区分");
  expect_error("leased OR workers = 'many'", bad, "filter, character 11",
               "\"workers\" (number) is compared with 'many' (text)");
  expect_error("opened_on = '2020-01-01'", bad, "filter, character 1", "write DATE('…')");
  expect_error("name", bad, "filter, character 1", "expected a condition");
  expect_error("workers + name > 1", bad, "filter, character 11", "expected a number");
  expect_error("workers LIKE 'a'", bad, "filter, character 1", "expected a text");
  expect_error("opened_on = DATE('2023-02-29')", bad, "filter, character 13", "not a date");
  expect_error("seen_at = TIMESTAMP('2024-01-01T00:00:00')", bad, "filter, character 11", "with zone");
  expect_error("T_DURING(opened_on, INTERVAL('2020-01-01','..'))", bad, "filter, character 10", "INTERVAL(");
  expect_error("T_AFTER(opened_on, INTERVAL('2021-01-01','2020-01-01'))", bad, "filter, character 20",
               "before it begins");
  expect_error("workers > 1e999", bad, "filter, character 11", "not a number");
  expect_error("workers > 1/0", bad, "filter, character 12", "no value");
  expect_error("workers > NaN", bad, "filter, character 11", "no property 'NaN'");
  expect_error("S_INTERSECTS(geom, POLYGON((0 0, 2 2, 0 2, 2 0, 0 0)))", bad, "filter, character 20",
               "Self-intersection");
  expect_error("S_INTERSECTS(geom, POLYGON((0 0, 2 2, 0 2)))", bad, "filter, character 28", "a ring needs");
  expect_error("S_INTERSECTS(geom, POINT EMPTY)", bad, "filter, character 26", "empty");
  expect_error("S_INTERSECTS(geom, name)", bad, "filter, character 20", "expected a geometry");
  expect_error("S_WITHIN(geom, BBOX(0, 1, 2))", bad, "filter, character 16", "four numbers");
  const auto unsupported = ErrorKind::unsupported;
  expect_error("A_CONTAINS(name, ('a', 'b'))", unsupported, "filter, character 1", "a list");
  expect_error("buffer(geom, 1) = 2", unsupported, "filter, character 1", "no function 'buffer'");
  expect_error("S_WITHIN(geom, GEOMETRYCOLLECTION(POINT(1 1), LINESTRING(0 0, 1 1)))", unsupported,
               "filter, character 16", "collection");
}

TEST(Predicate, AFaultInJsonHasItsPath) {
  const auto where = [](const std::string& json) -> std::string {
    try {
      filter::parse_json(json, layer());
    } catch (const base::Error& error) {
      return error.where();
    }
    return "taken";
  };
  EXPECT_EQ(where(R"({"op":"and","args":[{"property":"leased"},{"property":"nope"}]})"), "filter $.args[1]");
  EXPECT_EQ(where(R"({"op":"=","args":[{"property":"name"}]})"), "filter $");
  EXPECT_EQ(where(R"({"op":"=","args":[{"property":"name"},null]})"), "filter $.args[1]");
  EXPECT_EQ(where(R"({"op":"=","args":[{"property":"name"},"a\\"]})"), "filter $.args[1]");
  EXPECT_EQ(where(R"({"op":)"), "filter");
}

TEST(Predicate, IsLimited) {
  const auto large = ErrorKind::too_large;
  std::string nested(100, '('), ors = "workers = 0", shape = "S_INTERSECTS(geom, LINESTRING(0 0";
  expect_error(nested + "leased" + std::string(100, ')'), large, "filter, character 65", "levels of nesting");
  std::string nots;
  for (int i = 0; i < 100; ++i) nots += "NOT ";
  expect_error(nots + "leased", large, "filter, character 253", "levels of nesting");
  for (int i = 1; i < 300; ++i) ors += " OR workers = " + std::to_string(i);
  EXPECT_NO_THROW(filter::parse_text(ors, layer()));
  expect_error(std::string(20000, ' ') + "leased", large, "filter", "bytes");
  filter::Limits few;
  few.nodes = 100;
  few.vertices = 10;
  EXPECT_THROW(filter::parse_text(ors, layer(), few), base::Error);
  for (int i = 1; i < 20; ++i) shape += ", " + std::to_string(i) + " 0";
  EXPECT_THROW(filter::parse_text(shape + "))", layer(), few), base::Error);
  EXPECT_NO_THROW(filter::parse_text(shape + "))", layer()));
  std::string sum = "workers = 1";
  for (int i = 0; i < 200; ++i) sum += "+1";
  EXPECT_THROW(filter::parse_text(sum, layer()), base::Error);
  EXPECT_THROW(filter::parse_json(std::string(9000, '['), layer()), base::Error);
}

TEST(Datetime, SelectsWhatIsDatedWithin) {
  const auto text = [](const std::string& parameter, const std::string& dated_by) -> std::string {
    const auto predicate = filter::parse_datetime(parameter, sites(dated_by));
    return predicate ? predicate->normalised() : "everything";
  };
  EXPECT_EQ(text("2020-04-01", "null"), "everything");
  EXPECT_EQ(text("../..", R"("opened_on")"), "everything");
  const auto same = [&](const std::string& parameter, const std::string& dated_by,
                        const std::string& filter) {
    EXPECT_EQ(text(parameter, dated_by), normal(filter)) << parameter;
  };
  same("2020-04-01T10:00:00Z", R"("opened_on")",
       "(opened_on IS NULL OR opened_on >= DATE('2020-04-01')) AND (opened_on IS NULL OR opened_on <= "
       "DATE('2020-04-01'))");
  same("2020-04-01/..", R"({"from": "opened_on", "to": "closed_on"})",
       "closed_on IS NULL OR closed_on >= DATE('2020-04-01')");
  same("/2020-04-01", R"({"from": "opened_on"})", "opened_on IS NULL OR opened_on <= DATE('2020-04-01')");
  same("2020-03-31/..", R"({"at": "year", "fiscal_year": true})", "year IS NULL OR year >= 2019");
  same("2020-03-31/..", R"("year")", "year IS NULL OR year >= 2020");
  same("../2024-01-01", R"("seen_at")",
       "seen_at IS NULL OR seen_at <= TIMESTAMP('2024-01-01T23:59:59.999999Z')");
  for (const char* bad : {"", "/", "2020", "2020-04-01/2020-03-01", "2020-04-01/x", "2020-04-01/../..", "..",
                          "2020-04-01T10:00:00"})
    EXPECT_THROW(filter::parse_datetime(bad, sites(R"("opened_on")")), base::Error) << bad;
}

TEST(Datetime, ALayerIsDatedByItsDatesOnly) {
  for (const char* bad : {R"("name")", R"("nope")", R"("workers")", R"({"to": "closed_on"})", "{}", "5",
                          R"({"at": "opened_on", "from": "opened_on"})"})
    EXPECT_THROW(sites(bad), base::Error) << bad;
  const auto layer = sites(R"({"from": "opened_on", "to": "closed_on"})");
  EXPECT_EQ(catalogue::to_json(catalogue::parse_layer(catalogue::to_json(layer), "test")),
            catalogue::to_json(layer));
}

}  // namespace
