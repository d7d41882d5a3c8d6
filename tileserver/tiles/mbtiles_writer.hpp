// Writes an MBTiles 1.3 archive from staged tiles.
#pragma once
#include <filesystem>
#include <functional>

#include "tileserver/tiles/staged_tiles.hpp"

namespace ritchi::tiles {

// The file must not exist. `check` is called between parts of the work and may throw. Throws Error(io).
void write_mbtiles(const StagedTiles& tiles, const TileSetInfo& info, const std::filesystem::path& file,
                   const std::function<void()>& check);

}  // namespace ritchi::tiles
