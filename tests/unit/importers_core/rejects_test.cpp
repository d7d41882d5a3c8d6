// The reject file: what was rejected comes back from it as it was, in every kind of value and shape.
#include "importers/core/rejects.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "geodata/base/error.hpp"
#include "importers/core/csv_rows.hpp"
#include "importers/core/reject_cell.hpp"
#include "importers/core/reject_source.hpp"
#include "tests/unit/support/temporary_folder.hpp"

namespace ritchi::importers {
namespace {

const char* const awkward[] = {"=1+1",
                               "+81-25-123",
                               "-",
                               "-5.5",
                               "@sum",
                               "'quoted",
                               "''=x",
                               "a,b",
                               "\"q\"",
                               "two\nlines",
                               "cr\r",
                               " blank ",
                               "\t",
                               "長岡市",
                               "＝全角",
                               "1e5",
                               "-1e-5x",
                               "\r\n",
                               "=cmd|'/C calc'!A0"};

TEST(RejectCell, ComesBackAndIsNoFormula) {
  for (const std::string text : awkward) {
    const std::string cell = guarded(text);
    EXPECT_EQ(unguarded(cell), text);
    EXPECT_EQ(std::string("=@\t\r\n").find(cell.front()), std::string::npos) << cell;
  }
  EXPECT_EQ(guarded("-12.5"), "-12.5");
  EXPECT_EQ(guarded("+3"), "+3");
  EXPECT_EQ(guarded("-1+cmd"), "'-1+cmd");
  EXPECT_EQ(unguarded("'tis"), "'tis");  // written by people, not by us
}

struct Original {
  SourceLayer layer;
  SourceFeature feature;
};

std::vector<Original> originals() {
  std::vector<Original> out(3);
  for (std::size_t i = 0; i < std::size(awkward); ++i) {
    out[0].layer.columns.push_back({"c" + std::to_string(i), {}});
    out[0].feature.values.emplace_back(awkward[i]);
  }
  out[0].layer.name = "=layer";
  out[0].feature.label = "line 2";
  out[0].feature.crs = "EPSG:6676";
  auto& shape = out[0].feature.geometry.emplace();
  shape.kind = geom::Kind::polygon;
  shape.multi = true;
  for (const geom::Point p : {geom::Point{0.1, 1.0 / 3}, {2, 3e-300}, {-4, 5}, {0.1, 1.0 / 3}})
    shape.points.push_back(p);
  shape.end_ring();
  for (const geom::Point p : {geom::Point{1, 1}, {2, 1}, {1, 1}}) shape.points.push_back(p);
  shape.end_ring();
  shape.end_part();
  for (const geom::Point p : {geom::Point{9, 9}, {8, 9}, {8, 8}, {9, 9}}) shape.points.push_back(p);
  shape.end_ring();
  shape.end_part();

  out[1].layer.name = "b";
  out[1].layer.columns = {{"c0", {}}, {"c0", {}}, {"value", {}}, {"n", {}}, {"e", {}}, {"f", {}}};
  out[1].feature.label = "feature 7";
  out[1].feature.id = 7;
  out[1].feature.crs = "EPSG:6697";
  out[1].feature.authority_axes = true;
  out[1].feature.values = {std::int64_t{-9007199254740993}, 0.1 + 0.2, true, {}, std::string(), 1e22};
  out[1].feature.geometry_fault = {"is a solid", "立体です"};

  out[2].layer.name = "b";
  out[2].layer.columns = {{"text", {}}, {"other", {}}};
  out[2].feature.label = "feature 8";
  out[2].feature.values = {{}, std::string("x\\x8Fy")};
  out[2].feature.faults = {{0, "\\x8F\\xFF", "CP932"}};
  out[2].feature.geometry.emplace().points.push_back({138.123456789012345, 37});
  return out;
}

class RejectFileTest : public ::testing::Test {
 protected:
  std::string write(const std::vector<Original>& records) {
    RejectFile file(m_folder.path() / "rejects", "en");
    for (std::size_t i = 0; i < records.size(); ++i) {
      OriginalShape shape;
      shape.keep(records[i].feature);
      const std::string source = i == 2 ? "other.shp" : "a,b.gpkg";
      file.at(source, records[i].layer, records[i].feature, shape);
      if (i == 1)
        m_held = file.hold();
      else
        file.add({{"name", "=x", {"wrong", "誤り"}, {"mend it", "直す"}}, {"other", "", "also wrong", ""}});
    }
    if (records.size() > 1) file.add_held(m_held, {{"source_id", "k", "occurs twice", ""}});
    const auto name = m_folder.path() / "rejects.csv";
    EXPECT_EQ(file.keep(name), !records.empty());
    return name.string();
  }
  test::TemporaryFolder m_folder;
  std::int64_t m_held = 0;
};

TEST_F(RejectFileTest, GivesBackEveryRecord) {
  const auto written = originals();
  const std::string name = write(written);
  ASSERT_TRUE(is_reject_file(name));
  const auto source = open_reject_source(name, "rejects.csv", {});
  EXPECT_TRUE(source->corrected_rejects());
  EXPECT_EQ(source->expected(), written.size());
  ASSERT_EQ(source->layers().size(), written.size());
  for (int reading = 0; reading < 2; ++reading) {
    source->start(std::nullopt);
    SourceFeature feature;
    for (std::size_t i = 0; i < written.size(); ++i) {
      ASSERT_TRUE(source->next(feature));
      const auto& was = written[i];
      const auto& layer = source->layers()[feature.layer];
      EXPECT_EQ(layer.name, was.layer.name);
      ASSERT_EQ(layer.columns.size(), was.layer.columns.size());
      for (std::size_t c = 0; c < layer.columns.size(); ++c) {
        EXPECT_EQ(layer.columns[c].name, was.layer.columns[c].name);
        EXPECT_EQ(feature.values[c], was.feature.values[c]) << i << " " << c;
      }
      EXPECT_EQ(feature.id, was.feature.id);
      EXPECT_EQ(feature.crs, was.feature.crs);
      EXPECT_EQ(feature.authority_axes, was.feature.authority_axes);
      EXPECT_EQ(feature.geometry, was.feature.geometry);
      EXPECT_EQ(feature.geometry_fault.en, was.feature.geometry_fault.en);
      EXPECT_EQ(feature.source, i == 2 ? "other.shp" : "a,b.gpkg");
      EXPECT_TRUE(feature.label.starts_with(was.feature.label + " (row ")) << feature.label;
      ASSERT_EQ(feature.faults.size(), was.feature.faults.size());
      for (std::size_t f = 0; f < feature.faults.size(); ++f) {
        EXPECT_EQ(feature.faults[f].column, was.feature.faults[f].column);
        EXPECT_EQ(feature.faults[f].value, was.feature.faults[f].value);
        EXPECT_EQ(feature.faults[f].reason(), was.feature.faults[f].reason());
      }
    }
    EXPECT_FALSE(source->next(feature));
  }
}

TEST_F(RejectFileTest, TellsSeveralFaultsOfOneRecordBelowEachOther) {
  std::ifstream in(write(originals()), std::ios::binary);
  CsvRows rows(in, ',', "rejects.csv");
  std::vector<std::string> header, cells;
  ASSERT_TRUE(rows.next(header) && rows.next(cells));
  EXPECT_EQ(header[0], "source");
  EXPECT_EQ(cells.size(), header.size());
  EXPECT_EQ(cells[2], "name\nother");
  EXPECT_EQ(cells[3], "'=x\n");
  EXPECT_EQ(cells[4], "wrong\nalso wrong");
  EXPECT_EQ(cells[5], "mend it\n");
}

TEST_F(RejectFileTest, LeavesNothingWithoutRejects) {
  std::ofstream(m_folder.path() / "rejects.csv") << "old";
  RejectFile file(m_folder.path() / "rejects", "en");
  const auto records = originals();
  OriginalShape shape;
  const std::string source = "a";
  file.at(source, records[0].layer, records[0].feature, shape);
  file.hold();
  EXPECT_FALSE(file.keep(m_folder.path() / "rejects.csv"));
  EXPECT_TRUE(std::filesystem::is_empty(m_folder.path()));
}

TEST_F(RejectFileTest, RowsMayBeDeletedLeftBlankAndSavedOtherwise) {
  const std::string name = write(originals());
  std::ifstream in(name, std::ios::binary);
  CsvRows rows(in, ',', name);
  std::vector<std::string> cells;
  std::string semicolons;
  for (int row = 0; rows.next(cells); ++row) {
    if (row == 2) continue;  // deleted
    for (auto& cell : cells) {
      if (cell.find_first_of(";\"\n\r") == std::string::npos) {
        semicolons += cell;
      } else {
        semicolons += '"';
        for (const char c : cell) semicolons += c == '"' ? "\"\"" : std::string(1, c);
        semicolons += '"';
      }
      if (&cell != &cells.back()) semicolons += ';';
    }
    semicolons += "\n;;;;;\n";
  }
  std::ofstream(name, std::ios::binary) << semicolons;
  ASSERT_TRUE(is_reject_file(name));
  const auto source = open_reject_source(name, "rejects.csv", {});
  EXPECT_EQ(source->expected(), 2U);
  SourceFeature feature;
  ASSERT_TRUE(source->next(feature));
  EXPECT_EQ(feature.values, originals()[0].feature.values);
  EXPECT_EQ(feature.label, "line 2 (row 3)");
}

TEST(CsvRows, ReadsCellsAsTheyAre) {
  std::istringstream in("\xEF\xBB\xBF\"a \"\"b\"\"\",\" c\nd\",,\r\n5\" pipe,x\n\nlast");
  CsvRows rows(in, ',', "a.csv");
  std::vector<std::string> cells;
  ASSERT_TRUE(rows.next(cells));
  EXPECT_EQ(cells, (std::vector<std::string>{"a \"b\"", " c\nd", "", ""}));
  EXPECT_FALSE(rows.stray_quote());
  ASSERT_TRUE(rows.next(cells));
  EXPECT_EQ(cells, (std::vector<std::string>{"5\" pipe", "x"}));
  EXPECT_TRUE(rows.stray_quote());
  ASSERT_TRUE(rows.next(cells) && rows.next(cells));
  EXPECT_EQ(cells, std::vector<std::string>{"last"});
  EXPECT_EQ(rows.row(), 4U);
  EXPECT_FALSE(rows.next(cells));
}

TEST_F(RejectFileTest, SaysWhichColumnIsGone) {
  const std::string name = write(originals());
  std::ofstream(name, std::ios::binary) << "source,record,field,value,reason,remedy,a,_layer,_id,_crs,_wkt\n";
  try {
    open_reject_source(name, "rejects.csv", {});
    FAIL() << "taken";
  } catch (const base::Error& error) {
    EXPECT_NE(error.line().find("has lost its column '"), std::string::npos) << error.line();
  }
}

}  // namespace
}  // namespace ritchi::importers
