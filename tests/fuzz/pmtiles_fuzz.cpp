// rooms: tileserver_tiles
// Any bytes as an archive: it is refused, or every tile that it names is given or refused.
#include "tests/fuzz/require.hpp"

#include "geodata/base/error.hpp"
#include "geodata/geom/tile_id.hpp"
#include "tileserver/tiles/archived_layers.hpp"

namespace {

using namespace ritchi;

void read_tile(const tiles::ArchivedLayer& layer, std::uint64_t number) {
  try {
    const auto tile = geom::tile_of_number(number);
    if (!tile) return;
    const tiles::ArchivedTile found(*layer.archive, *tile);
    const std::string part = found.layer(layer.id);
    fuzz::require(found.layer("no such layer\n").empty(), "a layer that is not there has no bytes");
    if (found.gzip_of(part))
      fuzz::require(layer.archive->stored_tile(number).has_value(), "gzip has an origin");
  } catch (const base::Error& error) {
    fuzz::require(!error.where().empty(), "a refusal names the archive");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::NamedBytes file({reinterpret_cast<const char*>(data), size});
  try {
    const tiles::ArchivedLayers layers({file.name()});
    fuzz::require(!layers.all().empty(), "an archive that is taken has layers");
    for (const auto& layer : layers.all()) {
      fuzz::require(layer.zooms.min <= layer.zooms.max, "zooms are a range");
      for (std::uint64_t number = 0; number < 64; ++number) read_tile(layer, number);
      for (int zoom = 4; zoom <= geom::max_numbered_zoom; ++zoom)
        read_tile(layer, geom::first_tile_number(zoom));
    }
  } catch (const base::Error& error) {
    fuzz::require(!error.where().empty(), "a refusal names the archive");
  }
  return 0;
}
