#include "tileserver/tiles/mbtiles_writer.hpp"

#include "geodata/base/error.hpp"
#include "geodata/geom/tile_id.hpp"
#include "geodata/store/mbtiles_file.hpp"
#include "tileserver/tiles/tilejson.hpp"

namespace ritchi::tiles {

void write_mbtiles(const StagedTiles& tiles, const TileSetInfo& info, const std::filesystem::path& file,
                   const std::function<void()>& check) {
  store::MbtilesFile out(file);
  const nlohmann::json metadata = mbtiles_metadata(info);
  for (const auto& [name, value] : metadata.items())
    out.add_metadata(name, value.get_ref<const std::string&>());
  std::uint64_t contents_end = 0;
  tiles.for_each([&](const StagedTile& staged) {
    check();
    const auto content = static_cast<std::int64_t>(staged.offset);
    // Contents lie in the order of their first tile, so one that begins at the end is new.
    if (staged.offset == contents_end) {
      const std::string bytes = base::read_at(tiles.data(), staged.offset, staged.length, tiles.data_file());
      if (bytes.size() < staged.length)
        throw base::Error(base::ErrorKind::damaged, "ends too soon", tiles.data_file().string(),
                          "run the export again");
      out.add_content(content, bytes);
      contents_end += staged.length;
    }
    const geom::TileId tile = *geom::tile_of_number(staged.number);
    out.add_tile(tile.z, tile.x, tile.y, content);
  });
  check();
  out.finish();
}

}  // namespace ritchi::tiles
