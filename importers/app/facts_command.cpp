// `ritchi-import facts`: computes the facts of published datasets anew; `ritchi check --rebuild` runs it.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "geodata/base/interrupt.hpp"
#include "geodata/base/resource.hpp"
#include "geodata/catalogue/catalogue.hpp"
#include "geodata/load/facts_update.hpp"
#include "importers/app/command.hpp"

namespace ritchi::importers {
namespace {

int run(const std::vector<std::string>& paths) {
  const auto catalogue = catalogue::Catalogue::load(base::share_folder() / "styles");
  base::InterruptWatch interrupt;
  for (const std::filesystem::path path : paths) {
    const auto folder = path.parent_path();
    load::FactsRequest request{folder.parent_path(), catalogue};
    request.tick = [&] { interrupt.check("the facts stay as they were"); };
    const auto done = load::compute_facts(request, folder.filename().string(), path.stem().string());
    fmt::print("{}: {} facts of {} features computed, {:.2f} s\n", path.string(), done.columns, done.features,
               done.seconds);
  }
  return 0;
}

}  // namespace

void add_facts_command(CLI::App& app, Chosen& chosen) {
  const auto paths = std::make_shared<std::vector<std::string>>();
  CLI::App* command = app.add_subcommand("facts", "Compute the facts of published datasets anew");
  command->add_option("paths", *paths, "files DATA/<layer>/<partition>.sqlite")->required();
  command->callback([paths, &chosen] { chosen = [paths] { return run(*paths); }; });
}

}  // namespace ritchi::importers
