#include "tileserver/tiles/tile_plan.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <optional>

#include "geodata/base/bytes.hpp"
#include "geodata/base/digest.hpp"
#include "geodata/geom/tile_id.hpp"
#include "geodata/tiling/deflate_part.hpp"
#include "geodata/tiling/layer_merger.hpp"
#include "geodata/tiling/tile_grid.hpp"
#include "tileserver/tiles/feature_tile.hpp"

namespace ritchi::tiles {
namespace {

using base::keyed;
using tiling::DeflatePart;
using tiling::LayerTile;

// Changes where the same prepared shares would be put together in another way.
constexpr std::uint64_t assembly_version = 1;

LayerShare share_of(const ServedLayer& layer, geom::TileId tile, std::uint64_t number, TilePlan& plan) {
  const auto first = static_cast<std::uint32_t>(plan.pieces.size());
  if (layer.archived != nullptr) return {layer, first, first, false, true};
  const store::LayerView& view = *layer.published;
  LayerShare out{layer, first, first, tile.z > view.layer.maxzoom, true};
  for (const auto& dataset : view.datasets) {
    out.from_features = out.from_features || dataset->tiles() == nullptr ||
                        !dataset->tiles()->prepares(tile.z) ||
                        (dataset->differs() && dataset->differs_near(reach_of(view.layer, tile)));
    out.is_public = out.is_public && dataset->is_public();
  }
  if (view.shared_tiles && !layer.only && !out.from_features) {
    if (const store::TileEntry* entry = view.shared_tiles->find(number)) {
      plan.pieces.push_back({view.shared_tiles.get(), entry});
      ++(out.end = out.first);
      return out;
    }
  }
  for (const auto& dataset : view.datasets)
    if (const store::TileFile* file = dataset->tiles())
      if (const store::TileEntry* entry = file->find(number)) plan.pieces.push_back({file, entry});
  out.end = static_cast<std::uint32_t>(plan.pieces.size());
  return out;
}

// What decides the content: the shares themselves, or where rows have to be asked, all the rows of the layer.
base::Key128 key_of(const LayerShare& share, const TilePlan& plan, base::Key128 key) {
  const ServedLayer& layer = share.layer;
  key = keyed(key, layer.id());
  const auto at = [&plan](base::Key128 by) {
    return keyed(keyed(by, std::uint64_t{plan.tile.x} << 32U | plan.tile.y),
                 static_cast<std::uint64_t>(plan.tile.z));
  };
  if (layer.archived != nullptr)
    return at(keyed(key, reinterpret_cast<std::uintptr_t>(layer.archived->archive.get())));
  if (layer.only) key = keyed(key, layer.only->normalised());
  // What is prepared knows nothing of rows and attributes that a filter finds for some alone.
  if (share.from_features || (layer.only && !share.is_public))
    return at(keyed(keyed(key, layer.published->revision), layer.published->declaration));
  for (std::uint32_t i = share.first; i < share.end; ++i) {
    const store::TileEntry& entry = *plan.pieces[i].entry;
    // A filter may choose from all rows that matter for the tile, whether they are shown or not.
    if (layer.only) key = keyed(key, entry.rows);
    key = keyed(keyed(keyed(key, entry.content[0]), entry.content[1]), entry.dropped);
  }
  if (layer.only) return at(key);
  // Several shares are merged by the rules of the zoom.
  return share.end - share.first > 1 ? keyed(key, static_cast<std::uint64_t>(plan.tile.z)) : key;
}

std::string read_part(const Piece& piece) {
  std::string out(piece.entry->size, '\0');
  piece.file->read(*piece.entry, out.data());
  return out;
}

DeflatePart part_of(const Piece& piece, std::string_view bytes) {
  return {bytes, piece.entry->plain_size, piece.entry->crc32};
}

LayerTile merged(const LayerShare& share, const TilePlan& plan) {
  std::vector<std::string> plain;
  std::int64_t dropped = 0;
  for (std::uint32_t i = share.first; i < share.end; ++i) {
    const Piece& piece = plan.pieces[i];
    dropped += static_cast<std::int64_t>(piece.entry->dropped);
    if (piece.entry->size > 0) plain.push_back(tiling::inflate_part(part_of(piece, read_part(piece))));
  }
  return tiling::merge_layers(share.layer.published->layer, plan.tile.z, plain, dropped);
}

// Puts the layers' parts into one gzip body as they come.
class Assembly {
 public:
  // As what is prepared is, so that the same tile has the same bytes; quick, for what is never prepared.
  enum class Level { usual, quick };
  Assembly() { tiling::put_gzip_head(m_gzip); }

  void reserve(std::size_t parts_size) { m_gzip.reserve(tiling::gzip_size(parts_size)); }

  void add_prepared(const Piece& piece) {
    if (piece.entry->size == 0) return;
    const std::size_t begin = m_gzip.size();
    m_gzip.resize(begin + piece.entry->size);
    piece.file->read(*piece.entry, m_gzip.data() + begin);
    m_parts.push_back(part_of(piece, {}));
  }
  void add_made(const std::string& plain, Level level) {
    if (plain.empty()) return;
    auto& compressor = level == Level::quick ? m_quick : m_usual;
    if (!compressor && level == Level::quick) compressor.emplace(quick_level);
    if (!compressor) compressor.emplace();
    const DeflatePart part = compressor->compress(plain);
    m_gzip += part.bytes;
    m_parts.push_back({{}, part.plain_size, part.crc32});
  }
  std::string finish() {
    if (m_parts.empty()) return {};
    tiling::put_gzip_tail(m_parts, m_gzip);
    return std::move(m_gzip);
  }

 private:
  static constexpr int quick_level = 1;
  std::string m_gzip;
  std::vector<DeflatePart> m_parts;
  std::optional<tiling::PartCompressor> m_quick;
  std::optional<tiling::PartCompressor> m_usual;
};

// Of what a tile holds, layer by layer: what is not to be seen in it leaves no trace.
class ContentDigest {
 public:
  void add(const std::string& layer, const std::string& plain, std::uint64_t dropped) {
    if (plain.empty() && dropped == 0) return;
    std::array<std::uint64_t, 2> words{};
    if (!plain.empty()) {
      if (!m_digest) m_digest.emplace();
      m_digest->add(plain);
      const auto all = m_digest->words();
      words = {all[0], all[1]};
    }
    add(layer, words, dropped);
  }
  void add(const std::string& layer, const store::TileEntry& entry) {
    if (entry.size > 0 || entry.dropped > 0) add(layer, entry.content, entry.dropped);
  }
  const base::Key128& key() const { return m_key; }

 private:
  void add(const std::string& layer, const std::array<std::uint64_t, 2>& content, std::uint64_t dropped) {
    m_key = keyed(keyed(keyed(keyed(m_key, layer), content[0]), content[1]), dropped);
  }
  base::Key128 m_key;
  std::optional<base::Sha256> m_digest;
};

// Layers of archives, each archive's tile read once.
class ArchivedParts {
 public:
  const std::string& part(const ArchivedLayer& layer, geom::TileId tile) {
    auto& from = m_tiles.try_emplace(layer.archive.get(), *layer.archive, tile).first->second;
    const std::string part = from.layer(layer.id);
    m_plain += part;
    return m_parts.emplace_back(part);
  }
  bool are_all_of(const TilePlan& plan) const { return m_parts.size() == plan.shares.size(); }
  // Null where it is not one archive's whole tile.
  std::shared_ptr<const std::string> whole_tile() const {
    return m_tiles.size() == 1 ? m_tiles.begin()->second.gzip_of(m_plain) : nullptr;
  }

 private:
  std::map<const PmtilesReader*, ArchivedTile> m_tiles;
  std::deque<std::string> m_parts;
  std::string m_plain;
};

void note_dropped(const LayerShare& share, std::int64_t count, std::string& out) {
  if (count == 0) return;
  if (!out.empty()) out += ", ";
  out += share.layer.id() + "=" + std::to_string(count);
}

}  // namespace

ZoomRange zooms_of(Layers layers) {
  ZoomRange out = layers.front().zooms();
  for (const ServedLayer& layer : layers) {
    out.min = std::min(out.min, layer.zooms().min);
    out.max = std::max(out.max, layer.zooms().max);
  }
  return out;
}

bool TilePlan::is_prepared() const {
  return std::none_of(shares.begin(), shares.end(), [](const LayerShare& share) { return share.is_made(); });
}

bool TilePlan::is_archived() const {
  return std::any_of(shares.begin(), shares.end(),
                     [](const LayerShare& share) { return share.layer.archived != nullptr; });
}

std::string encode_tile(const GzipTile& tile) {
  std::string out;
  base::put_text(out, tile.dropped);
  base::put_bytes(out, tile.content.low);
  base::put_bytes(out, tile.content.high);
  return out + tile.gzip;
}

GzipTile decode_tile(std::string_view bytes) {
  base::ByteTaker taker(bytes);
  GzipTile out;
  out.dropped = taker.text();
  out.content.low = taker.number<std::uint64_t>();
  out.content.high = taker.number<std::uint64_t>();
  out.gzip = bytes.substr(sizeof(std::uint32_t) + out.dropped.size() + sizeof out.content);
  return out;
}

TilePlan plan_tile(Layers layers, geom::TileId tile) {
  TilePlan plan;
  plan.tile = tile;
  plan.shares.reserve(layers.size());
  plan.pieces.reserve(layers.size());
  plan.key = keyed(keyed(base::Key128{}, assembly_version), std::uint64_t{store::tile_file_version});
  const std::uint64_t number = geom::tile_number(tile);
  for (const ServedLayer& layer : layers) {
    // What is published goes on beyond its last zoom, for sets in which another layer goes farther.
    if (tile.z < layer.zooms().min || (layer.archived != nullptr && tile.z > layer.zooms().max)) continue;
    const LayerShare share = share_of(layer, tile, number, plan);
    if (share.first == share.end && !share.from_features && layer.archived == nullptr) continue;
    plan.key = key_of(share, plan, plan.key);
    plan.shares.push_back(share);
  }
  return plan;
}

std::vector<std::int64_t> reserved_in(const LayerShare& share, geom::TileId tile,
                                      const base::Deadline& deadline) {
  std::vector<std::int64_t> out;
  if (share.layer.published == nullptr) return out;
  const geom::Box box =
      geom::tile_bounds_lonlat(tile, static_cast<double>(tiling::tile_buffer) / tiling::tile_extent);
  for (const auto& dataset : share.layer.published->datasets) {
    std::vector<std::int64_t> ids = dataset->reserved_in_box(box, deadline);
    if (!ids.empty() && share.layer.only) {
      std::vector<std::int64_t> chosen;
      dataset->in_box(
          box, deadline, [&](const store::FeatureView& row) { chosen.push_back(row.id); },
          share.layer.only.get());
      std::erase_if(ids,
                    [&](std::int64_t id) { return !std::binary_search(chosen.begin(), chosen.end(), id); });
    }
    out.insert(out.end(), ids.begin(), ids.end());
  }
  return out;
}

GzipTile make_tile(const TilePlan& plan, const base::Deadline& deadline) {
  GzipTile out;
  Assembly assembly;
  ArchivedParts archived;
  ContentDigest content;
  std::size_t prepared = 0;
  for (const Piece& piece : plan.pieces) prepared += piece.entry->size;
  assembly.reserve(prepared);
  for (const LayerShare& share : plan.shares) {
    deadline.check();
    const ServedLayer& layer = share.layer;
    if (layer.archived != nullptr) {
      const std::string& part = archived.part(*layer.archived, plan.tile);
      content.add(layer.id(), part, 0);
      assembly.add_made(part, Assembly::Level::quick);
    } else if (share.is_made()) {
      const bool of_rows = share.from_features || layer.only;
      const LayerTile made = of_rows
                                 ? make_from_features(*layer.published, plan.tile, layer.only.get(), deadline)
                                 : merged(share, plan);
      content.add(layer.id(), made.bytes, static_cast<std::uint64_t>(made.dropped));
      assembly.add_made(made.bytes, layer.only ? Assembly::Level::quick : Assembly::Level::usual);
      note_dropped(share, made.dropped, out.dropped);
    } else {
      const Piece& piece = plan.pieces[share.first];
      content.add(layer.id(), *piece.entry);
      assembly.add_prepared(piece);
      note_dropped(share, static_cast<std::int64_t>(piece.entry->dropped), out.dropped);
    }
  }
  out.content = content.key();
  if (plan.pieces.empty() && archived.are_all_of(plan)) {
    // The archive's own bytes, where its whole tile was asked for.
    if (const auto whole = archived.whole_tile()) {
      out.gzip = *whole;
      return out;
    }
  }
  out.gzip = assembly.finish();
  return out;
}

}  // namespace ritchi::tiles
