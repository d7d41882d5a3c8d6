// A file of facts gives back what was written, is the same for the same facts, and tells every damage.
#include "geodata/store/facts_file.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>

#include "geodata/base/error.hpp"
#include "geodata/geom/spatialite_blob.hpp"
#include "geodata/load/facts_file_writer.hpp"
#include "tests/unit/support/temporary_folder.hpp"

namespace ritchi {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;
using load::FactRows;
using load::FactValue;
using load::FactValues;
using store::FactForm;
using store::FactsFile;

const std::string revision(64, '7');

std::string blob_at(double x, double y) {
  geom::Geometry g;
  g.points = {{x, y}};
  std::string out;
  geom::encode_spatialite(g, 6668, out);
  return out;
}

FactValue number(double value, std::int64_t feature = 0) {
  FactValue out;
  out.number = value;
  out.source = 0;
  out.feature = feature;
  return out;
}

FactValue at_least(FactValue value) {
  value.at_least = true;
  return value;
}

FactValue words(std::vector<std::string> value) {
  FactValue out;
  out.words = std::move(value);
  out.source = 1;
  return out;
}

void write(const fs::path& file) {
  FactRows rows;
  rows.add(3, blob_at(139, 36));
  rows.add(5, "");
  rows.add(9, blob_at(138, 37));
  load::FactsFileWriter writer(file, revision, rows,
                               {{"ports", "15", "r1", "2024-03-31", "MLIT", "CC BY 4.0", "MLIT", false},
                                {"flood_depth", "15", "r2", "", "pref", "", "", true}});
  writer.add({"port_km", FactForm::number, true, "m1", {number(1.5, 77), FactValue{}, number(0, 78)}});
  writer.add({"five_area", FactForm::text, false, "m2", {words({"urban"}), FactValue{}, words({"forest"})}});
  writer.add({"rivers", FactForm::texts, false, "m3", {words({"b", "a", "b"}), FactValue{}, words({})}});
  writer.add({"flood", FactForm::number, false, "m4", {number(0.25), at_least(number(0.5)), FactValue{}}});
  writer.add({"scenarios", FactForm::texts, false, "m5", {at_least(words({"a"})), words({"a"}), words({})}});
  writer.finish();
}

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(FactsFile, GivesBackWhatWasWritten) {
  const test::TemporaryFolder folder;
  write(folder.path() / "a.facts");
  const auto facts = FactsFile::open(folder.path() / "a.facts");
  facts->verify();
  EXPECT_EQ(facts->dataset_revision(), revision);
  ASSERT_EQ(facts->ids().size(), 3U);
  EXPECT_EQ(facts->ids()[1], 5);
  EXPECT_TRUE(facts->boxes()[1].empty());
  EXPECT_EQ(facts->boxes()[2], (geom::Box{138, 37, 138, 37}));
  geom::Geometry shape;
  facts->shape(2, shape);
  EXPECT_EQ(shape.points, (std::vector<geom::Point>{{138, 37}}));
  facts->shape(1, shape);
  EXPECT_TRUE(shape.empty());
  ASSERT_EQ(facts->sources().size(), 2U);
  EXPECT_EQ(facts->sources()[0].as_of, "2024-03-31");
  EXPECT_TRUE(facts->sources()[1].synthetic);

  const auto* ports = facts->find("port_km");
  ASSERT_NE(ports, nullptr);
  EXPECT_EQ(ports->numbers[0], 1.5);
  EXPECT_TRUE(std::isnan(ports->numbers[1]));
  EXPECT_EQ(ports->features[2], 78);
  EXPECT_EQ(ports->sources[0], 0);
  EXPECT_EQ(ports->sources[1], store::no_source);
  const auto* areas = facts->find("five_area");
  EXPECT_EQ(areas->words[areas->texts[0]], "urban");
  EXPECT_EQ(areas->texts[1], store::no_word);
  const auto* rivers = facts->find("rivers");
  ASSERT_EQ(rivers->text_ends.size(), 3U);
  EXPECT_EQ(rivers->text_ends[0], 2U);  // a and b
  EXPECT_EQ(rivers->texts[2], store::no_word);
  EXPECT_EQ(rivers->text_ends[2], rivers->text_ends[1]);  // known to be none
  EXPECT_EQ(facts->find("no_such"), nullptr);

  using Marks = std::vector<std::uint8_t>;
  const auto marks_of = [&](const char* name) {
    const auto marks = facts->find(name)->at_least;
    return Marks(marks.begin(), marks.end());
  };
  EXPECT_EQ(marks_of("flood"), (Marks{0, 1, 0}));
  EXPECT_EQ(marks_of("scenarios"), (Marks{1, 0, 0}));
  for (const char* exact : {"port_km", "five_area", "rivers"}) EXPECT_EQ(marks_of(exact), Marks{}) << exact;
}

TEST(FactsFile, EqualFactsAreEqualBytesAndASecondWritingOfWhatWasReadToo) {
  const test::TemporaryFolder folder;
  write(folder.path() / "a.facts");
  write(folder.path() / "b.facts");
  EXPECT_EQ(bytes_of(folder.path() / "a.facts"), bytes_of(folder.path() / "b.facts"));
  const auto facts = FactsFile::open(folder.path() / "a.facts");
  FactRows rows;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto blob = facts->blob(i);
    rows.add(facts->ids()[i], {reinterpret_cast<const char*>(blob.data()), blob.size()});
  }
  load::FactsFileWriter again(folder.path() / "c.facts", revision, rows, facts->sources());
  for (const auto& column : facts->columns()) again.add(load::values_of(column));
  again.finish();
  EXPECT_EQ(bytes_of(folder.path() / "a.facts"), bytes_of(folder.path() / "c.facts"));
}

void read_all(const FactsFile& facts) {
  geom::Geometry shape;
  double sum = 0;
  for (std::size_t i = 0; i < facts.ids().size(); ++i) try {
      sum += facts.boxes()[i].min_x;
      facts.shape(i, shape);
    } catch (const Error&) {
      continue;
    }
  for (const auto& column : facts.columns()) load::values_of(column);
}

TEST(FactsFile, EveryChangedByteIsToldAndNoneLeadsOutOfTheFile) {
  const test::TemporaryFolder folder;
  write(folder.path() / "a.facts");
  const std::string whole = bytes_of(folder.path() / "a.facts");
  std::mt19937 dice(1);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ static_cast<char>(1U << (dice() % 8)));
    const fs::path file = folder.path() / "changed";
    std::ofstream(file, std::ios::binary | std::ios::trunc) << changed;
    EXPECT_THROW(
        {
          const auto facts = FactsFile::open(file);
          read_all(*facts);
          facts->verify();
        },
        Error)
        << at;
  }
}

TEST(FactsFile, WhatIsCutOffOrOfAnotherVersionIsRefused) {
  const test::TemporaryFolder folder;
  write(folder.path() / "a.facts");
  std::string whole = bytes_of(folder.path() / "a.facts");
  const fs::path file = folder.path() / "b";
  const auto kind_of = [&](const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    try {
      FactsFile::open(file);
    } catch (const Error& error) {
      return error.kind();
    }
    return ErrorKind::internal;
  };
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{8}, std::size_t{255}, std::size_t{256}, whole.size() - 1})
    EXPECT_EQ(kind_of(whole.substr(0, size)), ErrorKind::damaged) << size;
  EXPECT_EQ(kind_of(whole + "x"), ErrorKind::damaged);
  whole[8] = static_cast<char>(store::facts_file_version + 1);
  EXPECT_EQ(kind_of(whole), ErrorKind::unsupported);
  EXPECT_THROW(FactsFile::open(folder.path() / "none"), Error);
}

// Where a file says that a column's marks lie.
std::size_t marks_at(const std::string& bytes, const std::string& column) {
  store::FactsFileHead head;
  std::memcpy(&head, bytes.data(), sizeof head);
  const auto directory = nlohmann::json::parse(bytes.substr(head.directory_offset, head.directory_size));
  for (const auto& entry : directory.at("columns"))
    if (entry.at("name") == column) return entry.at("at_least").get<std::size_t>();
  throw std::out_of_range(column);
}

// What opening the file with these bytes says.
std::string refusal(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
  try {
    FactsFile::open(file);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::damaged);
    return error.line();
  }
  return "";
}

TEST(FactsFile, MarksAreZeroOrOneInsideTheFileAndNeverOfSingleWords) {
  const test::TemporaryFolder folder;
  write(folder.path() / "a.facts");
  const std::string whole = bytes_of(folder.path() / "a.facts");
  EXPECT_EQ(refusal(folder.path() / "b", whole), "");
  std::string changed = whole;
  changed[marks_at(whole, "flood") + 1] = 2;
  EXPECT_NE(refusal(folder.path() / "b", changed).find("mark"), std::string::npos);
  // The directory keeps its length: the place of the marks is a number of as many digits.
  const std::string place = "\"at_least\":" + std::to_string(marks_at(whole, "flood"));
  changed = whole;
  changed.replace(changed.find(place) + 11, place.size() - 11, std::string(place.size() - 11, '9'));
  EXPECT_NE(refusal(folder.path() / "b", changed).find("marks lie outside"), std::string::npos);
  FactRows rows;
  rows.add(3, blob_at(139, 36));
  load::FactsFileWriter writer(folder.path() / "c", revision, rows, {});
  FactValue word;
  word.words = {"a"};
  writer.add({"area", FactForm::text, false, "m", {at_least(word)}});
  writer.finish();
  EXPECT_NE(refusal(folder.path() / "d", bytes_of(folder.path() / "c")).find("single words"),
            std::string::npos);
}

}  // namespace
}  // namespace ritchi
