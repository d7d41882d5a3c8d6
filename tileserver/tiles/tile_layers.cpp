#include "tileserver/tiles/tile_layers.hpp"

#include <cstdint>

#include "geodata/base/error.hpp"

namespace ritchi::tiles {
namespace {

// Field numbers of vector_tile.proto.
constexpr std::uint64_t layer_field = 3;
constexpr std::uint64_t name_field = 1;

base::Error damaged() {
  return {base::ErrorKind::damaged, "the bytes are no vector tile"};
}

std::uint64_t take_varint(std::string_view& bytes) {
  std::uint64_t out = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    out |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    if (byte < 0x80) return out;
  }
  throw damaged();
}

std::string_view take_bytes(std::string_view& bytes, std::uint64_t size) {
  if (size > bytes.size()) throw damaged();
  const std::string_view out = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return out;
}

struct Field {
  std::uint64_t number = 0;
  bool has_length = false;
  std::string_view content;
};

// Protobuf's wire format: what has no length of its own is passed over.
Field take_field(std::string_view& bytes) {
  const std::uint64_t key = take_varint(bytes);
  Field out{key >> 3U, false, {}};
  switch (key & 7U) {
    case 0:
      take_varint(bytes);
      return out;
    case 1:
      take_bytes(bytes, 8);
      return out;
    case 2: {
      const std::uint64_t size = take_varint(bytes);
      out.content = take_bytes(bytes, size);
      out.has_length = true;
      return out;
    }
    case 5:
      take_bytes(bytes, 4);
      return out;
    default:
      throw damaged();
  }
}

std::string_view name_in(std::string_view layer) {
  std::string_view out;
  while (!layer.empty())
    if (const Field field = take_field(layer); field.number == name_field && field.has_length)
      out = field.content;
  return out;
}

}  // namespace

std::vector<TileLayerBytes> layers_in_tile(std::string_view tile) {
  std::vector<TileLayerBytes> out;
  while (!tile.empty()) {
    const std::string_view before = tile;
    const Field field = take_field(tile);
    if (field.number != layer_field) continue;
    if (!field.has_length) throw damaged();
    out.push_back({name_in(field.content), before.substr(0, before.size() - tile.size())});
  }
  return out;
}

}  // namespace ritchi::tiles
