// A vector tile as the code that protobuf generates reads it, in a form that is easily compared.
#pragma once
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "geodata/tiling/path.hpp"
#include "vector_tile.pb.h"

namespace ritchi::test {

using TileValue = std::variant<std::string, double, bool>;

struct TileFeature {
  std::uint64_t id = 0;
  int type = 0;
  std::map<std::string, TileValue> values;
  geom::TileGeometry shape;

  double number(const std::string& key) const {
    const auto found = values.find(key);
    return found == values.end() ? 0 : std::get<double>(found->second);
  }
  bool has(const std::string& key) const { return values.contains(key); }
  std::int64_t count() const { return has("_count") ? static_cast<std::int64_t>(number("_count")) : 1; }
};

inline TileValue value_in(const tiling::wire::Tile::Value& value) {
  if (value.has_string_value()) return value.string_value();
  if (value.has_bool_value()) return value.bool_value();
  if (value.has_float_value()) return double{value.float_value()};
  if (value.has_double_value()) return value.double_value();
  if (value.has_uint_value()) return static_cast<double>(value.uint_value());
  if (value.has_sint_value()) return static_cast<double>(value.sint_value());
  ADD_FAILURE() << "a value of no kind";
  return std::string();
}

inline TileFeature feature_in(const tiling::wire::Tile::Layer& layer,
                              const tiling::wire::Tile::Feature& feature) {
  TileFeature out;
  out.id = feature.id();
  out.type = feature.type();
  for (int i = 0; i + 1 < feature.tags_size(); i += 2)
    out.values[layer.keys(static_cast<int>(feature.tags(i)))] =
        value_in(layer.values(static_cast<int>(feature.tags(i + 1))));
  // Commands as they are, by the generated reader; taken apart by ours, which has tests of its own.
  std::string path;
  for (const std::uint32_t word : feature.geometry()) {
    std::uint32_t rest = word;
    for (; rest >= 0x80; rest >>= 7) path.push_back(static_cast<char>(rest | 0x80));
    path.push_back(static_cast<char>(rest));
  }
  tiling::decode_path(static_cast<geom::Kind>(out.type - 1), path, out.shape);
  return out;
}

// Of a tile with one layer; none where it has no bytes.
inline std::vector<TileFeature> features_in(const std::string& bytes) {
  std::vector<TileFeature> out;
  tiling::wire::Tile tile;
  EXPECT_TRUE(tile.ParseFromString(bytes));
  EXPECT_LE(tile.layers_size(), 1);
  for (const auto& layer : tile.layers()) {
    EXPECT_EQ(layer.version(), 2U);
    EXPECT_EQ(layer.extent(), 4096U);
    const std::set<std::string> keys(layer.keys().begin(), layer.keys().end());
    EXPECT_EQ(keys.size(), static_cast<std::size_t>(layer.keys_size())) << "a key is there twice";
    for (const auto& feature : layer.features()) out.push_back(feature_in(layer, feature));
  }
  return out;
}

inline std::int64_t dropped_in(const std::vector<TileFeature>& features) {
  return features.empty() ? 0 : static_cast<std::int64_t>(features.front().number("_dropped"));
}

inline double area_of(const geom::TileGeometry& shape) {
  double out = 0;
  std::size_t begin = 0;
  for (const std::uint32_t end : shape.ring_ends) {
    for (std::size_t i = begin; i < end; ++i) {
      const auto a = shape.points[i];
      const auto b = shape.points[i + 1 == end ? begin : i + 1];
      out += static_cast<double>(a.x) * b.y - static_cast<double>(b.x) * a.y;
    }
    begin = end;
  }
  return out / 2;
}

inline double length_of(const geom::TileGeometry& shape) {
  double out = 0;
  std::size_t begin = 0;
  for (const std::uint32_t end : shape.ring_ends) {
    for (std::size_t i = begin + 1; i < end; ++i)
      out += std::hypot(shape.points[i].x - shape.points[i - 1].x, shape.points[i].y - shape.points[i - 1].y);
    begin = end;
  }
  return out;
}

}  // namespace ritchi::test
