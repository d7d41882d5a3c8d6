// ritchi diff: what differs between two revisions of a layer, from the lists kept at publish.
#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/store/changes.hpp"
#include "geodata/store/data_folder.hpp"
#include "tileserver/app/commands.hpp"

namespace ritchi::app {
namespace {

using base::Error;
using base::ErrorKind;
using store::Change;
using store::ChangeSummary;

struct Options {
  std::string layer, data, partition, from, to, format = "text";
};

store::DatasetInfo published(const Options& options) {
  const auto all = store::find_published(options.data, options.layer);
  std::string partitions;
  for (const auto& info : all) {
    if (all.size() == 1 ? options.partition.empty() || info.partition == options.partition
                        : info.partition == options.partition)
      return info;
    partitions += (partitions.empty() ? "" : ", ") + info.partition;
  }
  if (all.empty()) throw Error(ErrorKind::not_found, "no dataset is published", options.layer);
  throw Error(ErrorKind::bad_input,
              options.partition.empty() ? "the layer has several partitions"
                                        : "there is no partition '" + options.partition + "'",
              "--partition", "choose one of " + partitions);
}

// A revision may be given by its first characters.
bool is_revision(const std::string& revision, const std::string& given) {
  return !given.empty() && revision.starts_with(given);
}

std::vector<std::filesystem::path> steps_of(const Options& options, const store::DatasetInfo& info) {
  auto steps = store::changes_leading_to(options.data, info.layer, info.partition, info.whole.revision);
  if (steps.empty())
    throw Error(ErrorKind::not_found, "no list of changes is kept: this is the first revision",
                options.layer + "/" + info.partition);
  std::vector<ChangeSummary> summaries;
  summaries.reserve(steps.size());
  for (const auto& step : steps) summaries.push_back(store::read_changes(step, [](const Change&) {}));
  std::size_t last = steps.size();
  if (!options.to.empty())
    while (last > 0 && !is_revision(summaries[last - 1].to, options.to)) --last;
  std::size_t first = last == 0 ? 0 : last - 1;
  if (!options.from.empty()) {
    first = last;
    while (first > 0 && !is_revision(summaries[first - 1].from, options.from)) --first;
    if (first > 0)
      --first;
    else
      last = 0;
  }
  if (last == 0) {
    std::string known = summaries.front().from;
    for (const auto& summary : summaries) known += ", " + summary.to;
    throw Error(ErrorKind::not_found, "no list of changes between these revisions is kept",
                options.layer + "/" + info.partition, "kept are the steps " + known);
  }
  return {steps.begin() + static_cast<std::ptrdiff_t>(first),
          steps.begin() + static_cast<std::ptrdiff_t>(last)};
}

std::string box_text(const geom::Box& box) {
  return box.empty() ? "no place"
                     : fmt::format("{:.6f},{:.6f},{:.6f},{:.6f}", box.min_x, box.min_y, box.max_x, box.max_y);
}

void print_text(const std::vector<std::filesystem::path>& steps) {
  const ChangeSummary summary = store::read_changes_over(steps, [](const Change& change) {
    const bool moved = change.kind == store::ChangeKind::changed && !(change.before == change.after);
    fmt::print("{:<9} {}  {}{}\n", name_of(change.kind), change.source_id,
               box_text(change.kind == store::ChangeKind::inserted ? change.after : change.before),
               moved ? " -> " + box_text(change.after) : "");
  });
  fmt::print("{}/{}: {} -> {}: inserted {}, changed {}, removed {}; within {}\n", summary.layer,
             summary.partition, summary.from, summary.to, summary.inserted, summary.changed, summary.removed,
             box_text(summary.extent));
  if (!summary.listed) fmt::print("too many to be listed one by one\n");
}

nlohmann::json polygon(const geom::Box& box) {
  if (box.empty()) return nullptr;
  return {{"type", "Polygon"},
          {"coordinates",
           {{{box.min_x, box.min_y},
             {box.max_x, box.min_y},
             {box.max_x, box.max_y},
             {box.min_x, box.max_y},
             {box.min_x, box.min_y}}}}};
}

void print_geojson(const std::vector<std::filesystem::path>& steps) {
  fmt::print("{{\"type\":\"FeatureCollection\",\"features\":[");
  bool first = true;
  const auto summary = store::read_changes_over(steps, [&](const Change& change) {
    geom::Box box = change.before;
    if (!change.after.empty()) box.add(change.after);
    const nlohmann::json feature{{"type", "Feature"},
                                 {"id", change.id},
                                 {"geometry", polygon(box)},
                                 {"properties", nlohmann::json::parse(store::to_line(change))}};
    fmt::print("{}\n{}", first ? "" : ",", feature.dump());
    first = false;
  });
  fmt::print("],\"summary\":{}}}\n", store::to_line(summary));
}

int diff(const Options& options) {
  const auto steps = steps_of(options, published(options));
  if (options.format == "text") {
    print_text(steps);
  } else if (options.format == "geojson") {
    print_geojson(steps);
  } else {
    const auto summary = store::read_changes_over(
        steps, [](const Change& change) { fmt::print("{}\n", store::to_line(change)); });
    fmt::print("{}\n", store::to_line(summary));
  }
  return 0;
}

}  // namespace

void add_diff_command(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("diff", "list what a revision of a layer changed, with bounding boxes");
  command->footer(
      "Without --from and --to: the last step. The lists of the last 16 steps are kept. They name hidden\n"
      "features too: they are for the operator.");
  command->add_option("LAYER", options->layer, "the layer's id")->required();
  command->add_option("--data", options->data, "the data folder")->required()->envname("RITCHI_DATA");
  command->add_option("--partition", options->partition, "which part, where the layer has several");
  command->add_option("--from", options->from, "the older revision, or its first characters");
  command->add_option("--to", options->to, "the newer revision (default: the published one)");
  command->add_option("--format", options->format, "text, json (one object a line) or geojson (boxes)")
      ->check(CLI::IsMember({"text", "json", "geojson"}))
      ->capture_default_str();
  command->callback([options, &chosen] { chosen = [options] { return diff(*options); }; });
}

}  // namespace ritchi::app
