// `ritchi-import tiles`: prepares the tiles of published datasets anew; `ritchi check --rebuild` runs it.
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "geodata/base/interrupt.hpp"
#include "geodata/base/resource.hpp"
#include "geodata/catalogue/catalogue.hpp"
#include "geodata/load/tile_rebuild.hpp"
#include "importers/app/command.hpp"

namespace ritchi::importers {
namespace {

int run(const std::vector<std::string>& paths) {
  const auto catalogue = catalogue::Catalogue::load(base::share_folder() / "styles");
  base::InterruptWatch interrupt;
  std::set<std::filesystem::path> layers;
  for (const std::filesystem::path path : paths) {
    const bool is_layer = std::filesystem::is_directory(path);
    if (!is_layer)
      load::rebuild_tiles(path, catalogue, [&] { interrupt.check("the tiles stay as they were"); });
    layers.insert(is_layer ? path : path.parent_path());
  }
  for (const auto& layer : layers) load::rebuild_shared_tiles(layer, catalogue);
  return 0;
}

}  // namespace

void add_tiles_command(CLI::App& app, Chosen& chosen) {
  const auto paths = std::make_shared<std::vector<std::string>>();
  CLI::App* command = app.add_subcommand("tiles", "Prepare the tiles of published datasets anew");
  command
      ->add_option("paths", *paths,
                   "files DATA/<layer>/<partition>.sqlite; a folder DATA/<layer> for what its datasets share")
      ->required();
  command->callback([paths, &chosen] { chosen = [paths] { return run(*paths); }; });
}

}  // namespace ritchi::importers
