// Tiles in which several datasets of a layer have shares, merged when one of them is published.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
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

// Datasets of one layer, those without public rows left out.
struct Together {
  std::vector<store::PublishedPart> parts;
  std::vector<std::pair<std::string, std::filesystem::path>> tile_files;  // by partition

  // What is published now, but for one partition (empty: all).
  static Together published(const std::filesystem::path& layer_folder, const std::string& but_for);
  void add(const store::DatasetInfo& dataset, const std::filesystem::path& tiles);
};

// over: tiles that were merged before from the same shares are taken over as they are.
enum class Taking { over, nothing };

// Publishes what these datasets have together. Nothing where there is but one, or the tiles of one do not fit
// the declaration; then tiles are merged when asked for. To be called while publishing is locked.
void publish_shared_tiles(const Together& together, const catalogue::Layer& layer, Taking taking,
                          Staging& staging);

}  // namespace ritchi::load
