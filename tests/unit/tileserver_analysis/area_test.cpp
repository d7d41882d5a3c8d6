// Whether a shape lies in an area, against GEOS without the grid; text forms of answers.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "geodata/filter/relation.hpp"
#include "tileserver/analysis/match_area.hpp"
#include "tileserver/analysis/match_text.hpp"

namespace ritchi::analysis {
namespace {

using geom::Geometry;
using geom::Kind;

Geometry star(std::mt19937& random, double x, double y, double size, int corners) {
  std::uniform_real_distribution<double> part(0.3, 1);
  Geometry out;
  out.kind = Kind::polygon;
  for (int i = 0; i < corners; ++i) {
    const double angle = 2 * std::numbers::pi * i / corners;
    const double far = size * part(random);
    out.points.push_back({x + far * std::cos(angle), y + far * std::sin(angle)});
  }
  out.points.push_back(out.points.front());
  out.end_ring();
  out.end_part();
  return out;
}

Geometry rectangle(double x0, double y0, double x1, double y1) {
  Geometry out;
  out.kind = Kind::polygon;
  out.points = {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}};
  out.end_ring();
  out.end_part();
  return out;
}

bool covers(const AreaTest& area, const Geometry& shape) {
  return area.covers(shape.bounds(), [&]() -> const Geometry& { return shape; });
}

TEST(Area, SaysWhatGeosSaysOfEveryShape) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> place(-1.2, 1.2);
  int inside = 0;
  for (int round = 0; round < 30; ++round) {
    Geometry outline = star(random, 0, 0, 1, 3 + round * 7);
    if (round % 3 == 0) {  // with a hole
      const Geometry hole = rectangle(-0.05, -0.05, 0.05, 0.05);
      outline.part_ends.clear();
      outline.points.insert(outline.points.end(), hole.points.begin(), hole.points.end());
      outline.end_ring();
      outline.end_part();
    }
    const AreaTest area(outline);
    const geom::GeosPtr exact = geom::to_geos(outline);
    for (int i = 0; i < 300; ++i) {
      const double size = std::pow(10, std::uniform_real_distribution<double>(-4, -0.5)(random));
      const Geometry shape = star(random, place(random), place(random), size, 6);
      const bool wanted = *filter::relate(filter::Op::s_within, geom::to_geos(shape).get(), exact.get());
      inside += wanted;
      ASSERT_EQ(covers(area, shape), wanted) << round << ' ' << i;
    }
  }
  EXPECT_GT(inside, 500);
}

TEST(Area, HasItsBorder) {
  const AreaTest area(rectangle(138, 37, 139, 38));
  EXPECT_TRUE(covers(area, rectangle(138, 37, 139, 38)));
  EXPECT_TRUE(covers(area, rectangle(138, 37, 138.001, 37.001)));
  Geometry corner;
  corner.points = {{139, 38}};
  EXPECT_TRUE(covers(area, corner));
  corner.points = {{139.0000001, 38}};
  EXPECT_FALSE(covers(area, corner));
  EXPECT_FALSE(covers(area, rectangle(138.9, 37.9, 139.0000001, 38)));
  EXPECT_FALSE(area.covers({}, []() -> const Geometry& { throw std::logic_error("asked for no shape"); }));
}

TEST(CsvText, IsSafeInSpreadsheets) {
  CsvText out;
  for (const char* text : {"=1+1", "+81", "-5", "@a", "plain", "a,b", "say \"so\"", "工場"}) out.cell(text);
  out.number(-5);
  out.number(std::nan(""));
  out.value(std::string_view("=cmd|' /C calc'!A0"));
  out.end_row();
  EXPECT_EQ(out.take(),
            "\xEF\xBB\xBF\"'=1+1\",\"'+81\",\"'-5\",\"'@a\",plain,\"a,b\",\"say "
            "\"\"so\"\"\",工場,-5,,\"'=cmd|' /C calc'!A0\"\r\n");
}

TEST(JsonText, EscapesAndSeparates) {
  JsonText out;
  out.open('{').key("a\"b").text("x\n\\\x01").key("n").number(std::nan("")).key("l").open('[');
  out.whole(1).number(0.1).truth(true).null().close(']').key("e").open('[').close(']').close('}');
  EXPECT_EQ(out.take(), R"({"a\"b":"x\u000a\\\u0001","n":null,"l":[1,0.1,true,null],"e":[]})");
}

}  // namespace
}  // namespace ritchi::analysis
