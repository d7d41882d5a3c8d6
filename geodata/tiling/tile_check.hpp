// Verifies a file of prepared tiles to the last byte.
#pragma once
#include <string>
#include <vector>

#include "geodata/store/tile_file.hpp"

namespace ritchi::tiling {

// What is damaged, one sentence each; empty when it is whole: the checksum of its directories, their order,
// and every tile against its size, CRC-32 and SHA-256.
std::vector<std::string> check_tiles(const store::TileFile& file, const catalogue::Layer& layer);

}  // namespace ritchi::tiling
