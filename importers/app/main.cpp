// ritchi-import: writes data. The program `ritchi` hands its subcommands import, profiles and synth to it.
#include <fmt/format.h>

#include <exception>

#include "geodata/base/error.hpp"
#include "importers/app/command.hpp"

int main(int argc, char** argv) {
  using namespace ritchi;
  CLI::App app{"Imports source files into a Ritchi data folder", "ritchi"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "ritchi " RITCHI_VERSION);
  importers::Chosen chosen;
  importers::add_import_command(app, chosen);
  importers::add_profiles_command(app, chosen);
  importers::add_synth_command(app, chosen);
  importers::add_tiles_command(app, chosen);
  importers::add_facts_command(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    return chosen();
  } catch (const base::Error& error) {
    fmt::print(stderr, "ritchi: {}\n", error.line());
  } catch (const std::exception& error) {
    fmt::print(stderr, "ritchi: {}\n", error.what());
  }
  return 1;
}
