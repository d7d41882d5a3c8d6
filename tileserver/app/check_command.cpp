// ritchi check: verifies every dataset of a data folder.
#include <iostream>
#include <memory>

#include "geodata/base/error.hpp"
#include "geodata/base/resource.hpp"
#include "geodata/catalogue/catalogue.hpp"
#include "geodata/store/data_folder.hpp"
#include "geodata/store/integrity.hpp"
#include "tileserver/app/commands.hpp"

namespace ritchi::app {
namespace {

int check(const std::string& data) {
  const auto catalogue = catalogue::Catalogue::load(base::share_folder() / "styles");
  int damaged = 0;
  const auto files = store::dataset_files(data);
  for (const auto& file : files) {
    const auto problems = store::check_dataset(file);
    std::cout << (problems.empty() ? "ok       " : "DAMAGED  ") << file.string() << '\n';
    for (const std::string& problem : problems)
      std::cerr << "ritchi: " << file.string() << ": " << problem << '\n';
    damaged += problems.empty() ? 0 : 1;
  }
  std::cout << files.size() << " datasets checked, " << damaged << " damaged\n";
  return damaged == 0 ? 0 : 1;
}

}  // namespace

void add_check_command(CLI::App& app, Chosen& chosen) {
  auto data = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("check", "verify every dataset: structure, index, content, declaration");
  command->add_option("--data", *data, "the data folder")->required()->envname("RITCHI_DATA");
  command->callback([data, &chosen] { chosen = [data] { return check(*data); }; });
}

}  // namespace ritchi::app
