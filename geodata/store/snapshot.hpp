// All published datasets at one moment, grouped by layer: what a server answers from until the next publish.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/catalogue/catalogue.hpp"
#include "geodata/store/dataset.hpp"

namespace ritchi::store {

// One layer as the public sees it; everything here is derived from public rows alone.
struct LayerView {
  catalogue::Layer layer;
  std::vector<std::shared_ptr<const Dataset>> datasets;  // by partition

  // Tiles in which several of the datasets have shares, merged already; nullptr where there are none that
  // fit.
  std::shared_ptr<const TileFile> shared_tiles;

  geom::Box extent;
  std::int64_t rows = 0;
  bool synthetic = false;  // is any of the rows
  std::string as_of;       // the oldest of the datasets; empty where one does not say
  std::string revision;    // changes with any row or provenance
};

// A file that could not be opened; the others are served all the same.
struct DamagedFile {
  std::filesystem::path file;
  std::string reason;
};

class Snapshot {
 public:
  // Datasets whose file is unchanged are taken over from `previous`. Throws Error where the folder is
  // unreadable.
  static std::shared_ptr<const Snapshot> load(const std::filesystem::path& data_folder,
                                              const catalogue::Catalogue& catalogue,
                                              const Snapshot* previous);

  // The layers that the public may see something of, by id.
  const std::vector<LayerView>& layers() const { return m_layers; }
  const LayerView* find(std::string_view id) const;
  const std::vector<DamagedFile>& damaged() const { return m_damaged; }
  // Every open dataset, also those without public rows: for the operator's commands.
  const std::vector<std::shared_ptr<const Dataset>>& all() const { return m_all; }

 private:
  std::vector<LayerView> m_layers;
  std::vector<std::shared_ptr<const Dataset>> m_all;
  std::vector<DamagedFile> m_damaged;
};

}  // namespace ritchi::store
