#include "geodata/facts/fact_origin.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include "geodata/base/digest.hpp"
#include "geodata/facts/chosen.hpp"
#include "geodata/facts/fact_group.hpp"
#include "geodata/filter/instant.hpp"

namespace ritchi::facts {
namespace {

using catalogue::Fact;

// Of how values are computed: another one makes all of them anew.
constexpr const char* method = "2";

const Fact* find(const std::vector<Fact>& declared, const std::string& name) {
  const auto found =
      std::find_if(declared.begin(), declared.end(), [&](const Fact& fact) { return fact.name == name; });
  return found == declared.end() ? nullptr : &*found;
}

// With the facts that it goes on from.
void collect(const Fact& fact, const std::vector<Fact>& declared, std::vector<const Fact*>& out) {
  out.push_back(&fact);
  for (const std::string* other : {&fact.of, &fact.same_fact})
    if (const Fact* found = find(declared, *other)) collect(*found, declared, out);
}

}  // namespace

Origin::Origin(const store::Snapshot& snapshot, const std::vector<std::string>& layers,
               const std::string& today) {
  for (const auto& id : layers) {
    auto& parts = m_parts[id];
    const auto* view = snapshot.find(id);
    if (view == nullptr) continue;
    for (const auto& dataset : view->datasets)
      parts.push_back({dataset->info().partition, dataset->info().open.revision,
                       moment_of(dataset->layer(), dataset->info().as_of, today)});
  }
}

Origin Origin::with(const std::string& layer, const OriginPart& part) const {
  Origin out = *this;
  for (OriginPart& present : out.m_parts[layer])
    if (present.partition == part.partition) present = part;
  return out;
}

std::string Origin::digest(const Fact& fact, const std::vector<Fact>& declared,
                           const std::string& dataset_revision) const {
  std::vector<const Fact*> involved;
  collect(fact, declared, involved);
  base::Sha256 digest;
  digest.add_field(method);
  digest.add_field(dataset_revision);
  std::set<std::string> layers;
  for (const Fact* one : involved) {
    digest.add_field(one->declaration);
    for (const auto& layer : one->layers()) layers.insert(layer);
  }
  if (!layers.empty()) layers.insert(municipality_layer);
  for (const auto& layer : layers) {
    digest.add_field(layer);
    const auto found = m_parts.find(layer);
    if (found == m_parts.end()) continue;
    for (const OriginPart& part : found->second)
      for (const std::string* field : {&part.partition, &part.revision, &part.moment})
        digest.add_field(*field);
  }
  return digest.hex();
}

std::vector<std::string> layers_of(const std::vector<Fact>& facts) {
  std::set<std::string> out;
  for (const Fact& fact : facts)
    for (const auto& layer : fact.layers()) out.insert(layer);
  if (!out.empty()) out.insert(municipality_layer);
  return {out.begin(), out.end()};
}

std::vector<std::string> stale_facts(const store::Dataset& dataset, const std::vector<Fact>& declared,
                                     const store::Snapshot& snapshot, const std::string& today) {
  const store::FactsFile* file = dataset.facts();
  const Origin origin(snapshot, layers_of(declared), today);
  std::vector<std::string> out;
  for (const Fact& fact : declared) {
    if (!fact.is_stored()) continue;
    const auto* column = file == nullptr ? nullptr : file->find(fact.name);
    if (column == nullptr ||
        column->made_from != origin.digest(fact, declared, dataset.info().whole.revision))
      out.push_back(fact.name);
  }
  return out;
}

std::string today_in_japan() {
  using namespace std::chrono;
  const auto day = floor<days>(system_clock::now() + hours(9)).time_since_epoch().count();
  return filter::day_text(day);
}

}  // namespace ritchi::facts
