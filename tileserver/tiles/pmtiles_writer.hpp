// Writes a PMTiles v3 archive from staged tiles.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>

#include "tileserver/tiles/pmtiles_format.hpp"
#include "tileserver/tiles/staged_tiles.hpp"

namespace ritchi::tiles {

struct PmtilesLimits {
  std::size_t root_bytes = pmtiles_first_bytes - 1 - pmtiles_header_bytes;
  std::size_t leaf_entries = 4096;
};

// Clustered, each content once, runs as one entry. `check` is called between parts of the work and may throw.
// There must be a tile. Throws Error(io).
void write_pmtiles(const StagedTiles& tiles, const TileSetInfo& info, const std::filesystem::path& file,
                   const std::function<void()>& check, const PmtilesLimits& limits = {});

}  // namespace ritchi::tiles
