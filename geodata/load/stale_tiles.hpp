// Tiles of revisions that are not published, or not any more.
#pragma once
#include <filesystem>

namespace ritchi::load {

// Removes them from a layer's folder; tiles beside a dataset that cannot be read stay. To be called while the
// publishing is locked (see Staging::lock_publishing). A server that still reads removed tiles goes on.
void remove_stale_tiles(const std::filesystem::path& layer_folder);

}  // namespace ritchi::load
