// Profiles: those that are shipped are good, and bad ones are refused with file, key and reason.
#include "importers/core/profile.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/catalogue/catalogue.hpp"
#include "geodata/catalogue/schema.hpp"

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
    const auto check_derived = [&](const Field& field) {
      if (!field.derived) return;
      for (const auto& [code, number] : field.derived->numbers)
        EXPECT_NE(catalogue.find_codes(layer->find(field.derived->of.front())->codes)->find(code), nullptr)
            << profile.id << " " << field.to << " " << code;
    };
    for (const auto& field : profile.fields) check(field), check_derived(field);
    for (const auto& variant : profile.variants)
      for (const auto& field : variant.fields) check(field);
  }
}

TEST(Profile, AllShippedOnesKeepToTheSchema) {
  const auto schema = root / "styles" / "schema" / "profile.schema.json";
  for (const auto& entry : std::filesystem::directory_iterator(root / "importers" / "profiles")) {
    const auto& file = entry.path();
    if (file.extension() != ".json") continue;
    EXPECT_NO_THROW(catalogue::check_schema(catalogue::read_json(file), file, schema)) << file;
  }
  const auto keeps = [&](const json& object) {
    try {
      catalogue::check_schema(object, "p.json", schema);
    } catch (const base::Error&) {
      return false;
    }
    return true;
  };
  json object = good();
  EXPECT_TRUE(keeps(object));
  object["fields"][0]["two_digit_years"] = "edo";
  EXPECT_FALSE(keeps(object));
  object = good();
  object["fieldz"] = 1;
  EXPECT_FALSE(keeps(object));
}

TEST(Profile, VariantsTakeTheProfilesFieldsFromOtherColumns) {
  json object = good();
  object["variants"] = {{{"has_columns", {"z"}},
                         {"lacks_columns", "y"},
                         {"columns", {{"kind", "z"}}},
                         {"fields", {{{"to", "name"}, {"unset", true}}}},
                         {"identity", {{"columns", json::array({json::array({"k2", "k3"})})}}},
                         {"crs", {{"default", "EPSG:4612"}}}}};
  const auto profile = parse_profile(object, "p.json");
  ASSERT_EQ(profile.variants.size(), 1U);
  const auto& variant = profile.variants.front();
  ASSERT_EQ(variant.fields.size(), 2U);
  EXPECT_TRUE(variant.fields[0].unset);
  EXPECT_EQ(variant.fields[1].from, Synonyms{"z"});
  EXPECT_EQ(variant.fields[1].mapping, profile.fields[1].mapping);
  EXPECT_EQ(variant.key, (std::vector<Synonyms>{{"k2", "k3"}}));
  EXPECT_EQ(variant.lacks_columns, Synonyms{"y"});
  EXPECT_EQ(variant.default_crs, "EPSG:4612");
}

TEST(Profile, UnitsOfMoneyAreScales) {
  json object = good();
  object["fields"][0] = {{"to", "name"}, {"from", "n"}, {"parse", "money_jpy"}, {"unit", "百万円"}};
  EXPECT_EQ(parse_profile(object, "p.json").fields[0].scale, 1e6);
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
  EXPECT_EQ(
      refusal([](json& p) { p["fields"][1].erase("from"); }),
      "p.json/fields/1: needs 'from', 'const' or a way to compute it (sum, difference, ratio, by_code)");
  EXPECT_EQ(refusal([](json& p) { p["fields"][1]["const"] = "smart"; }),
            "p.json/fields/1: needs either 'from' or 'const'");
  EXPECT_EQ(refusal([](json& p) { p["fields"][0]["unset"] = true; }),
            "p.json/fields/0/unset: is for variants: leave the field out");
  EXPECT_EQ(refusal([](json& p) { p["fields"][0]["two_digit_years"] = "showa"; }),
            "p.json/fields/0/two_digit_years: is for dates and fiscal years");
  EXPECT_EQ(refusal([](json& p) {
              p["fields"][0]["parse"] = "date";
              p["fields"][0]["two_digit_years"] = "edo";
            }),
            "p.json/fields/0/two_digit_years: is none of meiji, taisho, showa, heisei, reiwa");
  EXPECT_EQ(refusal([](json& p) {
              p["fields"][0]["parse"] = "date";
              p["fields"][0]["two_digit_years"] = {{"pivot", 300}};
            }),
            "p.json/fields/0/two_digit_years/pivot: must be a whole number from 0 to 100");
  EXPECT_EQ(refusal([](json& p) {
              p["fields"][0]["parse"] = "number";
              p["fields"][0]["unit"] = "furlong";
            }),
            "p.json/fields/0/unit: 'furlong' is not known");
  EXPECT_EQ(refusal([](json& p) {
              p["fields"][0]["parse"] = "money_jpy";
              p["fields"][0]["unit"] = "ドル";
            }),
            "p.json/fields/0/unit: 'ドル' is no unit of money");
  EXPECT_EQ(refusal([](json& p) {
              p["fields"][0]["parse"] = "number";
              p["fields"][0]["mapping"] = {{"1", "one"}};
            }),
            "p.json/fields/0/mapping: must map texts to numbers or null");
  EXPECT_EQ(refusal([](json& p) {
              p["fields"][0]["ratio"] = {"a", "b", "c"};
            }),
            "p.json/fields/0/ratio: needs two attributes");
  EXPECT_EQ(refusal([](json& p) {
              p["fields"][0]["sum"] = p["fields"][0]["difference"] = {"a", "b"};
            }),
            "p.json/fields/0/difference: stands beside another way to compute the attribute");
  EXPECT_EQ(refusal([](json& p) {
              p["variants"] = {{{"has_columns", {"z"}}, {"columns", {{"colour", "z"}}}}};
            }),
            "p.json/variants/0/columns/colour: is no attribute that the profile reads from a column");
  EXPECT_EQ(refusal([](json& p) {
              p["variants"] = {{{"fields", json::array()}}};
            }),
            "p.json/variants/0: needs 'has_columns', 'lacks_columns' or 'elements'");
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
  const auto computed = [&](const json& field) {
    return refused([&](json& p) {
      p["layer"] = "waterworks";
      p["fields"] = {{{"to", "name"}, {"from", "n"}},
                     {{"to", "fiscal_year"}, {"from", "y"}, {"parse", "fiscal_year"}},
                     field};
    });
  };
  EXPECT_EQ(computed({{"to", "spare_m3_per_day"},
                      {"difference", {"capacity_m3_per_day", "contracted_m3_per_day"}}}),
            "accepted");
  EXPECT_EQ(
      computed({{"to", "utilisation_percent"}, {"ratio", {"supplied_m3_per_day", "capacity_m3_per_day"}}}),
      "accepted");
  EXPECT_EQ(computed({{"to", "spare_m3_per_day"}, {"difference", {"capacity_m3_per_day", "revenue_jpy"}}}),
            "'revenue_jpy' is in 'JPY' where 'm3/day' is needed");
  EXPECT_EQ(computed({{"to", "spare_m3_per_day"}, {"sum", {"capacity_m3_per_day", "name"}}}),
            "'name' is no number");
  EXPECT_EQ(computed({{"to", "spare_m3_per_day"}, {"sum", {"capacity_m3_per_day", "colour"}}}),
            "'spare_m3_per_day' cannot be computed from 'colour'");
  EXPECT_EQ(computed({{"to", "operator"}, {"sum", {"capacity_m3_per_day", "revenue_jpy"}}}),
            "'operator' is no number and cannot be computed");
}

// Nothing on a map means that there is nothing only where a publication is complete; codes of rows that are
// not public must not show in what everybody reads.
TEST(Profile, SaysForWhichPlacesItIsComplete) {
  const auto covers = [](const char* text) { return [text](json& p) { p["covers"] = text; }; };
  EXPECT_EQ(refusal(covers("japan")), "accepted");
  EXPECT_EQ(refusal(covers("municipalities")), "accepted");
  EXPECT_EQ(refusal(covers("everywhere")), "p.json/covers: is none of japan, prefectures, municipalities");
  const auto catalogue = catalogue::Catalogue::load(root / "styles");
  const auto fits = [&](const char* layer, const char* text) {
    json object = good();
    object["covers"] = text;
    object["layer"] = layer;
    object["fields"] = json::array({{{"to", "name"}, {"from", "n"}}});
    try {
      check_against(parse_profile(object, "p.json"), *catalogue.find_layer(layer));
    } catch (const base::Error& error) {
      return std::string(error.what());
    }
    return std::string("fits");
  };
  EXPECT_NE(fits("factory_sites", "municipalities").find("not public"), std::string::npos);
  EXPECT_NE(fits("interchanges", "prefectures").find("no code"), std::string::npos);
  EXPECT_NE(fits("waterworks", "municipalities").find("no code"), std::string::npos);
}

}  // namespace
}  // namespace ritchi::importers
