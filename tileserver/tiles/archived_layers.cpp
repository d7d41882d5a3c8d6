#include "tileserver/tiles/archived_layers.hpp"

#include <algorithm>

#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"
#include "geodata/geom/tile_id.hpp"
#include "tileserver/tiles/tile_layers.hpp"

namespace ritchi::tiles {
namespace {

using base::Error;
using base::ErrorKind;
using nlohmann::json;

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

int zoom_at(const json& object, const char* key, int otherwise) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_integer()) return otherwise;
  return static_cast<int>(std::clamp<std::int64_t>(found->get<std::int64_t>(), 0, geom::max_zoom));
}

// What came through describe() is HTML without tags already; tags of others are shown, never run.
std::string without_tags(const std::string& html) {
  return html.find('<') == std::string::npos ? html : base::escape_html(html);
}

json provenance_of(const json& metadata, const std::string& id) {
  if (const auto datasets = metadata.find("datasets"); datasets != metadata.end() && datasets->is_array())
    for (const json& one : *datasets)
      if (one.is_object() && text_at(one, "layer") == id) return one;
  return {{"layer", id}, {"as_of", nullptr}, {"synthetic", nullptr}, {"revision", nullptr}};
}

ArchivedLayer layer_of(const std::shared_ptr<const PmtilesReader>& archive, const json& vector_layer) {
  const PmtilesHeader& header = archive->header();
  ArchivedLayer out;
  out.archive = archive;
  out.id = text_at(vector_layer, "id");
  if (out.id.empty() || out.id.find_first_of(",/") != std::string::npos)
    throw Error(ErrorKind::damaged, "a layer in the metadata has no id that a path can name",
                archive->file().string(), "export the archive again");
  out.zooms.max = zoom_at(vector_layer, "maxzoom", std::min<int>(header.max_zoom, geom::max_zoom));
  out.zooms.min = std::min(zoom_at(vector_layer, "minzoom", header.min_zoom), out.zooms.max);
  out.card.title = text_at(vector_layer, "description");
  if (out.card.title.empty()) out.card.title = out.id;
  out.card.attributions = {without_tags(text_at(archive->metadata(), "attribution"))};
  out.card.zooms = out.zooms;
  for (std::size_t side = 0; side < 4; ++side) out.card.bounds[side] = header.bounds_e7[side] / 1e7;
  out.card.vector_layer = vector_layer;
  out.card.vector_layer["minzoom"] = out.zooms.min;
  out.card.vector_layer["maxzoom"] = out.zooms.max;
  out.card.provenance = provenance_of(archive->metadata(), out.id);
  out.card.revision = text_at(out.card.provenance, "revision");
  return out;
}

}  // namespace

ArchivedLayers::ArchivedLayers(const std::vector<std::filesystem::path>& files) {
  for (const auto& file : files) {
    const auto archive = std::make_shared<const PmtilesReader>(file);
    const auto named = archive->metadata().find("vector_layers");
    if (named == archive->metadata().end() || !named->is_array() || named->empty())
      throw Error(ErrorKind::unsupported, "its metadata names no vector_layers", file.string(),
                  "export it with its layers");
    for (const json& vector_layer : *named) {
      if (!vector_layer.is_object())
        throw Error(ErrorKind::damaged, "a layer in the metadata is no object", file.string(),
                    "export the archive again");
      ArchivedLayer layer = layer_of(archive, vector_layer);
      if (const ArchivedLayer* other = find(layer.id); other != nullptr)
        throw Error(ErrorKind::conflict,
                    "the layer '" + layer.id + "' is also in " + other->archive->file().string(),
                    file.string(), "serve one of the two");
      m_layers.push_back(std::move(layer));
    }
  }
}

const ArchivedLayer* ArchivedLayers::find(std::string_view id) const {
  const auto found = std::find_if(m_layers.begin(), m_layers.end(),
                                  [&](const ArchivedLayer& layer) { return layer.id == id; });
  return found == m_layers.end() ? nullptr : &*found;
}

ArchivedTile::ArchivedTile(const PmtilesReader& archive, geom::TileId tile) : m_archive(archive) {
  auto stored = archive.stored_tile(geom::tile_number(tile));
  if (!stored) return;
  m_plain = archive.plain(*stored);
  m_stored = std::make_shared<const std::string>(std::move(*stored));
}

std::string ArchivedTile::layer(std::string_view id) const {
  std::string out;
  try {
    for (const TileLayerBytes& layer : layers_in_tile(m_plain))
      if (layer.name == id) out += layer.bytes;
  } catch (const Error& error) {
    throw Error(error.kind(), error.what(), m_archive.file().string(), "fetch or export the archive again");
  }
  return out;
}

std::shared_ptr<const std::string> ArchivedTile::gzip_of(const std::string& plain) const {
  const bool is_gzip = m_archive.header().tile_compression == PmtilesCompression::gzip;
  return is_gzip && plain == m_plain ? m_stored : nullptr;
}

}  // namespace ritchi::tiles
