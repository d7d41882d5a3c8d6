#include "geodata/facts/fact_group.hpp"

#include <map>

#include "geodata/facts/extendable.hpp"
#include "geodata/facts/facts_there.hpp"
#include "geodata/facts/nearest_facts.hpp"

namespace ritchi::facts {

using catalogue::Fact;
using catalogue::FactKind;

// What lies there comes first: distances may go on from it.
std::vector<std::unique_ptr<FactGroup>> make_groups(const std::vector<Fact>& facts,
                                                    const FactContext& context,
                                                    const std::function<void()>& tick) {
  std::map<std::string, std::vector<const Fact*>> there;  // by layer
  std::map<std::string, std::vector<const Fact*>> of_nearest;
  for (const Fact& fact : facts) {
    if (fact.kind == FactKind::at || fact.kind == FactKind::share)
      there[fact.features.layer].push_back(&fact);
    if (fact.kind == FactKind::of_nearest) of_nearest[fact.of].push_back(&fact);
  }
  std::vector<std::unique_ptr<FactGroup>> out;
  out.reserve(facts.size());
  for (const auto& [layer, of_layer] : there) out.push_back(make_group_there(of_layer, context));
  for (const Fact& fact : facts) {
    if (fact.kind == FactKind::nearest)
      out.push_back(make_nearest_group(fact, of_nearest[fact.name], context, tick));
    if (fact.kind == FactKind::extendable) out.push_back(make_extendable_group(fact, context));
  }
  return out;
}

}  // namespace ritchi::facts
