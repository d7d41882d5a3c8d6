#include "tileserver/tiles/tile_plan.hpp"

#include <algorithm>
#include <optional>

#include "geodata/base/bytes.hpp"
#include "geodata/geom/tile_id.hpp"
#include "geodata/tiling/deflate_part.hpp"
#include "geodata/tiling/layer_merger.hpp"
#include "tileserver/tiles/feature_tile.hpp"

namespace ritchi::tiles {
namespace {

using base::keyed;
using tiling::DeflatePart;
using tiling::LayerTile;

// Changes where the same prepared shares would be put together in another way.
constexpr std::uint64_t assembly_version = 1;

LayerShare share_of(const store::LayerView& view, geom::TileId tile, std::uint64_t number, TilePlan& plan) {
  LayerShare out{&view, static_cast<std::uint32_t>(plan.pieces.size()), 0, tile.z > view.layer.maxzoom};
  if (view.shared_tiles) {
    if (const store::TileEntry* entry = view.shared_tiles->find(number)) {
      plan.pieces.push_back({view.shared_tiles.get(), entry});
      ++(out.end = out.first);
      return out;
    }
  }
  for (const auto& dataset : view.datasets) {
    const store::TileFile* file = dataset->tiles();
    if (file == nullptr) {
      out.from_features = true;
    } else if (const store::TileEntry* entry = file->find(number)) {
      plan.pieces.push_back({file, entry});
    }
  }
  out.end = static_cast<std::uint32_t>(plan.pieces.size());
  return out;
}

// What decides the content: the shares themselves, or where rows have to be asked, all the rows of the layer.
base::Key128 key_of(const LayerShare& share, const TilePlan& plan, base::Key128 key) {
  key = keyed(key, share.view->layer.id);
  if (share.from_features) {
    key = keyed(keyed(key, share.view->revision), std::uint64_t{plan.tile.x} << 32U | plan.tile.y);
    return keyed(key, static_cast<std::uint64_t>(plan.tile.z));
  }
  for (std::uint32_t i = share.first; i < share.end; ++i) {
    const store::TileEntry& entry = *plan.pieces[i].entry;
    key = keyed(keyed(keyed(key, entry.content[0]), entry.content[1]), entry.dropped);
  }
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
  return tiling::merge_layers(share.view->layer, plan.tile.z, plain, dropped);
}

// Puts the layers' parts into one gzip body as they come.
class Assembly {
 public:
  Assembly() { tiling::put_gzip_head(m_gzip); }

  void reserve(std::size_t parts_size) { m_gzip.reserve(tiling::gzip_size(parts_size)); }

  void add_prepared(const Piece& piece) {
    if (piece.entry->size == 0) return;
    const std::size_t begin = m_gzip.size();
    m_gzip.resize(begin + piece.entry->size);
    piece.file->read(*piece.entry, m_gzip.data() + begin);
    m_parts.push_back(part_of(piece, {}));
  }
  void add_made(const std::string& plain) {
    if (plain.empty()) return;
    if (!m_compressor) m_compressor.emplace(made_level);
    const DeflatePart part = m_compressor->compress(plain);
    m_gzip += part.bytes;
    m_parts.push_back({{}, part.plain_size, part.crc32});
  }
  std::string finish() {
    if (m_parts.empty()) return {};
    tiling::put_gzip_tail(m_parts, m_gzip);
    return std::move(m_gzip);
  }

 private:
  static constexpr int made_level = 1;  // while somebody waits
  std::string m_gzip;
  std::vector<DeflatePart> m_parts;
  std::optional<tiling::PartCompressor> m_compressor;
};

void note_dropped(const LayerShare& share, std::int64_t count, std::string& out) {
  if (count == 0) return;
  if (!out.empty()) out += ", ";
  out += share.view->layer.id + "=" + std::to_string(count);
}

}  // namespace

ZoomRange zooms_of(Layers layers) {
  ZoomRange out{layers.front()->layer.minzoom, layers.front()->layer.maxzoom};
  for (const store::LayerView* view : layers) {
    out.min = std::min(out.min, view->layer.minzoom);
    out.max = std::max(out.max, view->layer.maxzoom);
  }
  return out;
}

bool TilePlan::is_prepared() const {
  return std::none_of(shares.begin(), shares.end(), [](const LayerShare& share) {
    return share.from_features || share.end - share.first > 1;
  });
}

std::string encode_tile(const GzipTile& tile) {
  std::string out;
  base::put_text(out, tile.dropped);
  return out + tile.gzip;
}

GzipTile decode_tile(std::string_view bytes) {
  base::ByteTaker taker(bytes);
  std::string dropped(taker.text());
  return {std::string(bytes.substr(sizeof(std::uint32_t) + dropped.size())), std::move(dropped)};
}

TilePlan plan_tile(Layers layers, geom::TileId tile) {
  TilePlan plan;
  plan.tile = tile;
  plan.shares.reserve(layers.size());
  plan.pieces.reserve(layers.size());
  plan.key = keyed(keyed(base::Key128{}, assembly_version), std::uint64_t{store::tile_file_version});
  const std::uint64_t number = geom::tile_number(tile);
  for (const store::LayerView* view : layers) {
    if (tile.z < view->layer.minzoom) continue;
    const LayerShare share = share_of(*view, tile, number, plan);
    if (share.first == share.end && !share.from_features) continue;
    plan.key = key_of(share, plan, plan.key);
    plan.shares.push_back(share);
  }
  return plan;
}

GzipTile make_tile(const TilePlan& plan, const base::Deadline& deadline) {
  GzipTile out;
  Assembly assembly;
  std::size_t prepared = 0;
  for (const Piece& piece : plan.pieces) prepared += piece.entry->size;
  assembly.reserve(prepared);
  for (const LayerShare& share : plan.shares) {
    deadline.check();
    if (share.from_features || share.end - share.first > 1) {
      const LayerTile made =
          share.from_features ? make_from_features(*share.view, plan.tile, store::Disclosure::open, deadline)
                              : merged(share, plan);
      assembly.add_made(made.bytes);
      note_dropped(share, made.dropped, out.dropped);
    } else {
      const Piece& piece = plan.pieces[share.first];
      assembly.add_prepared(piece);
      note_dropped(share, static_cast<std::int64_t>(piece.entry->dropped), out.dropped);
    }
  }
  out.gzip = assembly.finish();
  return out;
}

}  // namespace ritchi::tiles
