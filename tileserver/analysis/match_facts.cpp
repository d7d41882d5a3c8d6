#include "tileserver/analysis/match_facts.hpp"

#include <algorithm>
#include <cmath>

#include "tileserver/analysis/site_table.hpp"

namespace ritchi::analysis {

namespace {

// Attributes that a layer is declared to have and this caller does not see.
bool hides(const catalogue::Catalogue& catalogue, const store::Snapshot& snapshot, const std::string& layer,
           const std::vector<std::string>& attributes) {
  const catalogue::Layer* declared = catalogue.find_layer(layer);
  const store::LayerView* view = snapshot.find(layer);
  if (declared == nullptr || view == nullptr) return false;
  return std::any_of(attributes.begin(), attributes.end(), [&](const std::string& name) {
    return declared->find(name) != nullptr && view->layer.find(name) == nullptr;
  });
}

class FactSight {
 public:
  FactSight(const catalogue::Catalogue& catalogue, const store::Snapshot& snapshot, const std::string& layer)
      : m_catalogue(catalogue), m_snapshot(snapshot), m_layer(layer), m_facts(catalogue.facts_of(layer)) {}

  bool attributes_are_seen(const catalogue::Fact& fact) const {
    if (const catalogue::Fact* same = find_fact(m_facts, fact.same_fact); same && !attributes_are_seen(*same))
      return false;
    if (const catalogue::Fact* of = find_fact(m_facts, fact.of)) {
      if (!attributes_are_seen(*of)) return false;
      if (fact.kind == catalogue::FactKind::of_nearest &&
          hides(m_catalogue, m_snapshot, of->features.layer, fact.attributes))
        return false;
    }
    if (fact.kind == catalogue::FactKind::attribute)
      return !hides(m_catalogue, m_snapshot, m_layer, fact.attributes);
    if (fact.kind == catalogue::FactKind::at)
      return !hides(m_catalogue, m_snapshot, fact.features.layer, fact.attributes);
    return true;
  }

  // Nothing of a layer that the caller is kept from may show in a value; a layer that nobody has published
  // has no part in values that can do without it.
  bool layers_are_seen(const catalogue::Fact& fact) const {
    const auto needed = fact.needed_layers();
    if (std::any_of(needed.begin(), needed.end(),
                    [&](const std::string& each) { return m_snapshot.find(each) == nullptr; }))
      return false;
    const catalogue::Fact* of = find_fact(m_facts, fact.of);
    return !is_kept_from(fact) && (of == nullptr || layers_are_seen(*of));
  }

 private:
  bool is_kept_from(const catalogue::Fact& fact) const {
    const auto layers = fact.layers();
    if (std::any_of(layers.begin(), layers.end(),
                    [&](const std::string& each) { return m_snapshot.bars(each); }))
      return true;
    const catalogue::Fact* same = find_fact(m_facts, fact.same_fact);
    return same != nullptr && is_kept_from(*same);
  }

  const catalogue::Catalogue& m_catalogue;
  const store::Snapshot& m_snapshot;
  const std::string& m_layer;
  const std::vector<catalogue::Fact>& m_facts;
};

}  // namespace

const catalogue::Fact* find_fact(const std::vector<catalogue::Fact>& facts, const std::string& name) {
  const auto found = std::find_if(facts.begin(), facts.end(),
                                  [&](const catalogue::Fact& fact) { return fact.name == name; });
  return found == facts.end() ? nullptr : &*found;
}

std::vector<KnownFact> known_facts(const catalogue::Catalogue& catalogue, const store::Snapshot& snapshot,
                                   const std::string& layer) {
  std::vector<KnownFact> out;
  const FactSight sight(catalogue, snapshot, layer);
  const std::vector<catalogue::Fact>& declared = catalogue.facts_of(layer);
  for (const catalogue::Fact& fact : declared)
    if (sight.attributes_are_seen(fact))
      out.push_back({fact.name, fact.title, fact.unit, fact.form, fact.codes,
                     fact.kind == catalogue::FactKind::share ? fact.name : std::string()});
  const store::LayerView* view = snapshot.find(layer);
  if (view == nullptr) return out;
  for (const catalogue::Attribute& attribute : view->layer.attributes)
    if (is_askable(attribute) && find_fact(declared, attribute.name) == nullptr)
      out.push_back(
          {attribute.name, attribute.title, attribute.unit, form_of(attribute), attribute.codes, ""});
  return out;
}

bool layers_are_seen(const catalogue::Catalogue& catalogue, const store::Snapshot& snapshot,
                     const std::string& layer, const std::string& fact) {
  const catalogue::Fact* declared = find_fact(catalogue.facts_of(layer), fact);
  return declared == nullptr || FactSight(catalogue, snapshot, layer).layers_are_seen(*declared);
}

catalogue::Title title_of_fact(const catalogue::Catalogue& catalogue, const std::string& layer,
                               const std::string& fact) {
  const catalogue::Fact* declared = find_fact(catalogue.facts_of(layer), fact);
  return declared == nullptr ? catalogue::Title{fact, fact} : declared->title;
}

double year_of_ages(const std::string& as_of, bool fiscal_year) {
  const bool before_april = as_of.substr(5, 2) < "04";
  return std::stod(as_of.substr(0, 4)) - (fiscal_year && before_april ? 1 : 0);
}

}  // namespace ritchi::analysis
