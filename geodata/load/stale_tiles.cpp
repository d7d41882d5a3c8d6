#include "geodata/load/stale_tiles.hpp"

#include <system_error>
#include <vector>

#include "geodata/base/descriptor.hpp"
#include "geodata/base/error.hpp"
#include "geodata/load/shared_tiles.hpp"
#include "geodata/store/dataset_meta.hpp"
#include "geodata/store/tile_file.hpp"

namespace ritchi::load {
namespace {

namespace fs = std::filesystem;

std::string partition_of(const fs::path& tiles) {
  const std::string name = tiles.filename().string();
  return name.substr(0, name.find('.'));  // no partition's name has a dot
}

bool is_stale(const fs::path& tiles) {
  const fs::path dataset = tiles.parent_path() / (partition_of(tiles) + ".sqlite");
  try {
    const base::UniqueDescriptor descriptor = base::open_for_reading(dataset);
    const auto connection = store::Connection::open_immutable(descriptor.get(), dataset.string());
    const auto meta = store::read_meta(connection, dataset.string());
    return store::tile_file(dataset, meta.info.whole.revision) != tiles;
  } catch (const base::Error& error) {
    return error.kind() == base::ErrorKind::not_found;
  }
}

fs::path present_shared_tiles(const fs::path& layer_folder) {
  const Together together = Together::published(layer_folder, "");
  return store::shared_tile_file(layer_folder, store::shared_revision(together.parts));
}

}  // namespace

void remove_stale_tiles(const fs::path& layer_folder) {
  std::error_code failed;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(layer_folder, failed))
    if (entry.path().extension() == ".tiles") found.push_back(entry.path());
  for (const fs::path& tiles : found) {
    const bool shared = partition_of(tiles) == store::shared_partition;
    if (shared ? tiles != present_shared_tiles(layer_folder) : is_stale(tiles)) fs::remove(tiles, failed);
  }
}

}  // namespace ritchi::load
