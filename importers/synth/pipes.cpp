// The two networks: drinking water as PLATEAU CityGML (a file per served cell), industrial water as a ledger
// in CSV.
//
// Four pipes in five are drinking water. The city model has shape and year only, as published; the ledger has
// what ageing and seismic questions need.
#include "importers/synth/pipes.hpp"

#include "importers/synth/job.hpp"
#include "importers/synth/laying.hpp"
#include "importers/synth/network.hpp"

namespace ritchi::synth {
namespace {

constexpr NetworkRules drinking_rules{1, 110, 1, 16, 0, 1000};
constexpr NetworkRules industrial_rules{2, 400 / 3.0, 3, 13, 35, 200};

std::uint64_t network_id(const Region& region, std::uint64_t salt) {
  return static_cast<std::uint64_t>(std::stoi(region.prefecture_code)) * 10 + salt;
}

}  // namespace

void write_pipes(Job& job) {
  const Region& region = job.region;
  const std::int64_t industrial = job.counts.pipes / 5;
  const Network drinking(region, job.seed, drinking_rules, job.counts.pipes - industrial);
  const Network factory(region, job.seed, industrial_rules, industrial);

  ImportEntry model{"plateau-unf", "water_pipes", {}, "2025-03-21", {}, 0, 0, {}};
  ImportEntry nodes{"plateau-unf-nodes", "water_facilities", {}, "2025-03-21", {}, 0, 0, {}};
  LayingHistory drinking_history(job.seed, network_id(region, drinking_rules.salt));
  Random ids(job.seed, {key(Stream::handhole), network_id(region, 0)});
  for (const Network::Served& served : drinking.served()) {
    const std::string name = "pipes_" + std::to_string(model.files.size() + 1) + "_water_op.gml";
    PipeModelFile file(job.folder / name, region, served.cell);
    for (const Pipe& pipe : drinking.pipes_of(served))
      file.add(pipe, drinking_history.next(pipe.length_m), ids);
    model.rows += file.pipes();
    nodes.rows += file.handholes();
    file.close();
    model.files.push_back(name);
  }
  nodes.files = model.files;
  for (ImportEntry* entry : {&model, &nodes}) {
    entry->features = entry->rows;
    if (entry->rows > 0) job.imports.push_back(*entry);
  }

  PipeLedger ledger(job.folder / "water-pipe-ledger.csv", region);
  LayingHistory factory_history(job.seed, network_id(region, industrial_rules.salt));
  Random facts(job.seed, {key(Stream::laying), network_id(region, 9)});
  for (const Network::Served& served : factory.served())
    for (const Pipe& pipe : factory.pipes_of(served))
      ledger.add(served.cell, pipe, factory_history.next(pipe.length_m), facts);
  ledger.close();
  job.imports.push_back({"pipe-ledger",
                         "water_pipes",
                         {"water-pipe-ledger.csv"},
                         "2025-03-31",
                         {"--partition", region.prefecture_code + "-industrial"},
                         ledger.count(),
                         ledger.count(),
                         {}});
}

}  // namespace ritchi::synth
