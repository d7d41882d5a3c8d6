// The declared layers: the shipped ones are sound, and every kind of mistake is named with file, key and
// reason.
#include "geodata/catalogue/catalogue.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "geodata/base/error.hpp"
#include "tests/unit/support/styles_folder.hpp"

namespace {

using namespace ritchi;
using nlohmann::json;

using test::good_layer;
using test::shipped_styles;
using Styles = test::StylesFolder;

TEST(Catalogue, TheShippedDeclarationsAreSound) {
  const auto loaded = catalogue::Catalogue::load(shipped_styles());
  EXPECT_GE(loaded.layers().size(), 12U);
  for (const auto& layer : loaded.layers()) {
    EXPECT_FALSE(layer.title.ja.empty() || layer.title.en.empty()) << layer.id;
    const catalogue::Layer again = catalogue::parse_layer(catalogue::to_json(layer), "round trip");
    EXPECT_EQ(catalogue::to_json(again), catalogue::to_json(layer));
    for (const auto& attribute : layer.attributes)
      if (!attribute.codes.empty()) {
        EXPECT_NE(loaded.find_codes(attribute.codes), nullptr) << attribute.codes;
      }
  }
  // One canonical list of use districts, whatever numbers the sources give them.
  const auto* districts = loaded.find_codes("use_district");
  ASSERT_NE(districts, nullptr);
  for (const char* code : {"quasi_industrial", "industrial", "exclusive_industrial"})
    EXPECT_NE(districts->find(code), nullptr) << code;
  std::set<std::string> codes;
  for (const auto& code : districts->codes) EXPECT_TRUE(codes.insert(code.code).second) << code.code;
}

TEST(Catalogue, ANewLayerNeedsAFileAndNoCode) {
  const Styles styles;
  styles.put("layers/wells.json", good_layer().dump());
  EXPECT_EQ(styles.error(), "");
}

struct Mistake {
  const char* name;
  const char* pointer;
  json value;
  const char* reason;  // must appear in the error
};

class BadLayer : public testing::TestWithParam<Mistake> {};

TEST_P(BadLayer, IsNamedWithFileAndReason) {
  const Styles styles;
  json layer = good_layer();
  layer[json::json_pointer(GetParam().pointer)] = GetParam().value;
  styles.put("layers/wells.json", layer.dump());
  const std::string error = styles.error();
  EXPECT_NE(error.find("wells.json"), std::string::npos) << error;
  EXPECT_NE(error.find(GetParam().reason), std::string::npos) << error;
}

INSTANTIATE_TEST_SUITE_P(Mistakes, BadLayer,
                         testing::Values(Mistake{"geometry", "/geometry", "circle", "geometry"},
                                         Mistake{"zoom", "/minzoom", 30, "minzoom"},
                                         Mistake{"zooms", "/minzoom", 14.5, "minzoom"},
                                         Mistake{"order", "/maxzoom", 3, "zoom"},
                                         Mistake{"rank", "/rank", "nothing", "rank"},
                                         Mistake{"key", "/colour", "red", "colour"},
                                         Mistake{"type", "/attributes/0/type", "float", "type"},
                                         Mistake{"codes", "/attributes/0/codes", "no_such_list", "[type]"},
                                         Mistake{"reserved", "/attributes/0/name", "source_id", "[name]"},
                                         Mistake{"file name", "/id", "springs", "springs"}),
                         [](const auto& mistake) {
                           std::string name = mistake.param.name;
                           std::replace(name.begin(), name.end(), ' ', '_');
                           return name;
                         });

TEST(Catalogue, NamesWhatIsNotJsonAndMissingFolders) {
  const Styles styles;
  styles.put("layers/wells.json", "{\"id\": ");
  EXPECT_NE(styles.error().find("wells.json: is not valid JSON"), std::string::npos) << styles.error();
  EXPECT_THROW(catalogue::Catalogue::load("/nowhere"), base::Error);
}

TEST(Catalogue, RefusesAnUnknownCodeListAndADuplicateAttribute) {
  const Styles styles;
  json layer = good_layer();
  layer["attributes"][0]["type"] = "text";
  layer["attributes"][0]["codes"] = "no_such_list";
  styles.put("layers/wells.json", layer.dump());
  EXPECT_NE(styles.error().find("no_such_list"), std::string::npos) << styles.error();
  layer = good_layer();
  layer["attributes"].push_back(layer["attributes"][0]);
  styles.put("layers/wells.json", layer.dump());
  EXPECT_NE(styles.error().find("declared twice"), std::string::npos) << styles.error();
}

TEST(Catalogue, AStatedAreaIsAnAreaThatTheSourceGives) {
  const auto error_of = [](json area) {
    Styles styles;
    json layer = good_layer();
    layer["attributes"].push_back(
        {{"name", "area_ha"}, {"title", {{"ja", "面積"}, {"en", "Area"}}}, {"type", "real"}, {"unit", "ha"}});
    layer["stated_area"] = std::move(area);
    styles.put("layers/wells.json", layer.dump());
    return styles.error();
  };
  EXPECT_EQ(error_of("area_ha"), "");
  EXPECT_NE(error_of("depth_m").find("stated_area"), std::string::npos);
  EXPECT_NE(error_of("nowhere").find("stated_area"), std::string::npos);
}

// Layers stored in files are read without the schema: a number too large for a zoom must be refused there
// too.
TEST(Layer, WholeNumbersAreWholeAndFit) {
  for (const char* zoom : {"1.4e120", "-1e300", "3.5", "\"3\""}) {
    const auto text =
        std::string(R"({"id": "a", "geometry": "point", "attributes": [], "maxzoom": )") + zoom + "}";
    EXPECT_THROW(catalogue::parse_layer(nlohmann::json::parse(text), "test"), base::Error) << zoom;
  }
}

}  // namespace
