// ritchi backup, ritchi restore: the database of what changes, saved and brought back.
#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "tileserver/access/backup.hpp"
#include "tileserver/app/commands.hpp"

namespace ritchi::app {
namespace {

struct Options {
  std::string data;
  std::string file;
  bool force = false;
};

int back_up(const Options& options) {
  const auto bytes = access::back_up(options.data, options.file, options.force);
  std::cout << fmt::format("{}: {} bytes, checked\n", options.file, bytes);
  return 0;
}

int restore(const Options& options) {
  const auto replaced = access::restore(options.data, options.file);
  std::cout << fmt::format("{} is restored from {}\n", options.data, options.file);
  if (!replaced.empty()) std::cout << fmt::format("what was there is {}\n", replaced.string());
  return 0;
}

}  // namespace

void add_backup_commands(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  const auto command = [&](const char* name, const char* help, int (*run)(const Options&)) {
    CLI::App* out = app.add_subcommand(name, help);
    out->add_option("--data", options->data, "the data folder")->required()->envname("RITCHI_DATA");
    out->callback([options, &chosen, run] { chosen = [options, run] { return run(*options); }; });
    return out;
  };
  CLI::App* save =
      command("backup", "save keys, consents, inquiries and audit as one file; servers may go on", back_up);
  save->add_option("--to", options->file, "the file to write")->required();
  save->add_flag("--force", options->force, "overwrite it where it exists");
  CLI::App* bring_back =
      command("restore", "put a backup in the place of the database; no server may run", restore);
  bring_back->add_option("--from", options->file, "the backup")->required();
}

}  // namespace ritchi::app
