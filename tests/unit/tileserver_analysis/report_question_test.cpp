// Every kind of bad question for a constraint report is told where and why.
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "tests/unit/support/world.hpp"
#include "tileserver/analysis/process_inputs.hpp"
#include "tileserver/analysis/report_process.hpp"
#include "tileserver/analysis/report_question.hpp"

namespace {

using namespace ritchi;
using analysis::Format;
using nlohmann::json;
using test::square;

struct BadQuestion {
  const char* name;
  const char* inputs;
  const char* where;
  const char* says;
};

class BadReport : public testing::TestWithParam<BadQuestion> {};

TEST_P(BadReport, IsToldWhereAndWhy) {
  test::World world;
  world.publish("municipalities",
                {{square(138.7, 37.3, 138.9, 37.5), {{"name", "長岡市"}, {"municipality_code", "15202"}}}},
                {"15"});
  analysis::Context context{world.snapshot(),       test::shipped_catalogue(), "en", "2026-04-01", "",
                            base::Deadline::never()};
  try {
    const json inputs = analysis::parse_strictly(GetParam().inputs, "inputs");
    analysis::constraint_report().run(inputs, context, Format::json);
    FAIL() << "answered";
  } catch (const base::Error& error) {
    EXPECT_NE(error.where().find(GetParam().where), std::string::npos) << error.line();
    EXPECT_NE(std::string(error.what()).find(GetParam().says), std::string::npos) << error.line();
    EXPECT_STRNE(error.message_in("ja"), error.message_in("en"));
  }
}

#define RING(coordinates) R"({"polygon": {"type": "Polygon", "coordinates": [[)" coordinates "]]}}"

INSTANTIATE_TEST_SUITE_P(
    Questions, BadReport,
    testing::Values(
        BadQuestion{"nothing", "{}", "inputs", "either a site or a polygon"},
        BadQuestion{"both", R"({"site": 1, "polygon": {}})", "inputs", "either a site or a polygon"},
        BadQuestion{"misspelt", R"({"poligon": {}})", "inputs/poligon", "no 'poligon'"},
        BadQuestion{"date", R"({"site": 1, "as_of": "2026-02-30"})", "inputs/as_of", "no day"},
        BadQuestion{"date_form", R"({"site": 1, "as_of": 20260401})", "inputs/as_of", "text"},
        BadQuestion{"point", R"({"polygon": {"type": "Point", "coordinates": [138.8, 37.4]}})",
                    "inputs/polygon/type", "no area"},
        BadQuestion{"line",
                    R"({"polygon": {"type": "LineString", "coordinates": [[138.8, 37.4], [138.9, 37.4]]}})",
                    "inputs/polygon/type", "no area"},
        BadQuestion{"empty", R"({"polygon": {"type": "Polygon", "coordinates": []}})",
                    "inputs/polygon/coordinates", "not empty"},
        BadQuestion{"crossing", RING("[138.8,37.4],[138.81,37.41],[138.81,37.4],[138.8,37.41],[138.8,37.4]"),
                    "inputs/polygon", "Self-intersection at 138.805"},
        BadQuestion{"open", RING("[138.8,37.4],[138.81,37.4],[138.81,37.41],[138.8,37.41]"), "coordinates/0",
                    "not closed"},
        BadQuestion{"short", RING("[138.8,37.4],[138.81,37.4],[138.8,37.4]"), "coordinates/0",
                    "four positions"},
        BadQuestion{"nan", RING("[NaN,37.4],[138.81,37.4],[138.81,37.41],[NaN,37.4]"), "inputs", "not JSON"},
        BadQuestion{"huge", RING("[1e308,37.4],[138.81,37.4],[138.81,37.41],[1e308,37.4]"),
                    "inputs/polygon/coordinates", "too large"},
        BadQuestion{"infinite", RING("[1e999,37.4],[138.81,37.4],[138.81,37.41],[1e999,37.4]"), "inputs",
                    "too large"},
        BadQuestion{"swapped", RING("[37.4,38.8],[37.41,38.8],[37.41,38.81],[37.4,38.8]"), "inputs/polygon",
                    "outside Japan"},
        BadQuestion{"abroad", RING("[2.3,48.8],[2.31,48.8],[2.31,48.81],[2.3,48.8]"), "inputs/polygon",
                    "outside Japan"},
        BadQuestion{"antimeridian", RING("[179,37],[181,37],[181,38],[179,37]"), "coordinates/0/1",
                    "no longitude"},
        BadQuestion{"vast", RING("[135,34],[141,34],[141,38],[135,38],[135,34]"), "inputs/polygon",
                    "too large"},
        BadQuestion{"flat", RING("[138.8,37.4],[138.81,37.4],[138.82,37.4],[138.8,37.4]"), "inputs/polygon",
                    "not valid"},
        BadQuestion{"tiny", RING("[138.8,37.4],[138.800001,37.4],[138.800001,37.400001],[138.8,37.4]"),
                    "inputs/polygon", "no area"},
        BadQuestion{"twice",
                    R"({"polygon": {"type": "MultiPolygon", "coordinates": [)"
                    "[[[138.8,37.4],[138.81,37.4],[138.81,37.41],[138.8,37.4]]],"
                    "[[[138.8,37.4],[138.81,37.4],[138.81,37.41],[138.8,37.4]]]]}}",
                    "inputs/polygon", "not valid"},
        BadQuestion{
            "plane",
            R"({"polygon": {"type": "Polygon", "crs": {"type": "name", "properties": {"name": "EPSG:6676"}},)"
            R"("coordinates": [[[138.8,37.4],[138.81,37.4],[138.81,37.41],[138.8,37.4]]]}})",
            "inputs/polygon/crs", "reference system"}),
    [](const auto& question) { return question.param.name; });

TEST(ReportPolygon, HasAtMostAHundredThousandVertices) {
  json ring = json::array();
  for (int i = 0; i <= 100'000; ++i) {
    const double angle = 2 * 3.14159265358979 * (i % 100'000) / 100'000;
    ring.push_back({138.8 + 0.01 * std::cos(angle), 37.4 + 0.01 * std::sin(angle)});
  }
  try {
    analysis::read_report_polygon({{"type", "Polygon"}, {"coordinates", json::array({ring})}},
                                  "inputs/polygon");
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), base::ErrorKind::too_large);
    EXPECT_EQ(error.where(), "inputs/polygon/coordinates/0");
  }
  // Just below it is taken.
  ring.erase(ring.begin() + 1);
  const auto polygon = analysis::read_report_polygon(
      {{"type", "Polygon"}, {"coordinates", json::array({ring})}}, "inputs/polygon");
  EXPECT_EQ(polygon.points.size(), 100'000U);
}

}  // namespace
