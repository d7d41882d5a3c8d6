#include "tileserver/tiles/tile_set.hpp"

#include <algorithm>
#include <set>

#include "geodata/base/text.hpp"
#include "geodata/geom/tile_math.hpp"
#include "tileserver/tiles/vector_layer.hpp"

namespace ritchi::tiles {
namespace {

using nlohmann::json;
using store::LayerView;

constexpr Bounds world = {-180.0, -geom::max_mercator_latitude, 180.0, geom::max_mercator_latitude};

// Clients skip tiles outside the bounds, and a box must not wrap.
Bounds bounds_of(const geom::Box& box) {
  if (box.empty()) return world;
  return {std::clamp(box.min_x, world[0], world[2]), std::clamp(box.min_y, world[1], world[3]),
          std::clamp(box.max_x, world[0], world[2]), std::clamp(box.max_y, world[1], world[3])};
}

template <class Each>
std::string joined(std::span<const LayerCard> cards, const char* between, const Each& text_of) {
  std::string out;
  for (const LayerCard& card : cards) {
    const std::string& text = text_of(card);
    if (!text.empty()) out += (out.empty() ? "" : between) + text;
  }
  return out;
}

// The distinct attributions, "" when none is stated.
std::string attribution_of(std::span<const LayerCard> cards, const std::string& language) {
  std::set<std::string> said;
  std::string out;
  bool synthetic = false;
  for (const LayerCard& card : cards) {
    synthetic = synthetic || card.synthetic;
    for (const std::string& text : card.attributions)
      if (!text.empty() && said.insert(text).second) out += (out.empty() ? "" : " | ") + text;
  }
  if (synthetic && out.find("合成データ") == std::string::npos)
    out += (out.empty() ? "" : " | ") +
           std::string(language == "en" ? "contains synthetic data" : "合成データを含む");
  return out;
}

}  // namespace

LayerCard card_of(const LayerView& view, const std::string& language) {
  LayerCard out;
  out.title = view.layer.title.in(language);
  out.description = view.layer.description.in(language);
  out.revision = view.revision;
  for (const auto& dataset : view.datasets)
    out.attributions.push_back(base::escape_html(dataset->info().attribution));
  out.synthetic = view.synthetic;
  out.zooms = {view.layer.minzoom, view.layer.maxzoom};
  out.bounds = bounds_of(view.extent);
  out.vector_layer = vector_layer(view.layer, language);
  out.provenance = {{"layer", view.layer.id},
                    {"as_of", view.as_of.empty() ? json(nullptr) : json(view.as_of)},
                    {"synthetic", view.synthetic},
                    {"revision", view.revision}};
  return out;
}

LayerCard limited(LayerCard card, ZoomRange zooms) {
  card.zooms = {std::max(card.zooms.min, zooms.min), std::min(card.zooms.max, zooms.max)};
  card.vector_layer["minzoom"] = card.zooms.min;
  card.vector_layer["maxzoom"] = card.zooms.max;
  return card;
}

TileSetInfo describe(std::span<const LayerCard> cards, const std::string& language) {
  TileSetInfo out;
  out.name = joined(
      cards, ", ", [](const LayerCard& card) -> auto& { return card.title; });
  out.description = joined(
      cards, "\n", [](const LayerCard& card) -> auto& { return card.description; });
  out.version = joined(
      cards, ".", [](const LayerCard& card) -> auto& { return card.revision; });
  out.attribution = attribution_of(cards, language);
  out.zooms = cards.front().zooms;
  out.bounds = cards.front().bounds;
  for (const LayerCard& card : cards) {
    out.zooms.min = std::min(out.zooms.min, card.zooms.min);
    out.zooms.max = std::max(out.zooms.max, card.zooms.max);
    for (const std::size_t side : {0U, 1U}) out.bounds[side] = std::min(out.bounds[side], card.bounds[side]);
    for (const std::size_t side : {2U, 3U}) out.bounds[side] = std::max(out.bounds[side], card.bounds[side]);
    out.vector_layers.push_back(card.vector_layer);
    out.datasets.push_back(card.provenance);
  }
  return out;
}

}  // namespace ritchi::tiles
