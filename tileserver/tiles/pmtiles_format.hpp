// The bytes of a PMTiles v3 archive's header and directories, written and read.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ritchi::tiles {

inline constexpr std::size_t pmtiles_header_bytes = 127;
inline constexpr std::size_t pmtiles_first_bytes = 16384;  // the header and the root directory lie within
inline constexpr std::size_t pmtiles_max_directory_entries = std::size_t{1} << 20;  // of one that is read

enum class PmtilesCompression : std::uint8_t { unknown, none, gzip, brotli, zstd };
enum class PmtilesType : std::uint8_t { unknown, mvt };

struct PmtilesSection {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

struct PmtilesHeader {
  PmtilesSection root;
  PmtilesSection metadata;
  PmtilesSection leaves;
  PmtilesSection data;
  std::uint64_t addressed_tiles = 0;
  std::uint64_t entries = 0;
  std::uint64_t contents = 0;
  bool clustered = false;
  PmtilesCompression internal_compression = PmtilesCompression::unknown;
  PmtilesCompression tile_compression = PmtilesCompression::unknown;
  PmtilesType tile_type = PmtilesType::unknown;
  std::uint8_t min_zoom = 0;
  std::uint8_t max_zoom = 0;
  std::int32_t bounds_e7[4] = {0, 0, 0, 0};  // west, south, east, north
  std::uint8_t center_zoom = 0;
  std::int32_t center_e7[2] = {0, 0};  // longitude, latitude
};

// A run of tiles of one content, or (run == 0) a leaf directory that begins with this tile.
struct PmtilesEntry {
  std::uint64_t tile = 0;
  std::uint64_t offset = 0;
  std::uint32_t length = 0;
  std::uint32_t run = 0;
};

std::string encode_header(const PmtilesHeader& header);
// Throws Error(damaged) for what is no such header, Error(unsupported) for another version.
PmtilesHeader decode_header(std::string_view bytes);

// Not yet compressed.
std::string encode_directory(std::span<const PmtilesEntry> entries);
// Throws Error(damaged) unless every number, order and length is as the specification has it.
std::vector<PmtilesEntry> decode_directory(std::string_view bytes);

}  // namespace ritchi::tiles
