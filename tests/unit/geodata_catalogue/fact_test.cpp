// Declared facts: the shipped ones are sound, and every mistake is named with file, fact and reason.
#include "geodata/catalogue/fact.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "geodata/base/error.hpp"
#include "tests/unit/support/styles_folder.hpp"

namespace {

using namespace ritchi;
using catalogue::Fact;
using catalogue::FactForm;
using catalogue::FactKind;
using nlohmann::json;

json title(const char* text) {
  return {{"ja", text}, {"en", text}};
}

TEST(Fact, TheShippedOnesAreSoundAndWhatMatchingAsksForIsThere) {
  const auto loaded = catalogue::Catalogue::load(test::shipped_styles());
  const auto& facts = loaded.facts_of("factory_sites");
  std::set<std::string> names;
  for (const Fact& fact : facts) {
    EXPECT_TRUE(names.insert(fact.name).second) << fact.name;
    if (fact.kind == FactKind::nearest) {
      EXPECT_EQ(fact.unit, "km") << fact.name;
      EXPECT_NE(fact.computed.en.find("straight-line"), std::string::npos) << fact.name;
    }
    if (!fact.codes.empty()) {
      EXPECT_NE(loaded.find_codes(fact.codes), nullptr) << fact.name;
    }
  }
  for (const char* name : {"area_ha",
                           "extendable_ha",
                           "use_district",
                           "interchange_km",
                           "port_km",
                           "airport_km",
                           "station_km",
                           "substation_km",
                           "substation_spare_mw",
                           "water_pipe_km",
                           "water_pipe_laid_year",
                           "water_pipe_age_years",
                           "water_pipe_seismic",
                           "spare_m3_per_day",
                           "flood_depth_m",
                           "flood_rivers",
                           "farmland_blue",
                           "soil_contamination",
                           "price_jpy_per_m2",
                           "stated_interchange_km"})
    EXPECT_TRUE(names.contains(name)) << name;
  EXPECT_TRUE(loaded.facts_of("zoning").empty());
  EXPECT_EQ(loaded.layers_with_facts(), std::vector<std::string>{"factory_sites"});
}

class Facts {
 public:
  Facts() {
    std::filesystem::create_directories(m_folder.path() / "layers");
    std::filesystem::create_directories(m_folder.path() / "codes");
    std::filesystem::create_directories(m_folder.path() / "facts");
    std::filesystem::copy(test::shipped_styles() / "schema", m_folder.path() / "schema");
    put("layers/wells.json", layer("wells"));
    put("layers/taps.json", layer("taps"));
    json hidden = layer("secrets");
    hidden["attributes"].push_back({{"name", "disclosure"}, {"title", title("a")}, {"type", "text"}});
    put("layers/secrets.json", hidden);
  }

  std::string error_of(const json& facts) const {
    json all = json::array();
    for (json fact : facts) {
      fact["title"] = fact["computed"] = title("a");
      all.push_back(fact);
    }
    put("facts/wells.json", {{"layer", "wells"}, {"facts", all}});
    try {
      catalogue::Catalogue::load(m_folder.path());
      return "";
    } catch (const base::Error& error) {
      return error.line();
    }
  }

 private:
  static json layer(const std::string& id) {
    json out = test::good_layer();
    out["id"] = id;
    out["attributes"].push_back({{"name", "kind"}, {"title", title("a")}, {"type", "text"}});
    return out;
  }
  void put(const std::string& file, const json& content) const {
    std::ofstream(m_folder.path() / file) << content.dump();
  }
  test::TemporaryFolder m_folder;
};

TEST(Fact, MistakesAreNamedWithFileFactAndReason) {
  const Facts facts;
  const json near{{"name", "tap_km"}, {"nearest", {{"layer", "taps"}}}};
  EXPECT_EQ(facts.error_of(
                {near, {{"name", "tap_kind"}, {"of_nearest", {{"fact", "tap_km"}, {"attribute", "kind"}}}}}),
            "");
  const std::vector<std::pair<json, std::string>> mistakes{
      {{near, near}, "twice"},
      {{{{"name", "a"}, {"nearest", {{"layer", "lakes"}}}}}, "unknown layer 'lakes'"},
      {{{{"name", "a"}, {"nearest", {{"layer", "secrets"}}}}}, "not all public"},
      {{{{"name", "a"}, {"share", {{"layer", "secrets"}}}}}, "not all public"},
      {{{{"name", "a"}, {"attribute", {"colour"}}}}, "does not have"},
      {{{{"name", "a"}, {"attribute", {"depth_m", "kind"}}}}, "different kinds"},
      {{{{"name", "a"}, {"of_nearest", {{"fact", "tap_km"}, {"attribute", "kind"}}}}},
       "not declared before it"},
      {{{{"name", "b"}, {"attribute", {"depth_m"}}},
        {{"name", "a"}, {"of_nearest", {{"fact", "b"}, {"attribute", "kind"}}}}},
       "another kind"},
      {{{{"name", "a"}, {"at", {{"layer", "taps"}, {"attributes", {"kind"}}, {"take", "greatest"}}}}},
       "compares numbers"},
      {{{{"name", "a"}, {"at", {{"layer", "taps"}, {"attributes", {"depth_m"}}, {"take", "set"}}}}},
       "sets of texts"},
      {{{{"name", "a"}, {"at", {{"layer", "taps"}, {"attributes", {"kind"}}, {"take", "set"}, {"none", 0}}}}},
       "numbers only"},
      {{{{"name", "a"},
         {"at",
          {{"layer", "taps"},
           {"attributes", {"depth_m"}},
           {"lower_bounds", {"depth_m"}},
           {"take", "least"}}}}},
       "for the greatest"},
      {{{{"name", "a"},
         {"at",
          {{"layer", "taps"},
           {"attributes", {"depth_m"}},
           {"lower_bounds", {"kind"}},
           {"take", "greatest"}}}}},
       "other attributes"},
      {{{{"name", "b"}, {"attribute", {"kind"}}}, {{"name", "a"}, {"age", {{"fact", "b"}}}}}, "no year"},
      {{{{"name", "a"}}}, "facts.schema.json"},
      {{{{"name", "a"}, {"share", {{"layer", "taps"}}}, {"age", {{"fact", "b"}}}}}, "facts"}};
  for (const auto& [declared, reason] : mistakes) {
    const std::string error = facts.error_of(declared);
    EXPECT_NE(error.find("wells.json"), std::string::npos) << declared << error;
    if (reason != "facts.schema.json") {
      EXPECT_NE(error.find(reason), std::string::npos) << declared << "\n" << error;
    }
  }
}

}  // namespace
