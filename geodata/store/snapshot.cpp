#include "geodata/store/snapshot.hpp"

#include <algorithm>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/base/log.hpp"
#include "geodata/store/data_folder.hpp"
#include "geodata/store/dataset_meta.hpp"

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
  view.declaration = base::sha256_hex(layer_text(view.layer)).substr(0, 16);
}

// Merged tiles are of all the rows that are public by the files. They serve wherever none of those is
// missing; where others have come, the tiles are made from rows.
bool has_all_of(const LayerView& view, const LayerView& other) {
  return std::all_of(other.datasets.begin(), other.datasets.end(), [&](const auto& needed) {
    return std::any_of(view.datasets.begin(), view.datasets.end(),
                       [&](const auto& dataset) { return dataset->file() == needed->file(); });
  });
}

bool allows(const Audience& audience, const std::string& layer) {
  return !audience.layers || std::binary_search(audience.layers->begin(), audience.layers->end(), layer);
}

}  // namespace

std::shared_ptr<const Snapshot> Snapshot::load(const std::filesystem::path& data_folder,
                                               const catalogue::Catalogue& catalogue,
                                               const Snapshot* previous) {
  auto out = std::make_shared<Snapshot>();
  std::vector<std::shared_ptr<const Dataset>> seen;
  for (const auto& file : dataset_files(data_folder)) {
    try {
      auto dataset = taken_over(previous, file);
      if (!dataset)
        dataset = Dataset::open(file, [&](std::string_view id) { return catalogue.find_layer(id); });
      out->m_all.push_back(dataset);
      seen.push_back(dataset->seen_by({}, nullptr, {}));
    } catch (const base::Error& error) {
      if (error.kind() == base::ErrorKind::not_found) continue;  // removed while the folder was read
      out->m_damaged.push_back({file, error.what()});
    }
  }
  out->group(seen);
  for (LayerView& view : out->m_layers)
    open_shared_tiles(view, previous == nullptr ? nullptr : previous->find(view.layer.id));
  return out;
}

void Snapshot::group(const std::vector<std::shared_ptr<const Dataset>>& seen) {
  for (const auto& dataset : seen)
    if (dataset->info().open.rows > 0) view_of(m_layers, *dataset).datasets.push_back(dataset);
  std::sort(m_layers.begin(), m_layers.end(),
            [](const LayerView& a, const LayerView& b) { return a.layer.id < b.layer.id; });
  for (LayerView& view : m_layers) summarise(view);
}

std::shared_ptr<const Snapshot> Snapshot::seen_by(const Audience& audience, const RestatedPtr& restated,
                                                  std::string_view today) const {
  std::vector<std::shared_ptr<const Dataset>> seen;
  for (const auto& dataset : m_all)
    if (allows(audience, dataset->info().layer))
      seen.push_back(dataset->seen_by(audience, restated.get(), today));
  auto out = std::make_shared<Snapshot>();
  out->m_allowed = audience.layers;
  out->group(seen);
  const auto same = [](const LayerView& a, const LayerView& b) { return a.datasets == b.datasets; };
  if (!audience.layers &&
      std::equal(m_layers.begin(), m_layers.end(), out->m_layers.begin(), out->m_layers.end(), same))
    return shared_from_this();
  for (LayerView& view : out->m_layers)
    if (const LayerView* loaded = find(view.layer.id); loaded != nullptr && has_all_of(view, *loaded))
      view.shared_tiles = loaded->shared_tiles;
  return out;
}

bool Snapshot::bars(std::string_view layer) const {
  return m_allowed && !std::binary_search(m_allowed->begin(), m_allowed->end(), layer);
}

const LayerView* Snapshot::find(std::string_view id) const {
  const auto found = std::find_if(m_layers.begin(), m_layers.end(),
                                  [&](const LayerView& view) { return view.layer.id == id; });
  return found == m_layers.end() ? nullptr : &*found;
}

}  // namespace ritchi::store
