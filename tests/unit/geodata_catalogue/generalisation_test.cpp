// How layers declare their generalisation: every kind of mistake is named with file, key and reason, what is
// declared comes back whole, and of two entries for one zoom the later holds.
#include "geodata/catalogue/generalisation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/catalogue/layer.hpp"
#include "tests/unit/support/styles_folder.hpp"

namespace {

using namespace ritchi;
using nlohmann::json;

// Everything that can be declared, in one entry.
json whole_entry() {
  return json::parse(R"({
    "zooms": [8, 11], "tolerance": 1.5, "smallest_area": 16, "max_bytes": 200000, "max_features": 900,
    "cluster": {"cell": 512, "sum": ["depth_m"], "min": ["depth_m"], "max": ["depth_m"],
                "classes": {"attribute": "dug_year", "breaks": [-10, 1966, 1986]}},
    "join": {"by": ["kind"], "sum": ["depth_m"], "max": ["dug_year"]},
    "merge": {"by": [], "min": ["depth_m"]},
    "attributes": ["kind", "depth_m", "dug_year"]})");
}

json layer_with(const json& entry) {
  json layer = test::good_layer();
  const auto add = [&layer](const char* name, const char* type) {
    layer["attributes"].push_back({{"name", name}, {"title", {{"ja", name}, {"en", name}}}, {"type", type}});
  };
  add("kind", "text");
  add("dug_year", "integer");
  add("history", "text");
  layer["attributes"].back()["tiles"] = false;
  add("depth_feet", "real");
  layer["attributes"].back()["tiles"] = false;
  layer["generalise"] = json::array({json{{"zooms", {8, 14}}}, entry});
  return layer;
}

catalogue::Layer parsed(const json& entry) {
  return catalogue::parse_layer(layer_with(entry), "wells.json");
}

TEST(Generalisation, WhatIsDeclaredComesBackWhole) {
  const catalogue::Layer layer = parsed(whole_entry());
  const json back = catalogue::to_json(layer.generalise);
  ASSERT_EQ(back.size(), 2U);
  json expected = whole_entry();
  EXPECT_EQ(back[1], expected);
  EXPECT_EQ(back[0], (json{{"zooms", {8, 14}}}));
  EXPECT_EQ(catalogue::to_json(catalogue::parse_generalisation(back, "again")), back);
}

TEST(Generalisation, ALayerThatDeclaresNothingHasTheDefaultsAtEveryZoom) {
  const catalogue::Layer layer = catalogue::parse_layer(test::good_layer(), "wells.json");
  EXPECT_FALSE(catalogue::to_json(layer).contains("generalise"));
  for (int zoom = 0; zoom <= 22; ++zoom) {
    catalogue::ZoomRule expected;
    expected.max_features = layer.max_features_per_tile;
    EXPECT_EQ(catalogue::rule_at(layer, zoom), expected);
  }
}

TEST(Generalisation, OfTwoEntriesForOneZoomTheLaterHoldsForWhatItNames) {
  catalogue::Layer layer = parsed(json{{"zooms", {9, 10}}, {"tolerance", 3}, {"attributes", {"kind"}}});
  layer.generalise.front().tolerance = 2;
  layer.generalise.front().smallest_area = 8;
  EXPECT_EQ(catalogue::rule_at(layer, 8).tolerance, 2);
  EXPECT_EQ(catalogue::rule_at(layer, 9).tolerance, 3);
  EXPECT_EQ(catalogue::rule_at(layer, 10).smallest_area, 8);
  EXPECT_EQ(catalogue::rule_at(layer, 10).attributes, std::vector<std::string>{"kind"});
  EXPECT_EQ(catalogue::rule_at(layer, 11).tolerance, 2);
  EXPECT_TRUE(catalogue::rule_at(layer, 11).attributes.empty());
  EXPECT_EQ(catalogue::rule_at(layer, 15).tolerance, 1);
}

struct Mistake {
  const char* name;
  const char* pointer;  // into the entry
  json value;
  const char* key;     // both must appear in the error
  const char* reason;  // of the reader without the schema
};

void PrintTo(const Mistake& mistake, std::ostream* out) {
  *out << mistake.name;
}

class BadGeneralisation : public testing::TestWithParam<Mistake> {
 protected:
  static json layer() {
    json entry = whole_entry();
    entry[json::json_pointer(GetParam().pointer)] = GetParam().value;
    return layer_with(entry);
  }
};

TEST_P(BadGeneralisation, IsNamedWithFileAndKeyWhenTheCatalogueIsRead) {
  const test::StylesFolder styles;
  styles.put("layers/wells.json", layer().dump());
  const std::string error = styles.error();
  EXPECT_NE(error.find("wells.json"), std::string::npos) << error;
  EXPECT_NE(error.find("generalise"), std::string::npos) << error;
  EXPECT_NE(error.find(GetParam().key), std::string::npos) << error;
}

// Layers stored in dataset files are read without the schema.
TEST_P(BadGeneralisation, IsNamedWithEntryAndReasonWithoutTheSchema) {
  try {
    catalogue::parse_layer(layer(), "wells.json");
    FAIL() << "was taken";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), base::ErrorKind::bad_input);
    EXPECT_NE(error.line().find("wells.json generalise[1]"), std::string::npos) << error.line();
    EXPECT_NE(error.line().find(GetParam().reason), std::string::npos) << error.line();
  }
}

const char* const zooms = "key 'zooms' must be [first, last]";
const char* const cell = "key 'cell' must be a power of two from 16 to 4096";
const char* const breaks = "key 'breaks' must hold ascending whole numbers";

INSTANTIATE_TEST_SUITE_P(
    Mistakes, BadGeneralisation,
    testing::Values(
        Mistake{"unknown key", "/smallest", 4, "smallest", "there is no key 'smallest'"},
        Mistake{"no zooms", "/zooms", nullptr, "zooms", "key 'zooms' must hold whole numbers"},
        Mistake{"one zoom", "/zooms", {8}, "zooms", zooms},
        Mistake{"zooms backwards", "/zooms", {9, 8}, "zooms", zooms},
        Mistake{"zooms too high", "/zooms", {9, 23}, "zooms", zooms},
        Mistake{"half zooms", "/zooms", {8.5, 9}, "zooms", "whole numbers"},
        Mistake{"negative tolerance", "/tolerance", -1, "tolerance", "key 'tolerance' must be 0 to 65536"},
        Mistake{"tolerance as text", "/tolerance", "1", "tolerance", "key 'tolerance' has the wrong type"},
        Mistake{"negative area", "/smallest_area", -4, "smallest_area", "key 'smallest_area' must be 0 to"},
        Mistake{"no room", "/max_bytes", 10, "max_bytes", "key 'max_bytes' must be at least 1000"},
        Mistake{"no features", "/max_features", 0, "max_features", "key 'max_features' must be at least 1"},
        Mistake{"half a feature", "/max_features", 1.5, "max_features", "must be a whole number"},
        Mistake{"cluster is no object", "/cluster", true, "cluster", "cluster: must be an object"},
        Mistake{"odd cell", "/cluster/cell", 100, "cell", cell},
        Mistake{"cell too small", "/cluster/cell", 8, "cell", cell},
        Mistake{"cell too large", "/cluster/cell", 8192, "cell", cell},
        Mistake{"negative cell", "/cluster/cell", -256, "cell", cell},
        Mistake{"cluster by", "/cluster/by", {"kind"}, "by", "there is no key 'by'"},
        Mistake{"sum is no list", "/cluster/sum", "depth_m", "sum", "key 'sum' has the wrong type"},
        Mistake{"sum of text", "/cluster/sum", {"kind"}, "kind", "'kind' must be numeric to be summed up"},
        Mistake{"least of text", "/merge/min", {"kind"}, "kind", "'kind' must be numeric"},
        Mistake{"sum of nothing", "/cluster/sum", {"width_m"}, "width_m", "there is no attribute 'width_m'"},
        Mistake{"sum of what tiles lack", "/join/sum", {"depth_feet"}, "depth_feet", "is not in tiles"},
        Mistake{"no breaks", "/cluster/classes/breaks", json::array(), "breaks", breaks},
        Mistake{"breaks descend", "/cluster/classes/breaks", {1986, 1966}, "breaks", breaks},
        Mistake{"breaks repeat", "/cluster/classes/breaks", {1966, 1966}, "breaks", breaks},
        Mistake{"half breaks", "/cluster/classes/breaks", {1966.5}, "breaks", "must hold whole numbers"},
        Mistake{"classes of text", "/cluster/classes/attribute", "kind", "kind", "'kind' must be numeric"},
        Mistake{"classes of nothing", "/cluster/classes/attribute", "era", "era",
                "there is no attribute 'era'"},
        Mistake{"key in classes", "/cluster/classes/names", {"old"}, "names", "there is no key 'names'"},
        Mistake{"join by nothing", "/join/by", {"owner"}, "owner", "there is no attribute 'owner'"},
        Mistake{"join by what tiles lack", "/join/by", {"history"}, "history", "'history' is not in tiles"},
        Mistake{"key in join", "/join/cell", 64, "cell", "there is no key 'cell'"},
        Mistake{"merge by nothing", "/merge/by", {"owner"}, "owner", "there is no attribute 'owner'"},
        Mistake{"shows nothing", "/attributes", {"owner"}, "owner", "there is no attribute 'owner'"},
        Mistake{"shows what tiles lack", "/attributes", {"history"}, "history", "'history' is not in tiles"}),
    [](const auto& mistake) {
      std::string name = mistake.param.name;
      std::replace(name.begin(), name.end(), ' ', '_');
      return name;
    });

// A feature that stays alone has to say itself what its neighbours are summed up by.
TEST(Generalisation, WhatIsSummedUpOrGroupedByIsShownThere) {
  for (const char* needed : {"depth_m", "kind", "dug_year"}) {
    json entry = whole_entry();
    auto& shown = entry["attributes"];
    shown.erase(std::find(shown.begin(), shown.end(), needed));
    const test::StylesFolder styles;
    styles.put("layers/wells.json", layer_with(entry).dump());
    const std::string error = styles.error();
    EXPECT_NE(error.find("wells.json generalise"), std::string::npos) << error;
    EXPECT_NE(error.find(std::string("'") + needed + "' must be among the 'attributes' shown at zoom 8"),
              std::string::npos)
        << error;
  }
}

TEST(Generalisation, EveryShippedLayerSaysWhatHoldsFarOut) {
  const auto shipped = catalogue::Catalogue::load(test::shipped_styles());
  for (const catalogue::Layer& layer : shipped.layers()) EXPECT_FALSE(layer.generalise.empty()) << layer.id;
}

}  // namespace
