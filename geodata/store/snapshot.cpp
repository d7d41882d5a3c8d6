#include "geodata/store/snapshot.hpp"

#include <algorithm>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/base/log.hpp"
#include "geodata/store/data_folder.hpp"

namespace ritchi::store {
namespace {

std::shared_ptr<const Dataset> taken_over(const Snapshot* previous, const std::filesystem::path& file) {
  if (previous == nullptr) return nullptr;
  for (const auto& dataset : previous->all())
    if (dataset->file() == file && dataset->is_current()) return dataset;
  return nullptr;
}

// A layer that is not declared (made by `auto`) has its attributes in every file; those of the first stand
// for all.
LayerView& view_of(std::vector<LayerView>& layers, const Dataset& dataset) {
  const auto found = std::find_if(layers.begin(), layers.end(),
                                  [&](const LayerView& view) { return view.layer.id == dataset.layer().id; });
  if (found != layers.end()) return *found;
  LayerView& view = layers.emplace_back();
  view.layer = dataset.layer();
  return view;
}

// Merged tiles that are missing or do not fit are made when they are asked for.
void open_shared_tiles(LayerView& view, const LayerView* previous) {
  if (view.datasets.size() < 2) return;
  std::vector<PublishedPart> parts;
  for (const auto& dataset : view.datasets)
    parts.push_back({dataset->info().partition, dataset->info().whole.revision});
  const std::string revision = shared_revision(parts);
  const auto file = shared_tile_file(view.datasets.front()->file().parent_path(), revision);
  if (previous != nullptr && previous->shared_tiles && previous->shared_tiles->file() == file &&
      base::is_same_file(previous->shared_tiles->descriptor(), file)) {
    view.shared_tiles = previous->shared_tiles;
    return;
  }
  try {
    view.shared_tiles = TileFile::open(file, revision, declaration_digest(view.layer));
  } catch (const base::Error& error) {
    base::log_warning("tiles of {} are merged on demand: {}", view.layer.id, error.line());
  }
}

void summarise(LayerView& view) {
  base::Sha256 digest;
  view.as_of = view.datasets.front()->info().as_of;
  for (const auto& dataset : view.datasets) {
    const DatasetInfo& info = dataset->info();
    view.extent.add(info.open.extent);
    view.rows += info.open.rows;
    view.synthetic = view.synthetic || info.open.synthetic_rows > 0;
    view.as_of = std::min(view.as_of, info.as_of);
    digest.add_field(info.partition);
    digest.add_field(info.open.revision);
  }
  view.revision = digest.hex().substr(0, 16);
}

}  // namespace

std::shared_ptr<const Snapshot> Snapshot::load(const std::filesystem::path& data_folder,
                                               const catalogue::Catalogue& catalogue,
                                               const Snapshot* previous) {
  auto out = std::make_shared<Snapshot>();
  for (const auto& file : dataset_files(data_folder)) {
    try {
      auto dataset = taken_over(previous, file);
      if (!dataset)
        dataset = Dataset::open(file, [&](std::string_view id) { return catalogue.find_layer(id); });
      out->m_all.push_back(dataset);
      if (dataset->info().open.rows > 0) view_of(out->m_layers, *dataset).datasets.push_back(dataset);
    } catch (const base::Error& error) {
      if (error.kind() == base::ErrorKind::not_found) continue;  // removed while the folder was read
      out->m_damaged.push_back({file, error.what()});
    }
  }
  std::sort(out->m_layers.begin(), out->m_layers.end(),
            [](const LayerView& a, const LayerView& b) { return a.layer.id < b.layer.id; });
  for (LayerView& view : out->m_layers) {
    summarise(view);
    open_shared_tiles(view, previous == nullptr ? nullptr : previous->find(view.layer.id));
  }
  return out;
}

const LayerView* Snapshot::find(std::string_view id) const {
  const auto found = std::find_if(m_layers.begin(), m_layers.end(),
                                  [&](const LayerView& view) { return view.layer.id == id; });
  return found == m_layers.end() ? nullptr : &*found;
}

}  // namespace ritchi::store
