#include "geodata/load/facts_update.hpp"

#include <algorithm>
#include <chrono>

#include "geodata/base/error.hpp"
#include "geodata/facts/fact_origin.hpp"
#include "geodata/load/facts_builder.hpp"
#include "geodata/load/staging.hpp"
#include "geodata/store/data_folder.hpp"

namespace ritchi::load {
namespace {

using base::Error;
using base::ErrorKind;

constexpr const char* remedy = "run `ritchi check --rebuild`";

// With the lock of the layer's facts held: nothing that is published meanwhile is missed, since whoever
// publishes it waits for the lock and looks at it then.
FactsOutcome compute_locked(const FactsRequest& request, const std::string& layer,
                            const std::string& partition, const JustPublished* published, Staging& staging) {
  const auto begun = std::chrono::steady_clock::now();
  const auto snapshot = store::Snapshot::load(request.data_folder, request.catalogue, nullptr);
  const auto found = std::find_if(snapshot->all().begin(), snapshot->all().end(), [&](const auto& dataset) {
    return dataset->info().layer == layer && dataset->info().partition == partition;
  });
  if (found == snapshot->all().end())
    throw Error(ErrorKind::not_found, "there is no such dataset that can be read",
                store::dataset_file(request.data_folder, layer, partition).string());
  FactsBuilder builder(request, snapshot, *found);
  if (published != nullptr) builder.go_on_from(*published);
  FactsOutcome out = builder.write(staging.file());
  const auto alone = staging.lock_publishing();
  const auto now = store::Dataset::open((*found)->file(), nullptr);
  // Where the dataset was replaced meanwhile, whoever did it computes its facts.
  if (now->info().whole.revision == (*found)->info().whole.revision)
    staging.publish_as(store::facts_file(request.data_folder, layer, partition));
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  return out;
}

FactsRequest dated(const FactsRequest& request) {
  FactsRequest out = request;
  if (out.today.empty()) out.today = facts::today_in_japan();
  return out;
}

bool depends_on(const std::vector<catalogue::Fact>& facts, const std::string& layer) {
  const auto layers = facts::layers_of(facts);
  return std::find(layers.begin(), layers.end(), layer) != layers.end();
}

}  // namespace

FactsOutcome compute_facts(const FactsRequest& request, const std::string& layer,
                           const std::string& partition) {
  Staging staging(request.data_folder, layer);
  const auto alone = staging.lock_facts();
  return compute_locked(dated(request), layer, partition, nullptr, staging);
}

std::vector<FactsOutcome> update_facts(const FactsRequest& request, const JustPublished& published) {
  std::vector<FactsOutcome> out;
  for (const auto& layer : request.catalogue.layers_with_facts()) {
    const bool own = layer == published.now.layer;
    if (!own && !depends_on(request.catalogue.facts_of(layer), published.now.layer)) continue;
    for (const auto& info : store::find_published(request.data_folder, layer)) {
      if (own && info.partition != published.now.partition) continue;
      FactsOutcome outcome;
      try {
        Staging staging(request.data_folder, layer);
        const auto alone = staging.lock_facts();
        outcome = compute_locked(dated(request), layer, info.partition, &published, staging);
      } catch (const std::exception& error) {
        const auto* known = dynamic_cast<const Error*>(&error);
        outcome.failure = known != nullptr ? known->line() : error.what();
        outcome.remedy = remedy;
      }
      outcome.layer = layer;
      outcome.partition = info.partition;
      out.push_back(std::move(outcome));
    }
  }
  return out;
}

}  // namespace ritchi::load
