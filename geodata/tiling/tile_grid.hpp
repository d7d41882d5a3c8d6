// The grid of every tile that Ritchi makes.
#pragma once

namespace ritchi::tiling {

inline constexpr int tile_extent = 4096;
inline constexpr int tile_buffer = 64;

}  // namespace ritchi::tiling
