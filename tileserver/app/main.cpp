// ritchi: a map server for industrial land and infrastructure.
#include <exception>
#include <iostream>

#include "geodata/base/error.hpp"
#include "tileserver/app/commands.hpp"

int main(int argc, char** argv) {
  using namespace ritchi;
  if (app::is_import_command(argc, argv)) return app::run_import_program(argv);

  CLI::App cli{"Ritchi, a map server for industrial land and infrastructure in Japan", "ritchi"};
  cli.set_version_flag("--version", std::string("ritchi ") + RITCHI_VERSION);
  cli.require_subcommand(1);
  app::Chosen chosen;
  // Listed for --help; they are run by the program beside this one.
  cli.add_subcommand("import", "read a source into the data folder");
  cli.add_subcommand("profiles", "list the formats that can be imported");
  cli.add_subcommand("synth", "write synthetic source files");
  app::add_layers_command(cli, chosen);
  app::add_describe_command(cli, chosen);
  app::add_serve_command(cli, chosen);
  app::add_check_command(cli, chosen);
  app::add_diff_command(cli, chosen);
  app::add_analyse_command(cli, chosen);
  app::add_tiles_command(cli, chosen);
  app::add_keys_command(cli, chosen);
  app::add_consents_command(cli, chosen);
  app::add_audit_command(cli, chosen);
  app::add_backup_commands(cli, chosen);
  try {
    cli.parse(argc, argv);
    return chosen ? chosen() : 2;
  } catch (const CLI::Success& done) {
    return cli.exit(done);
  } catch (const CLI::ParseError& wrong) {
    cli.exit(wrong);
    return 2;
  } catch (const base::Error& error) {
    std::cerr << "ritchi: " << error.line() << '\n';
  } catch (const std::exception& error) {
    std::cerr << "ritchi: " << error.what() << '\n';
  }
  return 1;
}
