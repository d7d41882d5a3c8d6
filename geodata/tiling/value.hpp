// Attribute values as the Value messages of a vector tile, encoded once per feature.
//
// Source: Vector Tile Specification 2.1, section 4.1 and vector_tile.proto.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "geodata/store/feature.hpp"

namespace ritchi::tiling {

// One Value message; empty for an unknown value. Numbers take the shortest form that holds them exactly.
std::string encode_value(const store::ValueView& value);
void encode_value(const store::ValueView& value, std::string& out);
// The number in a Value message; none where it is unknown, no number or not finite.
std::optional<double> number_in(std::string_view value);
// How many features one stands for by its _count: 1 where there is none. Throws Error(damaged) for what is no
// count.
std::int64_t count_in(std::string_view value);

// The values of one feature, one behind the other by key: each its size as varint and the message.
using ValueList = std::vector<std::string_view>;  // borrowed; empty = unknown
void put_value(std::string& list, std::string_view value);
// As many as there are keys. Throws Error(damaged) where the list is cut off.
void take_values(std::string_view list, ValueList& out);

// The keys under which a layer's values appear in tiles, by position: source_id, synthetic, then the
// attributes that are declared for tiles.
class TileKeys {
 public:
  explicit TileKeys(const catalogue::Layer& layer);
  const std::vector<std::string>& names() const { return m_names; }
  // names().size() where the attribute is not in tiles.
  std::size_t find(std::string_view name) const;
  // The values of a feature, in order of the keys.
  void encode(const store::FeatureView& feature, std::string& list) const;

 private:
  std::vector<std::string> m_names;
  std::vector<std::size_t> m_attributes;  // position in the layer of each key after the first two
};

}  // namespace ritchi::tiling
