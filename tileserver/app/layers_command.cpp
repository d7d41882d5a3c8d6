// ritchi layers, ritchi describe: what is in a data folder, for its operator.
#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/base/resource.hpp"
#include "geodata/store/snapshot.hpp"
#include "tileserver/app/commands.hpp"

namespace ritchi::app {
namespace {

using nlohmann::json;

struct Options {
  std::string data;
  std::string layer;
  bool as_json = false;
};

json dataset_json(const store::Dataset& dataset) {
  const store::DatasetInfo& info = dataset.info();
  json out{{"layer", info.layer},
           {"partition", info.partition},
           {"rows", info.whole.rows},
           {"public_rows", info.open.rows},
           {"synthetic_rows", info.whole.synthetic_rows},
           {"rejected", info.rejected},
           {"revision", info.whole.revision},
           {"as_of", info.as_of.empty() ? json(nullptr) : json(info.as_of)},
           {"profile", info.profile},
           {"source", info.source_name},
           {"source_url", info.source_url},
           {"licence", info.licence},
           {"attribution", info.attribution},
           {"covers", info.covers},
           {"input_sha256", info.input_sha256},
           {"extent", nullptr},
           {"file", dataset.file().string()}};
  const geom::Box& box = info.whole.extent;
  if (!box.empty()) out["extent"] = {box.min_x, box.min_y, box.max_x, box.max_y};
  return out;
}

using Snapshot = std::shared_ptr<const store::Snapshot>;

Snapshot read_folder(const Options& options) {
  const auto catalogue = catalogue::Catalogue::load(base::share_folder() / "styles");
  Snapshot snapshot = store::Snapshot::load(options.data, catalogue, nullptr);
  for (const auto& damaged : snapshot->damaged())
    std::cerr << "ritchi: " << damaged.file.string() << ": " << damaged.reason << '\n';
  return snapshot;
}

int list_layers(const Options& options) {
  const Snapshot snapshot = read_folder(options);
  json datasets = json::array();
  for (const auto& dataset : snapshot->all()) datasets.push_back(dataset_json(*dataset));
  if (options.as_json) {
    std::cout << datasets.dump(1) << '\n';
    return 0;
  }
  std::cout << fmt::format("{:<20} {:<9} {:>10} {:>10} {:>9}  {:<10} {:<12}  {}\n", "layer", "partition",
                           "rows", "public", "rejected", "as of", "revision", "source");
  for (const json& item : datasets)
    std::cout << fmt::format("{:<20} {:<9} {:>10} {:>10} {:>9}  {:<10} {:<12}  {} ({})\n",
                             item["layer"].get<std::string>(), item["partition"].get<std::string>(),
                             item["rows"].get<std::int64_t>(), item["public_rows"].get<std::int64_t>(),
                             item["rejected"].get<std::int64_t>(),
                             item["as_of"].is_null() ? "not stated" : item["as_of"].get<std::string>(),
                             item["revision"].get<std::string>().substr(0, 12),
                             item["source"].get<std::string>(), item["licence"].get<std::string>());
  return 0;
}

int describe_layer(const Options& options) {
  const Snapshot snapshot = read_folder(options);
  json out;
  for (const auto& dataset : snapshot->all()) {
    if (dataset->info().layer != options.layer) continue;
    if (!out.contains("layer")) out["layer"] = catalogue::to_json(dataset->layer());
    out["datasets"].push_back(dataset_json(*dataset));
  }
  if (out.is_null())
    throw base::Error(base::ErrorKind::not_found, "no dataset of this layer is published", options.layer,
                      "`ritchi layers` lists what is there");
  std::cout << out.dump(1) << '\n';
  return 0;
}

}  // namespace

void add_layers_command(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("layers", "list what is published in a data folder");
  command->add_option("--data", options->data, "the data folder")->required()->envname("RITCHI_DATA");
  command->add_flag("--json", options->as_json, "as one JSON array");
  command->callback([options, &chosen] { chosen = [options] { return list_layers(*options); }; });
}

void add_describe_command(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("describe", "show a layer's attributes and datasets as JSON");
  command->add_option("layer", options->layer, "the layer's id")->required();
  command->add_option("--data", options->data, "the data folder")->required()->envname("RITCHI_DATA");
  command->add_flag("--json", options->as_json, "the output is JSON in any case");
  command->callback([options, &chosen] { chosen = [options] { return describe_layer(*options); }; });
}

}  // namespace ritchi::app
