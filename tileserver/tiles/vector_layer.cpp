#include "tileserver/tiles/vector_layer.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "geodata/tiling/aggregate.hpp"
#include "geodata/tiling/layer_maker.hpp"

namespace ritchi::tiles {
namespace {

using nlohmann::json;

std::string with_unit(const std::string& title, const catalogue::Attribute& attribute) {
  return attribute.unit.empty() ? title : title + " [" + attribute.unit + "]";
}

std::string described(const tiling::AggregateKey& key, const catalogue::Attribute& attribute, bool english) {
  const std::string& title = attribute.title.in(english ? "en" : "ja");
  const char* way = key.way == tiling::AggregateWay::sum   ? (english ? "sum" : "合計")
                    : key.way == tiling::AggregateWay::min ? (english ? "least" : "最小")
                                                           : (english ? "greatest" : "最大");
  std::string out = english ? fmt::format("{} of '{}'", way, title) : fmt::format("{}の{}", title, way);
  if (!key.class_name.empty())
    out += english ? " for class " + key.class_name : "（区分 " + key.class_name + "）";
  return "Number: " + with_unit(out, attribute);
}

// What features that stand for several say of them, and a crowded tile of what it left out.
void add_aggregate_fields(const catalogue::Layer& layer, bool english, json& fields) {
  const tiling::LayerAggregates aggregates = tiling::aggregates_of(layer);
  if (aggregates.any)
    fields[tiling::count_key] =
        english ? "Number: features that this one stands for" : "Number: この地物が表す件数";
  for (const auto& key : aggregates.keys)
    if (const auto* attribute = layer.find(key.attribute))
      fields[key.name] = described(key, *attribute, english);
  fields[tiling::dropped_key] = english ? "Number: features left out of this tile, said by its first"
                                        : "Number: このタイルで省いた件数（先頭の地物のみ）";
}

}  // namespace

json vector_layer(const catalogue::Layer& layer, const std::string& language) {
  json fields = json::object();
  fields["source_id"] = language == "en" ? "Identifier in the source" : "出典での識別子";
  fields["synthetic"] =
      language == "en" ? "Made-up record (true) or real (false)" : "合成データか（true/false）";
  for (const auto& attribute : layer.attributes) {
    if (!attribute.in_tiles) continue;
    fields[attribute.name] = with_unit(attribute.title.in(language), attribute);
  }
  add_aggregate_fields(layer, language == "en", fields);
  return {{"id", layer.id},
          {"description", layer.title.in(language)},
          {"minzoom", layer.minzoom},
          {"maxzoom", layer.maxzoom},
          {"fields", std::move(fields)}};
}

}  // namespace ritchi::tiles
