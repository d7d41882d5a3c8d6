#include "geodata/load/shared_tiles.hpp"

#include <algorithm>
#include <limits>
#include <thread>
#include <utility>

#include "geodata/base/error.hpp"
#include "geodata/base/key128.hpp"
#include "geodata/catalogue/layer_part.hpp"
#include "geodata/geom/tile_id.hpp"
#include "geodata/load/ordered_work.hpp"
#include "geodata/load/tile_file_writer.hpp"
#include "geodata/load/tile_packer.hpp"
#include "geodata/store/data_folder.hpp"
#include "geodata/tiling/layer_merger.hpp"

namespace ritchi::load {
namespace {

namespace fs = std::filesystem;
using base::Error;
using store::TileEntry;
using store::TileFile;

struct Share {
  const TileFile* file = nullptr;
  const TileEntry* entry = nullptr;
};
using Shares = std::vector<Share>;

std::string read_part(const Share& share) {
  std::string out(share.entry->size, '\0');
  share.file->read(*share.entry, out.data());
  return out;
}

// Of what decides the merged tile.
std::uint64_t digest_of(const Shares& shares) {
  base::Key128 key;
  for (const Share& share : shares) {
    key = base::keyed(base::keyed(key, share.entry->content[0]), share.entry->content[1]);
    key = base::keyed(key, share.entry->dropped);
  }
  return key.low;
}

PackedTile taken_over(const Share& share) {
  return {*share.entry, read_part(share)};
}

class Merger {
 public:
  Merger(const catalogue::Layer& layer, const TileFile* before) : m_layer(layer), m_before(before) {}

  PackedTile merge(const Shares& shares) {
    const std::uint64_t number = shares.front().entry->number;
    const std::uint64_t digest = digest_of(shares);
    if (m_before != nullptr)
      if (const TileEntry* known = m_before->find(number); known != nullptr && known->rows == digest)
        return taken_over({m_before, known});
    std::vector<std::string> plain;
    std::int64_t dropped = 0;
    for (const Share& share : shares) {
      dropped += static_cast<std::int64_t>(share.entry->dropped);
      if (share.entry->size > 0)
        plain.push_back(
            tiling::inflate_part({read_part(share), share.entry->plain_size, share.entry->crc32}));
    }
    const auto tile = tiling::merge_layers(m_layer, geom::tile_of_number(number)->z, plain, dropped);
    return m_packer.pack(number, digest, tile);
  }

 private:
  const catalogue::Layer& m_layer;
  const TileFile* m_before;
  TilePacker m_packer;
};

// Walks several directories side by side, by tile number.
class SideBySide {
 public:
  explicit SideBySide(const std::vector<std::shared_ptr<const TileFile>>& files) {
    for (const auto& file : files) m_cursors.push_back({file.get(), 0});
  }
  // The shares of the next tile that has any; empty at the end.
  Shares next() {
    std::uint64_t lowest = std::numeric_limits<std::uint64_t>::max();
    for (const Cursor& cursor : m_cursors)
      if (cursor.at < cursor.file->tiles().size()) lowest = std::min(lowest, cursor.entry().number);
    Shares out;
    for (Cursor& cursor : m_cursors) {
      if (cursor.at >= cursor.file->tiles().size() || cursor.entry().number != lowest) continue;
      out.push_back({cursor.file, &cursor.entry()});
      ++cursor.at;
    }
    return out;
  }

 private:
  struct Cursor {
    const TileFile* file = nullptr;
    std::size_t at = 0;
    const TileEntry& entry() const { return file->tiles()[at]; }
  };
  std::vector<Cursor> m_cursors;
};

std::shared_ptr<const TileFile> find_before(const fs::path& folder, const catalogue::Layer& layer) {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(std::string(store::shared_partition) + ".") || !name.ends_with(".tiles")) continue;
    try {
      return TileFile::open_any(entry.path(), store::declaration_digest(layer));
    } catch (const Error&) {
      continue;  // of another version: all is merged anew
    }
  }
  return nullptr;
}

}  // namespace

void merge_tile_files(const std::vector<std::shared_ptr<const TileFile>>& files,
                      const catalogue::Layer& layer, const std::string& revision, const TileFile* before,
                      const fs::path& target) {
  const unsigned threads = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::unique_ptr<Merger>> mergers;
  const catalogue::Layer shown = catalogue::public_part(layer);
  for (unsigned i = 0; i < threads; ++i) mergers.push_back(std::make_unique<Merger>(shown, before));
  TileFileWriter writer(target);
  {
    OrderedWork<Shares, PackedTile> work(
        threads, [&](Shares& shares, unsigned worker) { return mergers[worker]->merge(shares); },
        [&](PackedTile& tile) {
          writer.add(tile.entry, {tile.part, tile.entry.plain_size, tile.entry.crc32});
        });
    SideBySide directories(files);
    for (Shares shares = directories.next(); !shares.empty(); shares = directories.next())
      if (shares.size() > 1) work.put(std::move(shares));
    work.finish();
  }
  writer.finish(revision, store::declaration_digest(layer));
}

Together Together::published(const fs::path& layer_folder, const std::string& but_for) {
  Together out;
  const std::string layer = layer_folder.filename().string();
  for (const auto& dataset : store::find_published(layer_folder.parent_path(), layer)) {
    if (dataset.partition == but_for) continue;
    const fs::path file = layer_folder / (dataset.partition + ".sqlite");
    out.add(dataset, store::tile_file(file, dataset.whole.revision));
  }
  return out;
}

void Together::add(const store::DatasetInfo& dataset, const fs::path& tiles) {
  if (dataset.open.rows == 0) return;
  parts.push_back({dataset.partition, dataset.whole.revision});
  tile_files.emplace_back(dataset.partition, tiles);
  std::sort(tile_files.begin(), tile_files.end());  // as a server reads the datasets: by partition
}

void publish_shared_tiles(const Together& together, const catalogue::Layer& layer, Taking taking,
                          Staging& staging) {
  if (together.parts.size() < 2) return;
  const std::string declaration = store::declaration_digest(layer);
  std::vector<std::shared_ptr<const TileFile>> files;
  try {
    for (const auto& [partition, file] : together.tile_files)
      files.push_back(TileFile::open_any(file, declaration));
  } catch (const Error&) {
    return;
  }
  const auto before = taking == Taking::over ? find_before(staging.folder(), layer) : nullptr;
  const std::string revision = store::shared_revision(together.parts);
  merge_tile_files(files, layer, revision, before.get(), staging.shared_tiles());
  staging.publish_shared_tiles_as(store::shared_tile_file(staging.folder(), revision));
}

}  // namespace ritchi::load
