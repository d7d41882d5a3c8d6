#include "geodata/tiling/layer_merger.hpp"

#include <google/protobuf/arena.h>

#include <algorithm>
#include <deque>

#include "geodata/base/error.hpp"
#include "geodata/tiling/path.hpp"
#include "geodata/tiling/value.hpp"
#include "geodata/tiling/wire.hpp"
#include "vector_tile.pb.h"  // the only file that sees generated code

namespace ritchi::tiling {
namespace {

[[noreturn]] void fail() {
  throw base::Error(base::ErrorKind::damaged, "prepared tiles do not read back", "",
                    "run `ritchi check --rebuild`");
}

// Takes the features of prepared layers apart again.
class Collector {
 public:
  Collector(const catalogue::Layer& layer, const std::vector<std::string>& keys)
      : m_keys(keys), m_rank(layer.rank.empty() ? keys.size() : position(layer.rank)) {}

  void add(const wire::Tile::Layer& layer) {
    std::vector<std::size_t> positions;
    for (const std::string& key : layer.keys()) positions.push_back(position(key));
    std::vector<std::string> values;
    for (const auto& value : layer.values()) values.push_back(value.SerializeAsString());
    for (const auto& feature : layer.features()) add(feature, positions, values);
  }
  std::vector<Item>& items() { return m_items; }

 private:
  std::size_t position(const std::string& key) const {
    return static_cast<std::size_t>(std::find(m_keys.begin(), m_keys.end(), key) - m_keys.begin());
  }

  void add(const wire::Tile::Feature& feature, const std::vector<std::size_t>& positions,
           const std::vector<std::string>& values) {
    ValueList by_key(m_keys.size() - 1);  // without _dropped, which is the last: it is counted anew
    for (int i = 0; i + 1 < feature.tags_size(); i += 2) {
      if (feature.tags(i) >= positions.size() || feature.tags(i + 1) >= values.size()) fail();
      const std::size_t key = positions[feature.tags(i)];
      if (key < by_key.size()) by_key[key] = values[feature.tags(i + 1)];
    }
    std::string& list = m_kept.emplace_back();
    for (const auto value : by_key) put_value(list, value);
    std::string& path = m_kept.emplace_back();
    for (const std::uint32_t word : feature.geometry()) put_varint(path, word);
    Item item;
    if (feature.type() == wire::Tile::UNKNOWN) fail();
    item.form = static_cast<Form>(feature.type());
    item.id = static_cast<std::int64_t>(feature.id());
    item.path = path;
    item.values = list;
    if (item.form == Form::point) {
      decode_path(geom::Kind::point, path, m_shape);
      if (!m_shape.points.empty()) item.place = m_shape.points.front();
    }
    if (m_rank < by_key.size()) item.rank = number_in(by_key[m_rank]).value_or(0);
    m_items.push_back(item);
  }

  const std::vector<std::string>& m_keys;
  std::size_t m_rank;
  std::deque<std::string> m_kept;
  std::vector<Item> m_items;
  geom::TileGeometry m_shape;
};

}  // namespace

LayerTile merge_layers(const catalogue::Layer& layer, int zoom, const std::vector<std::string>& plain,
                       std::int64_t dropped) {
  LayerMaker maker(layer, zoom);
  Collector collector(layer, maker.keys());
  google::protobuf::Arena arena;
  for (const std::string& bytes : plain) {
    auto* tile = google::protobuf::Arena::CreateMessage<wire::Tile>(&arena);
    if (!tile->ParseFromString(bytes)) fail();
    for (const auto& part : tile->layers()) collector.add(part);
  }
  return maker.make(collector.items(), dropped);
}

}  // namespace ritchi::tiling
