// The standard's own examples must parse.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/filter/predicate.hpp"

namespace {

using namespace ritchi;

TEST(Accept, ExamplesOfTheStandardParse) {
  const char* folder = std::getenv("RITCHI_ACCEPT_DATA");
  const auto file = std::filesystem::path(folder != nullptr ? folder : "") / "cql2-examples.json";
  if (folder == nullptr || !std::filesystem::exists(file))
    GTEST_SKIP() << "RITCHI_ACCEPT_DATA is not the folder of OGC's test data";
  std::ifstream in(file);
  const auto document = nlohmann::json::parse(in);
  int texts = 0, jsons = 0;
  for (const auto& example : document.at("examples")) {
    try {
      for (const auto& text : example.value("texts", nlohmann::json::array())) {
        const auto tree = filter::read_text(text.get<std::string>());
        const auto written = filter::text_of(*tree);
        EXPECT_EQ(filter::text_of(*filter::read_text(written)), written);
        ++texts;
      }
      if (!example.contains("json")) continue;
      filter::read_json(example["json"].dump());
      ++jsons;
    } catch (const base::Error& error) {
      ADD_FAILURE() << example.dump() << "\n" << error.line();
    }
  }
  EXPECT_EQ(texts, 120);
  EXPECT_EQ(jsons, 109);
}

}  // namespace
