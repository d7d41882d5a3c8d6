#include "tileserver/tiles/mvt_encoder.hpp"

#include <google/protobuf/arena.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "vector_tile.pb.h"  // the only file that sees generated code

namespace ritchi::tiles {
namespace {

constexpr std::uint32_t move_to = 1;
constexpr std::uint32_t line_to = 2;
constexpr std::uint32_t close_path = 7;

constexpr std::uint32_t command(std::uint32_t id, std::size_t count) {
  return id | (static_cast<std::uint32_t>(count) << 3U);
}

constexpr std::uint32_t zigzag(std::int32_t value) {
  return (static_cast<std::uint32_t>(value) << 1U) ^ static_cast<std::uint32_t>(value >> 31);
}

// Writes commands with coordinates relative to the last point.
class Pen {
 public:
  explicit Pen(google::protobuf::RepeatedField<std::uint32_t>& out) : m_out(out) {}

  void start(std::uint32_t id, std::size_t count) { m_out.Add(command(id, count)); }
  void point(geom::TilePoint at) {
    m_out.Add(zigzag(at.x - m_at.x));
    m_out.Add(zigzag(at.y - m_at.y));
    m_at = at;
  }
  void path(const geom::TilePoint* first, std::size_t count) {
    start(move_to, 1);
    point(first[0]);
    start(line_to, count - 1);
    for (std::size_t i = 1; i < count; ++i) point(first[i]);
  }

 private:
  google::protobuf::RepeatedField<std::uint32_t>& m_out;
  geom::TilePoint m_at;
};

void write_geometry(const geom::TileGeometry& geometry, wire::Tile::Feature& feature) {
  auto& out = *feature.mutable_geometry();
  out.Reserve(static_cast<int>(geometry.points.size() * 2 + geometry.ring_ends.size() * 3 + 1));
  Pen pen(out);
  if (geometry.kind == geom::Kind::point) {
    feature.set_type(wire::Tile::POINT);
    pen.start(move_to, geometry.points.size());
    for (const geom::TilePoint& at : geometry.points) pen.point(at);
    return;
  }
  const bool polygon = geometry.kind == geom::Kind::polygon;
  feature.set_type(polygon ? wire::Tile::POLYGON : wire::Tile::LINESTRING);
  std::size_t begin = 0;
  for (const std::uint32_t end : geometry.ring_ends) {
    pen.path(&geometry.points[begin], end - begin);
    if (polygon) pen.start(close_path, 1);
    begin = end;
  }
}

// Type and content of a value in one text, to find it again in the layer's dictionary.
std::string dictionary_key(const store::ValueView& value) {
  std::string out(1, static_cast<char>('0' + value.index()));
  if (const auto* text = std::get_if<std::string_view>(&value))
    out += *text;
  else if (const auto* flag = std::get_if<bool>(&value))
    out += *flag ? '1' : '0';
  else if (const auto* whole = std::get_if<std::int64_t>(&value))
    out.append(reinterpret_cast<const char*>(whole), sizeof *whole);
  else if (const auto* real = std::get_if<double>(&value))
    out.append(reinterpret_cast<const char*>(real), sizeof *real);
  return out;
}

void write_value(const store::ValueView& value, wire::Tile::Value& out) {
  if (const auto* text = std::get_if<std::string_view>(&value))
    out.set_string_value(text->data(), text->size());
  else if (const auto* flag = std::get_if<bool>(&value))
    out.set_bool_value(*flag);
  else if (const auto* real = std::get_if<double>(&value))
    out.set_double_value(*real);
  else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    // One field per value: the shorter of the two encodings.
    if (*whole >= 0)
      out.set_uint_value(static_cast<std::uint64_t>(*whole));
    else
      out.set_sint_value(*whole);
  }
}

}  // namespace

struct LayerBuilder::State {
  google::protobuf::Arena arena;
  wire::Tile* tile = google::protobuf::Arena::CreateMessage<wire::Tile>(&arena);
  wire::Tile::Layer* layer = tile->add_layers();
  wire::Tile::Feature* feature = nullptr;
  std::vector<std::string> declared;
  std::vector<int> key_index;  // of each declared key in the layer, or -1
  std::unordered_map<std::string, std::uint32_t> values;
};

LayerBuilder::LayerBuilder(std::string_view name, std::uint32_t extent) : m_state(std::make_unique<State>()) {
  m_state->layer->set_name(name.data(), name.size());
  m_state->layer->set_version(2);
  m_state->layer->set_extent(extent);
}
LayerBuilder::~LayerBuilder() = default;

int LayerBuilder::declare_key(std::string_view name) {
  m_state->declared.emplace_back(name);
  m_state->key_index.push_back(-1);
  return static_cast<int>(m_state->declared.size()) - 1;
}

void LayerBuilder::begin_feature(std::uint64_t id, const geom::TileGeometry& geometry) {
  m_state->feature = m_state->layer->add_features();
  m_state->feature->set_id(id);
  write_geometry(geometry, *m_state->feature);
}

void LayerBuilder::add(int key, const store::ValueView& value) {
  if (std::holds_alternative<std::monostate>(value)) return;
  State& state = *m_state;
  int& index = state.key_index[static_cast<std::size_t>(key)];
  if (index < 0) {
    index = state.layer->keys_size();
    state.layer->add_keys(state.declared[static_cast<std::size_t>(key)]);
  }
  const auto [entry, added] =
      state.values.try_emplace(dictionary_key(value), static_cast<std::uint32_t>(state.layer->values_size()));
  if (added) write_value(value, *state.layer->add_values());
  state.feature->add_tags(static_cast<std::uint32_t>(index));
  state.feature->add_tags(entry->second);
}

bool LayerBuilder::empty() const {
  return m_state->layer->features_size() == 0;
}

std::string LayerBuilder::finish() {
  return m_state->tile->SerializeAsString();
}

}  // namespace ritchi::tiles
