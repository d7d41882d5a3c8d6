// Profiles: those that are shipped are good, and bad ones are refused with file, key and reason.
#include "importers/core/profile.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/catalogue/catalogue.hpp"

namespace ritchi::importers {
namespace {

using nlohmann::json;

const std::filesystem::path root = RITCHI_SOURCE_DIR;

json good() {
  return json::parse(R"({"id": "p", "title": {"ja": "あ", "en": "a"}, "layer": "interchanges",
    "source": {"name": "n", "licence": "l", "attribution": "a"}, "identity": {"columns": ["k"]},
    "fields": [{"to": "name", "from": "n"}, {"to": "kind", "from": ["a", "b"], "parse": "code", "mapping": {"1": "smart"}}]})");
}

// The error's text for a profile that has been spoilt.
std::string refusal(const std::function<void(json&)>& spoil) {
  json object = good();
  spoil(object);
  try {
    parse_profile(object, "p.json");
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), base::ErrorKind::bad_input);
    return error.where() + ": " + error.what();
  }
  return "accepted";
}

TEST(Profile, AllShippedOnesFitTheirLayers) {
  const auto profiles = load_profiles(root / "importers" / "profiles");
  const auto catalogue = catalogue::Catalogue::load(root / "styles");
  EXPECT_GE(profiles.size(), 12U);
  for (const auto& profile : profiles) {
    if (!profile.parts.empty()) continue;
    const auto* layer = catalogue.find_layer(profile.layer);
    ASSERT_NE(layer, nullptr) << profile.id;
    EXPECT_NO_THROW(check_against(profile, *layer)) << profile.id;
    // A mapping to a code that the layer's list does not have would reject every record that uses it.
    const auto check = [&](const Field& field) {
      const auto& attribute = *layer->find(field.to);
      if (attribute.codes.empty()) return;
      const auto* codes = catalogue.find_codes(attribute.codes);
      ASSERT_NE(codes, nullptr);
      const auto known = [&](const std::string& code) {
        EXPECT_TRUE(code.empty() || codes->find(code) != nullptr)
            << profile.id << " " << field.to << " " << code;
      };
      for (const auto& [from, to] : field.mapping) known(to);
      for (const auto& [from, to] : field.contains) known(to);
      known(field.constant.value_or(""));
      known(field.otherwise);
    };
    for (const auto& field : profile.fields) check(field);
    for (const auto& variant : profile.variants)
      for (const auto& field : variant.fields) check(field);
  }
}

TEST(Profile, UseDistrictsOfThreeSourcesMeetInOneList) {
  const auto profiles = load_profiles(root / "importers" / "profiles");
  const auto mapped = [&](const std::string& id, const std::string& to,
                          const std::string& code) -> std::string {
    for (const auto& profile : profiles)
      if (profile.id == id)
        for (const auto& field : profile.fields)
          if (field.to == to)
            for (const auto& [from, canonical] : field.mapping)
              if (from == code) return canonical;
    return {};
  };
  // 準工業, 工業, 工業専用 are 11, 12, 13 in PLATEAU and 3, 2, 1 in L05.
  EXPECT_EQ(mapped("plateau-urf-yoto", "use_district", "11"), mapped("ksj-l05", "use_districts", "3"));
  EXPECT_EQ(mapped("plateau-urf-yoto", "use_district", "12"), mapped("ksj-l05", "use_districts", "2"));
  EXPECT_EQ(mapped("plateau-urf-yoto", "use_district", "13"), mapped("ksj-l05", "use_districts", "1"));
  EXPECT_EQ(mapped("plateau-urf-yoto", "use_district", "13"), "exclusive_industrial");
}

TEST(Profile, NamesFileKeyAndReason) {
  EXPECT_EQ(refusal([](json&) {}), "accepted");
  EXPECT_EQ(refusal([](json& p) { p["fieldz"] = 1; }), "p.json/fieldz: unknown key");
  EXPECT_EQ(refusal([](json& p) { p.erase("layer"); }), "p.json/layer: is missing");
  EXPECT_EQ(refusal([](json& p) { p["title"] = "x"; }), "p.json/title: must be an object");
  EXPECT_EQ(refusal([](json& p) { p["id"] = "Ä"; }), "p.json/id: may have only a-z, 0-9 and -");
  EXPECT_EQ(refusal([](json& p) { p.erase("identity"); }), "p.json/identity: is missing");
  EXPECT_EQ(refusal([](json& p) { p["identity"]["repeat"] = "often"; }),
            "p.json/identity/repeat: 'often' is none of reject, merge, separate");
  EXPECT_EQ(refusal([](json& p) { p["fields"][1].erase("from"); }),
            "p.json/fields/1: needs either 'from' or 'const'");
  EXPECT_EQ(refusal([](json& p) { p["fields"][0]["to"] = "kind"; }), "p.json/fields/1/to: is given twice");
  EXPECT_EQ(refusal([](json& p) { p["fields"][0]["scale"] = 0; }),
            "p.json/fields/0/scale: must be a number above 0");
  EXPECT_EQ(refusal([](json& p) {
              p["fields"][1]["mapping"] = {{"1", 2}};
            }),
            "p.json/fields/1/mapping: must map texts to texts");
  EXPECT_EQ(refusal([](json& p) {
              p["where"] = {{{"column", "x"}, {"in", {"1"}}}};
            }),
            "p.json/where/0/otherwise: is missing");
  EXPECT_EQ(refusal([](json& p) { p["geometry"] = {{"from", "wkt"}}; }), "p.json/geometry/wkt: is missing");
  EXPECT_NE(refusal([](json& p) {
              p["fields"][0]["parse"] = "guess";
            }).find("p.json/fields/0/parse: 'guess' is none of"),
            std::string::npos);
}

TEST(Profile, IsCheckedAgainstItsLayer) {
  const auto catalogue = catalogue::Catalogue::load(root / "styles");
  const auto refused = [&](const std::function<void(json&)>& spoil) -> std::string {
    json object = good();
    spoil(object);
    const auto profile = parse_profile(object, "p.json");
    try {
      check_against(profile, *catalogue.find_layer(profile.layer));
    } catch (const base::Error& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(refused([](json&) {}), "accepted");
  EXPECT_EQ(refused([](json& p) { p["fields"][0]["to"] = "colour"; }),
            "layer 'interchanges' has no attribute 'colour'");
  EXPECT_EQ(refused([](json& p) { p["fields"][1]["parse"] = "text"; }),
            "'kind' has a code list: parse must be 'code'");
  EXPECT_EQ(refused([](json& p) {
              p["layer"] = "zoning";
              p["fields"] = {{{"to", "authority"}, {"from", "a"}}};
            }),
            "'use_district' is required by layer 'zoning' and has no field");
  EXPECT_EQ(refused([](json& p) {
              p["layer"] = "water_pipes";
              p["fields"] = {{{"to", "length_m"}, {"from", "a"}, {"parse", "number"}}};
            }),
            "'length_m' is computed from the shape and takes no column");
}

}  // namespace
}  // namespace ritchi::importers
