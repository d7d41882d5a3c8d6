#include "geodata/load/tile_rebuild.hpp"

#include "geodata/load/shared_tiles.hpp"
#include "geodata/load/staging.hpp"
#include "geodata/load/stale_tiles.hpp"
#include "geodata/load/tile_preparer.hpp"
#include "geodata/store/dataset.hpp"
#include "geodata/store/tile_file.hpp"

namespace ritchi::load {
namespace {

namespace fs = std::filesystem;

std::shared_ptr<const store::Dataset> open(const fs::path& file, const catalogue::Catalogue& catalogue) {
  return store::Dataset::open(file, [&](std::string_view id) { return catalogue.find_layer(id); });
}

}  // namespace

bool rebuild_tiles(const fs::path& dataset, const catalogue::Catalogue& catalogue,
                   const std::function<void()>& tick) {
  const fs::path folder = dataset.parent_path();
  const auto before = open(dataset, catalogue);
  const std::string& revision = before->info().whole.revision;
  Staging staging(folder.parent_path(), folder.filename().string());
  prepare_tiles(dataset, before->layer(), revision, staging.tiles(), tick);
  const auto alone = staging.lock_publishing();
  if (open(dataset, catalogue)->info().whole.revision != revision) return false;
  staging.publish_tiles_as(store::tile_file(dataset, revision));
  remove_stale_tiles(folder);
  return true;
}

void rebuild_shared_tiles(const fs::path& layer_folder, const catalogue::Catalogue& catalogue) {
  Staging staging(layer_folder.parent_path(), layer_folder.filename().string());
  const auto alone = staging.lock_publishing();
  const Together together = Together::published(layer_folder, "");
  if (together.parts.empty()) return;
  const auto first = open(layer_folder / (together.tile_files.front().first + ".sqlite"), catalogue);
  publish_shared_tiles(together, first->layer(), Taking::nothing, staging);
  remove_stale_tiles(layer_folder);
}

}  // namespace ritchi::load
