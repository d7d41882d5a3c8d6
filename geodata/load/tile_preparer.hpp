// Prepares the tiles of a dataset: every zoom, every tile, once, when it is published.
//
// Each row is projected once and cut into the tiles of all zooms; the pieces wait, sorted by tile, in bounded
// memory and a nameless file; then tile by tile is generalised, encoded, compressed and written.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "geodata/catalogue/layer.hpp"

namespace ritchi::load {

struct Preparation {
  std::uint64_t tiles = 0;
  std::uint64_t bytes = 0;  // of the file
};

// Reads the finished dataset file and writes `target`, which must not exist. Only rows that everybody may see
// go in. tick is called now and then; what it throws ends the work. Throws Error(io) for a full disk.
Preparation prepare_tiles(const std::filesystem::path& dataset, const catalogue::Layer& layer,
                          const std::string& revision, const std::filesystem::path& target,
                          const std::function<void()>& tick = {});

}  // namespace ritchi::load
