// Values of features as a report shows them: titles, words of codes, units.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/catalogue/catalogue.hpp"
#include "geodata/store/disclosure.hpp"
#include "geodata/store/feature.hpp"

namespace ritchi::analysis {

// One known value of a feature.
struct ShownValue {
  const catalogue::Attribute* attribute = nullptr;
  catalogue::Value value;
  catalogue::Title words;  // of a code; empty otherwise
};

// The attributes that are known, but those that only serve the data: codes of places and computed sizes.
std::vector<ShownValue> shown_values(const store::Feature& feature, const catalogue::Layer& layer,
                                     const catalogue::Catalogue& catalogue);
// The named ones, in this order.
std::vector<ShownValue> shown_values(const store::Feature& feature, const catalogue::Layer& layer,
                                     const catalogue::Catalogue& catalogue,
                                     const std::vector<std::string>& names);

// Its name where it has one, else empty.
std::string title_of(const store::Feature& feature, const catalogue::Layer& layer);
// Empty where the layer has no such attribute or it is not known there.
std::string text_at(const store::Feature& feature, const catalogue::Layer& layer, std::string_view attribute);

// {"zone": "blue", …}
nlohmann::json values_json(const std::vector<ShownValue>& values);
// "農用地区域（青地）", "1972 year": as a reader sees it.
std::string spoken(const ShownValue& value, std::string_view language);

nlohmann::json title_json(const catalogue::Title& title);

}  // namespace ritchi::analysis
