// Layers and items for tests: written as briefly as a test should be.
#pragma once
#include <cmath>
#include <deque>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "geodata/tiling/item.hpp"
#include "geodata/tiling/layer_maker.hpp"
#include "geodata/tiling/path.hpp"
#include "geodata/tiling/value.hpp"
#include "tests/unit/support/decoded_tile.hpp"

namespace ritchi::test {

// Attributes kind (text), amount (real, the rank) and year (integer).
inline catalogue::Layer layer_with(const std::string& geometry, const nlohmann::json& rule,
                                   const nlohmann::json& more = nlohmann::json::object()) {
  nlohmann::json declared{{"id", "things"},
                          {"geometry", geometry},
                          {"rank", "amount"},
                          {"attributes",
                           {{{"name", "kind"}, {"type", "text"}},
                            {{"name", "amount"}, {"type", "real"}},
                            {{"name", "year"}, {"type", "integer"}}}}};
  if (!rule.empty()) {
    declared["generalise"] = nlohmann::json::array({rule});
    declared["generalise"][0]["zooms"] = {0, 22};
  }
  declared.update(more);
  return catalogue::parse_layer(declared, "test");
}

// Items with the bytes that they borrow.
class Items {
 public:
  explicit Items(const catalogue::Layer& layer) : m_keys(layer) {}

  tiling::Item& add(std::int64_t id, const geom::TileGeometry& shape, const std::string& kind, double amount,
                    std::int64_t year = 2000) {
    tiling::Item item;
    item.form = static_cast<tiling::Form>(static_cast<int>(shape.kind) + 1);
    item.id = id;
    item.rank = amount;
    item.place = shape.points.front();
    tiling::encode_path(shape, m_bytes.emplace_back());
    item.path = m_bytes.back();
    const std::vector<store::ValueView> values{std::string_view(kind), amount, year};
    m_keys.encode({id, "S", true, {}, values}, m_bytes.emplace_back());
    item.values = m_bytes.back();
    return m_items.emplace_back(item);
  }
  std::vector<tiling::Item> all() const { return {m_items.begin(), m_items.end()}; }

 private:
  tiling::TileKeys m_keys;
  std::deque<std::string> m_bytes;
  std::deque<tiling::Item> m_items;
};

inline geom::TileGeometry point_at(int x, int y) {
  geom::TileGeometry out;
  out.points = {{x, y}};
  return out;
}

inline geom::TileGeometry line_of(const std::vector<std::vector<geom::TilePoint>>& stretches) {
  geom::TileGeometry out;
  out.kind = geom::Kind::line;
  for (const auto& stretch : stretches) {
    out.points.insert(out.points.end(), stretch.begin(), stretch.end());
    out.ring_ends.push_back(static_cast<std::uint32_t>(out.points.size()));
  }
  return out;
}

inline geom::TileGeometry square_at(int x, int y, int side) {
  geom::TileGeometry out;
  out.kind = geom::Kind::polygon;
  out.points = {{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}};
  out.ring_ends = {4};
  out.part_ends = {1};
  return out;
}

inline tiling::LayerTile make(const catalogue::Layer& layer, std::vector<tiling::Item> items, int zoom = 10) {
  return tiling::LayerMaker(layer, zoom).make(items);
}

// Of everything shown, how many features it stands for.
inline std::int64_t stand_for(const std::vector<TileFeature>& features) {
  std::int64_t out = 0;
  for (const auto& feature : features) out += feature.count();
  return out;
}

}  // namespace ritchi::test
