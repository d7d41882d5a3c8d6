#include "tileserver/analysis/report_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace ritchi::analysis {
namespace {

using nlohmann::json;

bool serves_the_data(const catalogue::Attribute& attribute) {
  return attribute.computed != catalogue::Computed::none || attribute.name.ends_with("_code") ||
         attribute.name == "name" || attribute.name == "history" || attribute.name == "last_source_id" ||
         attribute.name == store::disclosure_attribute || attribute.name.starts_with("consent");
}

void add(const store::Feature& feature, const catalogue::Layer& layer, const catalogue::Catalogue& catalogue,
         std::size_t at, std::vector<ShownValue>& out) {
  if (at >= feature.values.size() || catalogue::is_unknown(feature.values[at])) return;
  ShownValue shown{&layer.attributes[at], feature.values[at], {}};
  const auto* code = std::get_if<std::string>(&shown.value);
  if (code != nullptr && !shown.attribute->codes.empty())
    if (const auto* list = catalogue.find_codes(shown.attribute->codes))
      if (const auto* known = list->find(*code)) shown.words = known->title;
  out.push_back(std::move(shown));
}

}  // namespace

std::vector<ShownValue> shown_values(const store::Feature& feature, const catalogue::Layer& layer,
                                     const catalogue::Catalogue& catalogue) {
  std::vector<ShownValue> out;
  for (std::size_t i = 0; i < layer.attributes.size(); ++i)
    if (!serves_the_data(layer.attributes[i])) add(feature, layer, catalogue, i, out);
  return out;
}

std::vector<ShownValue> shown_values(const store::Feature& feature, const catalogue::Layer& layer,
                                     const catalogue::Catalogue& catalogue,
                                     const std::vector<std::string>& names) {
  std::vector<ShownValue> out;
  for (const std::string& name : names) add(feature, layer, catalogue, layer.index_of(name), out);
  return out;
}

std::string text_at(const store::Feature& feature, const catalogue::Layer& layer,
                    std::string_view attribute) {
  const std::size_t at = layer.index_of(attribute);
  if (at >= feature.values.size()) return {};
  const auto* text = std::get_if<std::string>(&feature.values[at]);
  return text == nullptr ? std::string() : *text;
}

std::string title_of(const store::Feature& feature, const catalogue::Layer& layer) {
  return text_at(feature, layer, "name");
}

json values_json(const std::vector<ShownValue>& values) {
  json out = json::object();
  for (const ShownValue& shown : values)
    std::visit(
        [&](const auto& value) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(value)>, std::monostate>)
            out[shown.attribute->name] = value;
        },
        shown.value);
  return out;
}

std::string spoken(const ShownValue& shown, std::string_view language) {
  if (!shown.words.ja.empty()) return shown.words.in(language);
  std::string out = std::visit(
      [](const auto& value) -> std::string {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::monostate>)
          return {};
        else if constexpr (std::is_same_v<T, bool>)
          return value ? "true" : "false";
        else if constexpr (std::is_same_v<T, double>)
          return fmt::format("{:.10g}", value);
        else
          return fmt::format("{}", value);
      },
      shown.value);
  const std::string& unit = shown.attribute->unit;
  if (unit == "year") return language == "ja" ? out + "年" : out;
  return unit.empty() ? out : out + " " + unit;
}

json title_json(const catalogue::Title& title) {
  return {{"ja", title.ja}, {"en", title.en}};
}

}  // namespace ritchi::analysis
