// All published datasets at one moment, grouped by layer: what a server answers from until the next publish.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/catalogue/catalogue.hpp"
#include "geodata/store/dataset.hpp"

namespace ritchi::store {

// One layer as somebody sees it; everything here is derived from the rows and attributes that he sees.
struct LayerView {
  catalogue::Layer layer;
  std::vector<std::shared_ptr<const Dataset>> datasets;  // by partition

  // Tiles in which several of the datasets have shares, merged already; nullptr where there are none that
  // fit.
  std::shared_ptr<const TileFile> shared_tiles;

  geom::Box extent;
  std::int64_t rows = 0;
  bool synthetic = false;   // is any of the rows
  std::string as_of;        // the oldest of the datasets; empty where one does not say
  std::string revision;     // changes with any row or provenance
  std::string declaration;  // a digest of all that is declared of the layer
};

// A file that could not be opened; the others are served all the same.
struct DamagedFile {
  std::filesystem::path file;
  std::string reason;
};

class Snapshot : public std::enable_shared_from_this<Snapshot> {
 public:
  // Datasets whose file is unchanged are taken over from `previous`. Throws Error where the folder is
  // unreadable.
  static std::shared_ptr<const Snapshot> load(const std::filesystem::path& data_folder,
                                              const catalogue::Catalogue& catalogue,
                                              const Snapshot* previous);

  // The same as this audience sees it: a layer of which it sees nothing, or that it may not see, does not
  // exist there. restated may be null; today: YYYY-MM-DD, the consents of days before are over. Two folders
  // that differ only in what the audience does not see give equal answers in everything. Where it sees what
  // is here, this very snapshot. Reads rows, so not for an I/O thread. Only of what load() gave.
  std::shared_ptr<const Snapshot> seen_by(const Audience& audience, const RestatedPtr& restated,
                                          std::string_view today) const;

  // The layers of which something is seen, by id. As load() gives them, by the public and by what the files
  // themselves say: who answers somebody takes those of seen_by().
  const std::vector<LayerView>& layers() const { return m_layers; }
  const LayerView* find(std::string_view id) const;
  // Is the audience kept from this layer, whether or not there is one?
  bool bars(std::string_view layer) const;
  const std::vector<DamagedFile>& damaged() const { return m_damaged; }
  // Every open dataset with all that is in it, also those without public rows: for the operator's commands.
  // Empty in what seen_by() gives of other audiences.
  const std::vector<std::shared_ptr<const Dataset>>& all() const { return m_all; }

 private:
  void group(const std::vector<std::shared_ptr<const Dataset>>& seen);

  std::vector<LayerView> m_layers;
  std::vector<std::shared_ptr<const Dataset>> m_all;
  std::vector<DamagedFile> m_damaged;
  std::optional<std::vector<std::string>> m_allowed;  // layers, sorted; none: every one
};

}  // namespace ritchi::store
