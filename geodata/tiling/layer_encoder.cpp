#include "geodata/tiling/layer_encoder.hpp"

#include <functional>

#include "geodata/tiling/wire.hpp"

namespace ritchi::tiling {
namespace {

enum TileField : std::uint32_t { layers = 3 };
enum LayerField : std::uint32_t {
  layer_name = 1,
  layer_features = 2,
  layer_keys = 3,
  layer_values = 4,
  layer_extent = 5,
  layer_version = 15
};
enum FeatureField : std::uint32_t { feature_id = 1, feature_tags = 2, feature_type = 3, feature_path = 4 };

constexpr std::size_t first_slots = 256;

}  // namespace

LayerEncoder::LayerEncoder(std::string_view name, std::uint32_t extent) {
  put_varint_field(m_head, layer_version, 2);
  put_bytes_field(m_head, layer_name, name);
  put_varint_field(m_tail, layer_extent, extent);
  clear();
}

void LayerEncoder::clear() {
  m_features.clear();
  m_keys.clear();
  m_values.clear();
  m_count = 0;
  m_key_index.clear();
  m_key_count = 0;
  m_slots.assign(first_slots, {});
  m_value_count = 0;
}

std::uint32_t LayerEncoder::key_index(std::size_t position, const std::vector<std::string>& keys) {
  if (m_key_index.size() < keys.size()) m_key_index.resize(keys.size(), -1);
  std::int32_t& index = m_key_index[position];
  if (index < 0) {
    index = static_cast<std::int32_t>(m_key_count++);
    put_bytes_field(m_keys, layer_keys, keys[position]);
  }
  return static_cast<std::uint32_t>(index);
}

void LayerEncoder::grow() {
  std::vector<Slot> old = std::move(m_slots);
  m_slots.assign(old.size() * 2, {});
  const std::size_t mask = m_slots.size() - 1;
  for (const Slot& slot : old) {
    if (slot.index_plus_one == 0) continue;
    std::size_t at = slot.hash & mask;
    while (m_slots[at].index_plus_one != 0) at = (at + 1) & mask;
    m_slots[at] = slot;
  }
}

std::uint32_t LayerEncoder::value_index(std::string_view value) {
  if (m_value_count * 2 >= m_slots.size()) grow();
  const std::uint64_t hash = std::hash<std::string_view>{}(value);
  const std::size_t mask = m_slots.size() - 1;
  std::size_t at = hash & mask;
  for (; m_slots[at].index_plus_one != 0; at = (at + 1) & mask) {
    const Slot& slot = m_slots[at];
    if (slot.hash == hash && std::string_view(m_values).substr(slot.offset, slot.size) == value)
      return slot.index_plus_one - 1;
  }
  put_bytes_field(m_values, layer_values, value);
  const auto size = static_cast<std::uint32_t>(value.size());
  m_slots[at] = {hash, static_cast<std::uint32_t>(m_values.size()) - size, size, ++m_value_count};
  return m_value_count - 1;
}

void LayerEncoder::add(Form form, std::int64_t id, std::string_view path,
                       const std::vector<std::string>& keys, const ValueList& values) {
  m_tags.clear();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].empty()) continue;
    put_varint(m_tags, key_index(i, keys));
    put_varint(m_tags, value_index(values[i]));
  }
  m_feature.clear();
  if (id != 0) put_varint_field(m_feature, feature_id, static_cast<std::uint64_t>(id));
  if (!m_tags.empty()) put_bytes_field(m_feature, feature_tags, m_tags);
  put_varint_field(m_feature, feature_type, static_cast<std::uint64_t>(form));
  put_bytes_field(m_feature, feature_path, path);
  put_bytes_field(m_features, layer_features, m_feature);
  ++m_count;
}

std::size_t LayerEncoder::size() const {
  const std::size_t body =
      m_head.size() + m_features.size() + m_keys.size() + m_values.size() + m_tail.size();
  return 1 + varint_size(body) + body;
}

std::string LayerEncoder::finish() const {
  std::string out;
  out.reserve(size());
  put_key(out, layers, WireType::bytes);
  put_varint(out, m_head.size() + m_features.size() + m_keys.size() + m_values.size() + m_tail.size());
  for (const std::string* piece : {&m_head, &m_features, &m_keys, &m_values, &m_tail}) out += *piece;
  return out;
}

}  // namespace ritchi::tiling
