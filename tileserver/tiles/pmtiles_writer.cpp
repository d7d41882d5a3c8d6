#include "tileserver/tiles/pmtiles_writer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "geodata/base/gzip.hpp"

namespace ritchi::tiles {
namespace {

using nlohmann::json;

constexpr std::uint64_t copied_at_a_time = std::uint64_t{64} << 20;

std::string packed_directory(std::span<const PmtilesEntry> entries) {
  return base::gzip(encode_directory(entries), base::gzip_small);
}

struct Directories {
  std::string root;
  std::string leaves;
};

// Leaves of equal size, and leaves over leaves as long as the root is too large.
Directories pack(std::vector<PmtilesEntry> entries, const PmtilesLimits& limits) {
  Directories out;
  for (;;) {
    out.root = packed_directory(entries);
    if (out.root.size() <= limits.root_bytes) return out;
    std::vector<PmtilesEntry> above;
    for (std::size_t first = 0; first < entries.size(); first += limits.leaf_entries) {
      const auto leaf =
          std::span(entries).subspan(first, std::min(limits.leaf_entries, entries.size() - first));
      const std::string bytes = packed_directory(leaf);
      above.push_back({leaf.front().tile, out.leaves.size(), static_cast<std::uint32_t>(bytes.size()), 0});
      out.leaves += bytes;
    }
    entries = std::move(above);
  }
}

std::int32_t e7(double degrees) {
  return static_cast<std::int32_t>(std::llround(degrees * 1e7));
}

std::string metadata(const TileSetInfo& info) {
  const json out{
      {"name", info.name},        {"description", info.description}, {"attribution", info.attribution},
      {"type", "overlay"},        {"version", info.version},         {"vector_layers", info.vector_layers},
      {"datasets", info.datasets}};
  return base::gzip(out.dump(-1, ' ', false, json::error_handler_t::replace), base::gzip_small);
}

PmtilesHeader described(const TileSetInfo& info) {
  PmtilesHeader out;
  out.clustered = true;
  out.internal_compression = PmtilesCompression::gzip;
  out.tile_compression = PmtilesCompression::gzip;
  out.tile_type = PmtilesType::mvt;
  out.min_zoom = static_cast<std::uint8_t>(info.zooms.min);
  out.max_zoom = static_cast<std::uint8_t>(info.zooms.max);
  for (std::size_t side = 0; side < 4; ++side) out.bounds_e7[side] = e7(info.bounds[side]);
  const auto center = info.center();
  out.center_zoom = static_cast<std::uint8_t>(info.center_zoom());
  for (std::size_t side = 0; side < 2; ++side) out.center_e7[side] = e7(center[side]);
  return out;
}

std::vector<PmtilesEntry> entries_of(const StagedTiles& tiles) {
  std::vector<PmtilesEntry> out;
  tiles.for_each([&](const StagedTile& tile) {
    if (!out.empty()) {
      PmtilesEntry& last = out.back();
      if (last.offset == tile.offset && last.tile + last.run == tile.number &&
          last.run < std::numeric_limits<std::uint32_t>::max()) {
        ++last.run;
        return;
      }
    }
    out.push_back({tile.number, tile.offset, tile.length, 1});
  });
  return out;
}

}  // namespace

void write_pmtiles(const StagedTiles& tiles, const TileSetInfo& info, const std::filesystem::path& file,
                   const std::function<void()>& check, const PmtilesLimits& limits) {
  PmtilesHeader header = described(info);
  std::vector<PmtilesEntry> entries = entries_of(tiles);
  header.addressed_tiles = tiles.tiles();
  header.entries = entries.size();
  header.contents = tiles.contents();
  check();
  const Directories directories = pack(std::move(entries), limits);
  const std::string about = metadata(info);
  header.root = {pmtiles_header_bytes, directories.root.size()};
  header.metadata = {header.root.offset + header.root.length, about.size()};
  header.leaves = {header.metadata.offset + header.metadata.length, directories.leaves.size()};
  header.data = {header.leaves.offset + header.leaves.length, tiles.data_bytes()};

  const auto out = base::open_for_writing(file);
  base::write_at(out.get(), 0, encode_header(header) + directories.root + about, file);
  base::write_at(out.get(), header.leaves.offset, directories.leaves, file);
  for (std::uint64_t done = 0; done < header.data.length; done += copied_at_a_time) {
    check();
    base::copy_range(tiles.data(), done, out.get(), header.data.offset + done,
                     std::min(copied_at_a_time, header.data.length - done), file);
  }
}

}  // namespace ritchi::tiles
