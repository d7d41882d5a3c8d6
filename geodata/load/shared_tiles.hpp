// Tiles in which several datasets of a layer have shares, merged when one of them is published.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "geodata/load/staging.hpp"
#include "geodata/store/dataset_info.hpp"
#include "geodata/store/tile_file.hpp"

namespace ritchi::load {

// Writes the merged tiles of these files to `target`, which must not exist. Those that `before` (or nullptr)
// has merged from the same shares are taken over. Throws Error(io | damaged).
void merge_tile_files(const std::vector<std::shared_ptr<const store::TileFile>>& files,
                      const catalogue::Layer& layer, const std::string& revision,
                      const store::TileFile* before, const std::filesystem::path& target);

// Publishes what the layer's datasets will have together once `next`, whose tiles lie in `staging`, is among
// them. Nothing where it is alone, or tiles of another do not fit; then tiles are merged when asked for.
// Returns the file that belongs to these datasets, whether it is there or not.
std::filesystem::path prepare_shared_tiles(const std::filesystem::path& data_folder,
                                           const catalogue::Layer& layer, const store::DatasetInfo& next,
                                           Staging& staging);

}  // namespace ritchi::load
