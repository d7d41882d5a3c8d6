// ritchi check: verifies every dataset of a data folder, the tiles prepared for it, and its facts.
#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "geodata/base/error.hpp"
#include "geodata/base/resource.hpp"
#include "geodata/catalogue/catalogue.hpp"
#include "geodata/store/data_folder.hpp"
#include "geodata/store/dataset.hpp"
#include "geodata/store/integrity.hpp"
#include "geodata/tiling/tile_check.hpp"
#include "tileserver/app/commands.hpp"
#include "tileserver/app/facts_check.hpp"

namespace ritchi::app {
namespace {

namespace fs = std::filesystem;

// Tiles that are missing or made for another declaration are no damage: what they show is made from features.
enum class Tiles { sound, unfit, damaged };

struct Finding {
  std::vector<std::string> problems;  // of the dataset itself
  Tiles tiles = Tiles::sound;
  std::vector<std::string> tile_problems;

  bool damaged() const { return !problems.empty() || tiles == Tiles::damaged; }
  const char* word() const {
    return damaged() ? "DAMAGED  " : tiles == Tiles::unfit ? "NO TILES " : "ok       ";
  }
};

class Checker {
 public:
  explicit Checker(const std::string& data)
      : m_data(data),
        m_catalogue(catalogue::Catalogue::load(base::share_folder() / "styles")),
        m_files(store::dataset_files(data)) {}

  int run(bool rebuild) {
    std::vector<std::string> to_prepare;
    for (const auto& file : m_files) {
      const Finding found = look_at(file);
      report(file, found);
      if (rebuild && found.problems.empty() && found.tiles != Tiles::sound)
        to_prepare.push_back(file.string());
      else
        count(found);
    }
    if (rebuild) {
      for (const auto& layer : layers())
        if (look_at_shared(layer).tiles != Tiles::sound) to_prepare.push_back(layer.string());
      if (!to_prepare.empty()) prepare(to_prepare);
    }
    for (const auto& layer : layers()) {
      const Finding found = look_at_shared(layer);
      if (found.tiles != Tiles::sound) report(layer, found);
      count(found);
    }
    const int without_facts = check_facts(rebuild);
    std::cout << fmt::format("{} datasets checked, {} damaged", m_files.size(), m_damaged);
    if (m_unfit > 0) std::cout << fmt::format(", {} without fitting tiles", m_unfit);
    if (without_facts > 0) std::cout << fmt::format(", {} without fitting facts", without_facts);
    std::cout << '\n';
    return m_damaged == 0 ? 0 : 1;
  }

 private:
  Finding look_at(const fs::path& file) {
    Finding found;
    found.problems = store::check_dataset(file);
    if (!found.problems.empty()) return found;
    const auto dataset = open(file);
    if (const store::TileFile* tiles = dataset->tiles()) {
      found.tile_problems = tiling::check_tiles(*tiles, dataset->layer());
      if (!found.tile_problems.empty()) found.tiles = Tiles::damaged;
    } else {
      found.tile_problems = {dataset->why_no_tiles()};
      found.tiles = dataset->has_damaged_tiles() ? Tiles::damaged : Tiles::unfit;
    }
    if (dataset->info().open.rows > 0) m_sound[file.parent_path()][file] = dataset;
    return found;
  }

  // What the sound datasets of a layer have together in one tile.
  Finding look_at_shared(const fs::path& layer_folder) const {
    Finding found;
    const auto& datasets = m_sound.at(layer_folder);
    if (datasets.size() < 2) return found;
    std::vector<store::PublishedPart> parts;
    for (const auto& [file, dataset] : datasets)
      parts.push_back({dataset->info().partition, dataset->info().whole.revision});
    const std::string revision = store::shared_revision(parts);
    const catalogue::Layer& layer = datasets.begin()->second->layer();
    try {
      const auto tiles = store::TileFile::open(store::shared_tile_file(layer_folder, revision), revision,
                                               store::declaration_digest(layer));
      found.tile_problems = tiling::check_tiles(*tiles, layer);
      if (!found.tile_problems.empty()) found.tiles = Tiles::damaged;
    } catch (const base::Error& error) {
      const bool unfit =
          error.kind() == base::ErrorKind::not_found || error.kind() == base::ErrorKind::unsupported;
      found.tile_problems = {"tiles of several datasets are not merged: " + error.line()};
      found.tiles = unfit ? Tiles::unfit : Tiles::damaged;
    }
    return found;
  }

  // Facts that are damaged, too, are mended by computing them anew. Gives how many are still missing.
  int check_facts(bool rebuild) {
    auto found = look_at_facts(m_data, m_catalogue);
    if (rebuild && !found.empty()) {
      std::vector<std::string> arguments{"facts"};
      for (const auto& finding : found) arguments.push_back(finding.dataset.string());
      if (wait_for_import_program(arguments) != 0)
        throw base::Error(base::ErrorKind::io, "not all facts could be computed", arguments.back(),
                          "see the message above");
      found = look_at_facts(m_data, m_catalogue);
    }
    int missing = 0;
    for (const auto& finding : found) {
      std::cerr << "ritchi: " << finding.dataset.string() << ": " << finding.problem << '\n';
      m_damaged += finding.damaged ? 1 : 0;
      missing += finding.damaged ? 0 : 1;
    }
    return missing;
  }

  std::shared_ptr<const store::Dataset> open(const fs::path& file) const {
    return store::Dataset::open(file, [this](std::string_view id) { return m_catalogue.find_layer(id); });
  }

  std::vector<fs::path> layers() const {
    std::vector<fs::path> out;
    for (const auto& [layer, datasets] : m_sound) out.push_back(layer);
    return out;
  }

  static void report(const fs::path& path, const Finding& found) {
    std::cout << found.word() << path.string() << '\n' << std::flush;
    for (const auto* problems : {&found.problems, &found.tile_problems})
      for (const std::string& problem : *problems)
        std::cerr << "ritchi: " << path.string() << ": " << problem << '\n';
  }

  void count(const Finding& found) {
    m_damaged += found.damaged() ? 1 : 0;
    m_unfit += !found.damaged() && found.tiles == Tiles::unfit ? 1 : 0;
  }

  void prepare(const std::vector<std::string>& paths) {
    std::vector<std::string> arguments{"tiles"};
    arguments.insert(arguments.end(), paths.begin(), paths.end());
    if (wait_for_import_program(arguments) != 0)
      throw base::Error(base::ErrorKind::io, "not all tiles could be prepared", paths.front(),
                        "see the message above");
    for (const std::string& path : paths) {
      if (fs::is_directory(path)) continue;
      const Finding found = look_at(path);
      report(path, found);
      count(found);
    }
  }

  fs::path m_data;
  catalogue::Catalogue m_catalogue;
  std::vector<fs::path> m_files;
  std::map<fs::path, std::map<fs::path, std::shared_ptr<const store::Dataset>>> m_sound;  // by layer's folder
  int m_damaged = 0;
  int m_unfit = 0;
};

}  // namespace

void add_check_command(CLI::App& app, Chosen& chosen) {
  auto data = std::make_shared<std::string>();
  auto rebuild = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand(
      "check", "verify every dataset: structure, index, content, declaration, prepared tiles, facts");
  command->add_option("--data", *data, "the data folder")->required()->envname("RITCHI_DATA");
  command->add_flag("--rebuild", *rebuild,
                    "prepare tiles and compute facts anew where they are missing, damaged, or out of date");
  command->callback(
      [data, rebuild, &chosen] { chosen = [data, rebuild] { return Checker(*data).run(*rebuild); }; });
}

}  // namespace ritchi::app
