// Prepares the tiles of a published dataset anew, while servers run on the folder.
#pragma once
#include <filesystem>
#include <functional>

#include "geodata/catalogue/catalogue.hpp"

namespace ritchi::load {

// dataset: DATA/<layer>/<partition>.sqlite. The layer as it is declared now, or as the file has it where it
// is not declared. The file of tiles gets its name when it is whole. False where the dataset was replaced in
// the meantime: then it has tiles of its own. Throws Error(io | damaged); the tiles stay as they were then.
bool rebuild_tiles(const std::filesystem::path& dataset, const catalogue::Catalogue& catalogue,
                   const std::function<void()>& tick = {});

// Merges anew what the datasets of a layer have together in one tile; to be called when each has its tiles.
void rebuild_shared_tiles(const std::filesystem::path& layer_folder, const catalogue::Catalogue& catalogue);

}  // namespace ritchi::load
