// The two networks: drinking water as PLATEAU CityGML (a file per served cell), industrial water as a ledger
// in CSV.
//
// Four pipes in five are drinking water. The city model has shape and year only, as published; the ledger has
// what ageing and seismic questions need.
#include "importers/synth/pipes.hpp"

#include "geodata/base/error.hpp"
#include "importers/synth/job.hpp"
#include "importers/synth/laying.hpp"
#include "importers/synth/network.hpp"

namespace ritchi::synth {
namespace {

std::uint64_t network_id(const Region& region, std::uint64_t salt) {
  return static_cast<std::uint64_t>(std::stoi(region.prefecture_code)) * 10 + salt;
}

void check_all_laid(const Region& region, const Network& network) {
  if (network.left() > 0)
    throw base::Error(base::ErrorKind::bad_input,
                      std::to_string(network.left()) + " pipes find no room in " + region.prefecture,
                      "--scale", "use a smaller scale; ritchi synth --help names the limits");
}

}  // namespace

void write_pipes(Job& job) {
  const Region& region = job.region;
  const std::int64_t industrial = job.counts.pipes / 5;
  Network drinking(region, job.seed, drinking_rules, job.counts.pipes - industrial);
  Network factory(region, job.seed, industrial_rules, industrial);

  ImportEntry model{"plateau-unf", "water_pipes", {}, "2025-03-21"};
  ImportEntry nodes{"plateau-unf-nodes", "water_facilities", {}, "2025-03-21"};
  LayingHistory drinking_history(job.seed, network_id(region, drinking_rules.salt));
  Random ids(job.seed, {key(Stream::handhole), network_id(region, 0)});
  for (auto pipes = drinking.next_cell(); !pipes.empty(); pipes = drinking.next_cell()) {
    const std::string name = "pipes_" + std::to_string(model.files.size() + 1) + "_water_op.gml";
    PipeModelFile file(job.folder / name, region, drinking.cell());
    for (const auto& laid : pipes) file.add(laid.pipe, drinking_history.next(laid.pipe.length_m), ids);
    model.rows += file.pipes();
    model.odd["year_0001"] += file.years_unknown();
    nodes.rows += file.handholes();
    file.close();
    model.files.push_back(name);
  }
  check_all_laid(region, drinking);
  nodes.files = model.files;
  model.others = nodes.rows;
  nodes.others = model.rows;
  for (ImportEntry* entry : {&model, &nodes}) {
    entry->features = entry->rows;
    if (entry->rows > 0) job.imports.push_back(*entry);
  }

  PipeLedger ledger(job.folder / "water-pipe-ledger.csv", region);
  LayingHistory factory_history(job.seed, network_id(region, industrial_rules.salt));
  Random facts(job.seed, {key(Stream::laying), network_id(region, 9)});
  for (auto pipes = factory.next_cell(); !pipes.empty(); pipes = factory.next_cell()) {
    job.industrial_water_cells.push_back(factory.cell());
    for (const auto& laid : pipes)
      ledger.add(laid.municipality, laid.pipe, factory_history.next(laid.pipe.length_m), facts);
  }
  check_all_laid(region, factory);
  ledger.close();
  if (ledger.count() == 0) return;
  ImportEntry entry{"pipe-ledger",
                    "water_pipes",
                    {"water-pipe-ledger.csv"},
                    "2025-03-31",
                    {"--partition", region.prefecture_code + "-industrial"}};
  ledger.report(entry);
  job.imports.push_back(std::move(entry));
}

}  // namespace ritchi::synth
