#include "geodata/load/tile_packer.hpp"

namespace ritchi::load {

PackedTile TilePacker::pack(std::uint64_t number, std::uint64_t rows, const tiling::LayerTile& tile) {
  PackedTile out;
  out.entry.number = number;
  out.entry.rows = rows;
  out.entry.features = static_cast<std::uint32_t>(tile.features);
  out.entry.dropped = static_cast<std::uint64_t>(tile.dropped);
  if (tile.bytes.empty()) return out;
  m_digest.add(tile.bytes);
  const auto words = m_digest.words();
  out.entry.content = {words[0], words[1]};
  const tiling::DeflatePart part = m_compressor.compress(tile.bytes);
  out.entry.plain_size = part.plain_size;
  out.entry.crc32 = part.crc32;
  out.part = part.bytes;
  return out;
}

}  // namespace ritchi::load
