// OGC's abstract tests of CQL2 on OGC's data: as text, as JSON, and combined; by SQL and by the evaluation.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/filter/evaluate.hpp"
#include "geodata/store/dataset.hpp"
#include "tests/unit/support/temporary_folder.hpp"

namespace {

namespace fs = std::filesystem;
using namespace ritchi;
using nlohmann::json;

class Conformance : public testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("RITCHI_ACCEPT_DATA");
    if (folder == nullptr || !fs::exists(fs::path(folder) / "cql2-ats.json"))
      GTEST_SKIP() << "RITCHI_ACCEPT_DATA is not the folder of OGC's test data";
    const char* set = std::getenv("RITCHI_BIN");
    const fs::path program = set != nullptr ? fs::path(set) : fs::path(RITCHI_BINARY_DIR) / "bin" / "ritchi";
    if (!fs::exists(program)) GTEST_SKIP() << program << " is not built, and the data must be imported";
    const std::string command = program.string() + " import auto " + folder + "/ne110m4cql2.gpkg --data " +
                                m_folder.path().string() + " > /dev/null 2>&1";
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
    std::ifstream in(fs::path(folder) / "cql2-ats.json");
    m_tests = json::parse(in);
  }

  const store::Dataset& dataset(const std::string& layer) {
    auto& held = m_open[layer];
    if (!held) held = store::Dataset::open(m_folder.path() / layer / "all.sqlite", nullptr);
    return *held;
  }

  // By the evaluation alone, without SQL.
  static std::int64_t evaluated(const store::Dataset& dataset, const filter::Predicate& predicate) {
    filter::Evaluator evaluator(predicate.root());
    std::int64_t found = 0;
    dataset.page(0, INT64_MAX, base::Deadline::never(), [&](const auto& view) {
      if (evaluator({view.id, view.source_id, view.synthetic, view.values, view.geometry}) ==
          filter::Truth::yes)
        ++found;
    });
    return found;
  }

  void judge(const json& test) {
    const auto& data = dataset(test.at("collection"));
    const auto expected = test.at("expected").get<std::int64_t>();
    const std::string text = test.at("text");
    try {
      const auto predicate = filter::parse_text(text, data.layer());
      EXPECT_EQ(data.count({}, base::Deadline::never(), predicate.get()), expected)
          << text << "\n"
          << predicate->normalised();
      EXPECT_EQ(evaluated(data, *predicate), expected) << text << "\n" << predicate->normalised();
      EXPECT_EQ(filter::parse_text(predicate->normalised(), data.layer())->normalised(),
                predicate->normalised())
          << text;
      const auto same = filter::parse_json(test.at("json").dump(), data.layer());
      EXPECT_EQ(same->normalised(), predicate->normalised()) << text;
    } catch (const base::Error& error) {
      ADD_FAILURE() << text << "\n" << error.line();
    }
  }

  test::TemporaryFolder m_folder;
  std::map<std::string, std::shared_ptr<const store::Dataset>> m_open;
  json m_tests;
};

TEST_F(Conformance, Predicates) {
  ASSERT_EQ(m_tests.at("predicates").size(), 274U);
  for (const json& test : m_tests["predicates"]) judge(test);
}

TEST_F(Conformance, Combinations) {
  ASSERT_EQ(m_tests.at("combinations").size(), 77U);
  for (const json& test : m_tests["combinations"]) judge(test);
}

}  // namespace
