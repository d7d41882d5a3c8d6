#include "tileserver/tiles/tilejson.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "geodata/tiling/aggregate.hpp"
#include "geodata/tiling/layer_maker.hpp"
#include "tileserver/tiles/tile_plan.hpp"

namespace ritchi::tiles {
namespace {

using nlohmann::json;
using store::LayerView;

constexpr double mercator_latitude = 85.0511287798066;

// W, S, E, N inside what Web Mercator can show; clients skip tiles outside, and a box must not wrap.
std::array<double, 4> bounds_of(Layers layers) {
  geom::Box box;
  for (const LayerView* view : layers) box.add(view->extent);
  if (box.empty()) return {-180.0, -mercator_latitude, 180.0, mercator_latitude};
  return {std::clamp(box.min_x, -180.0, 180.0), std::clamp(box.min_y, -mercator_latitude, mercator_latitude),
          std::clamp(box.max_x, -180.0, 180.0), std::clamp(box.max_y, -mercator_latitude, mercator_latitude)};
}

std::string escape_html(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

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

json vector_layer(const LayerView& view, const std::string& language) {
  json fields = json::object();
  fields["source_id"] = language == "en" ? "Identifier in the source" : "出典での識別子";
  fields["synthetic"] =
      language == "en" ? "Made-up record (true) or real (false)" : "合成データか（true/false）";
  for (const auto& attribute : view.layer.attributes) {
    if (!attribute.in_tiles) continue;
    fields[attribute.name] = with_unit(attribute.title.in(language), attribute);
  }
  add_aggregate_fields(view.layer, language == "en", fields);
  return {{"id", view.layer.id},
          {"description", view.layer.title.in(language)},
          {"minzoom", view.layer.minzoom},
          {"maxzoom", view.layer.maxzoom},
          {"fields", std::move(fields)}};
}

json vector_layers(Layers layers, const std::string& language) {
  json out = json::array();
  for (const LayerView* view : layers) out.push_back(vector_layer(*view, language));
  return out;
}

std::string name_of(Layers layers, const std::string& language) {
  std::string out;
  for (const LayerView* view : layers) out += (out.empty() ? "" : ", ") + view->layer.title.in(language);
  return out;
}

std::string revision_of(Layers layers) {
  std::string out;
  for (const LayerView* view : layers) out += (out.empty() ? "" : ".") + view->revision;
  return out;
}

}  // namespace

std::string attribution_html(Layers layers, const std::string& language) {
  std::set<std::string> said;
  std::string out;
  bool synthetic = false;
  for (const LayerView* view : layers) {
    synthetic = synthetic || view->synthetic;
    for (const auto& dataset : view->datasets) {
      const std::string& text = dataset->info().attribution;
      if (!text.empty() && said.insert(text).second) out += (out.empty() ? "" : " | ") + escape_html(text);
    }
  }
  if (synthetic && out.find("合成データ") == std::string::npos)
    out += (out.empty() ? "" : " | ") +
           std::string(language == "en" ? "contains synthetic data" : "合成データを含む");
  return out;
}

json tilejson(Layers layers, const std::string& tiles_url, const std::string& language) {
  const ZoomRange zooms = zooms_of(layers);
  const auto bounds = bounds_of(layers);
  json sources = json::array();
  for (const LayerView* view : layers)
    sources.push_back({{"layer", view->layer.id},
                       {"as_of", view->as_of.empty() ? json(nullptr) : json(view->as_of)},
                       {"synthetic", view->synthetic},
                       {"revision", view->revision}});
  return {{"tilejson", "3.0.0"},
          {"name", name_of(layers, language)},
          {"version", "1.0.0"},
          {"scheme", "xyz"},
          {"tiles", json::array({tiles_url})},
          {"minzoom", zooms.min},
          {"maxzoom", zooms.max},
          {"bounds", bounds},
          {"center", {(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2, (zooms.min + zooms.max) / 2}},
          {"attribution", attribution_html(layers, language)},
          {"vector_layers", vector_layers(layers, language)},
          {"datasets", std::move(sources)}};
}

json mbtiles_metadata(Layers layers, const std::string& language) {
  const ZoomRange zooms = zooms_of(layers);
  const auto bounds = bounds_of(layers);
  return {{"name", name_of(layers, language)},
          {"format", "pbf"},
          {"type", "overlay"},
          {"version", revision_of(layers)},
          {"minzoom", std::to_string(zooms.min)},
          {"maxzoom", std::to_string(zooms.max)},
          {"bounds", fmt::format("{},{},{},{}", bounds[0], bounds[1], bounds[2], bounds[3])},
          {"attribution", attribution_html(layers, language)},
          {"json", json{{"vector_layers", vector_layers(layers, language)}}.dump()}};
}

}  // namespace ritchi::tiles
