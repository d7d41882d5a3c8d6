// rooms: geodata_tiling
// Any bytes as a file of tiles: an Error, or every tile and every vertex can be asked for; what passes the
// check reads back.
#include <cstdint>
#include <cstring>
#include <string>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/store/tile_file.hpp"
#include "geodata/tiling/deflate_part.hpp"
#include "geodata/tiling/tile_check.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace ritchi;

const std::string declaration(64, 'd');

// The checksum is made to fit, so that what lies behind it is reached.
std::string with_checksum(std::string bytes) {
  store::TileFileHead head;
  if (bytes.size() < sizeof head) return bytes;
  std::memcpy(&head, bytes.data(), sizeof head);
  if (head.entries_offset > bytes.size()) return bytes;
  const std::string digits = base::sha256_hex(std::string_view(bytes).substr(head.entries_offset));
  std::memcpy(bytes.data() + offsetof(store::TileFileHead, checksum), digits.data(), digits.size());
  return bytes;
}

void read_all(const store::TileFile& file) {
  for (const auto& entry : file.tiles()) {
    try {
      const store::TileEntry* found = file.find(entry.number);
      if (found == nullptr) continue;
      fuzz::require(found->size <= file.parts_end(), "a tile that is found lies in its file");
      std::string part(found->size, '\0');
      file.read(*found, part.data());
      tiling::inflate_part({part, found->plain_size, found->crc32});
    } catch (const base::Error&) {
      continue;
    }
  }
  for (const auto& entry : file.vertices()) {
    try {
      unsigned sum = 0;
      for (const std::uint8_t zoom : file.vertex_zooms(entry.id)) sum += zoom;
      fuzz::require(sum <= 255 * file.vertex_zooms(entry.id).size(), "every byte can be read");
    } catch (const base::Error&) {
      continue;
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const bool fitting = input.choice(2) == 0;
  const std::string bytes(input.rest());
  const fuzz::NamedBytes named(fitting ? with_checksum(bytes) : bytes);
  try {
    const auto file = store::TileFile::open_any(named.name(), declaration);
    read_all(*file);
    catalogue::Layer layer;
    if (!tiling::check_tiles(*file, layer).empty()) return 0;
    for (const auto& entry : file->tiles()) {
      std::string part(entry.size, '\0');
      file->read(entry, part.data());
      if (entry.size > 0) tiling::inflate_part({part, entry.plain_size, entry.crc32});
    }
  } catch (const base::Error&) {
    return 0;
  }
  return 0;
}
