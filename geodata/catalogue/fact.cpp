#include "geodata/catalogue/fact.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/catalogue/catalogue.hpp"

namespace ritchi::catalogue {
namespace {

using base::Error;
using base::ErrorKind;
using nlohmann::json;

// Kept equal to geodata/store/disclosure.hpp by a test.
constexpr const char* disclosure = "disclosure";

const std::map<std::string, FactKind> kinds{{"attribute", FactKind::attribute},
                                            {"nearest", FactKind::nearest},
                                            {"of_nearest", FactKind::of_nearest},
                                            {"at", FactKind::at},
                                            {"share", FactKind::share},
                                            {"extendable", FactKind::extendable},
                                            {"age", FactKind::age}};
const std::map<std::string, Take> takes{{"greatest", Take::greatest},
                                        {"least", Take::least},
                                        {"largest_share", Take::largest_share},
                                        {"set", Take::set}};

// Reads one fact; the schema has looked at the types before.
class FactReader {
 public:
  FactReader(const Layer& of, const std::vector<Fact>& before, const Catalogue& catalogue, std::string where)
      : m_of(of), m_before(before), m_catalogue(catalogue), m_where(std::move(where)) {}

  Fact read(const json& object) {
    m_fact.name = object.at("name").get<std::string>();
    if (find(m_fact.name) != nullptr) fail("name", "is declared twice");
    m_fact.title = title_of(object.at("title"));
    m_fact.computed = title_of(object.at("computed"));
    m_fact.unit = object.value("unit", "");
    for (const auto& [name, kind] : kinds)
      if (object.contains(name)) {
        m_fact.kind = kind;
        read_kind(name, object);
      }
    json decides = object;
    for (const char* shown : {"title", "computed", "unit"}) decides.erase(shown);
    m_fact.declaration = decides.dump();
    return std::move(m_fact);
  }

 private:
  static Title title_of(const json& at) {
    return {at.at("ja").get<std::string>(), at.at("en").get<std::string>()};
  }

  [[noreturn]] void fail(const std::string& key, const std::string& reason) const {
    throw Error(ErrorKind::bad_input, "fact '" + m_fact.name + "': key '" + key + "' " + reason, m_where);
  }

  const Fact* find(const std::string& name) const {
    const auto found =
        std::find_if(m_before.begin(), m_before.end(), [&](const Fact& fact) { return fact.name == name; });
    return found == m_before.end() ? nullptr : &*found;
  }

  const Fact& fact_before(const std::string& key, const std::string& name, FactKind kind) const {
    const Fact* found = find(name);
    if (found == nullptr) fail(key, "names '" + name + "', which is not declared before it");
    if (found->kind != kind && kind != FactKind::age)
      fail(key, "names '" + name + "', a fact of another kind");
    return *found;
  }

  const Layer& layer(const std::string& key, const std::string& id) const {
    const Layer* found = m_catalogue.find_layer(id);
    if (found == nullptr) fail(key, "names the unknown layer '" + id + "'");
    if (found->find(disclosure) != nullptr)
      fail(key, "names the layer '" + id + "', whose features are not all public: no fact may come from it");
    return *found;
  }

  const Attribute& attribute(const std::string& key, const Layer& in, const std::string& name) const {
    const Attribute* found = in.find(name);
    if (found == nullptr) fail(key, "names '" + name + "', which the layer '" + in.id + "' does not have");
    return *found;
  }

  FactFeatures features(const std::string& key, const json& object) const {
    FactFeatures out{object.at("layer").get<std::string>(), object.value("where", "")};
    layer(key, out.layer);
    return out;
  }

  // The form of the values that these attributes have in common.
  void take_form(const std::string& key, const Layer& in) {
    std::optional<bool> numeric;
    for (const auto& name : m_fact.attributes) {
      const Attribute& found = attribute(key, in, name);
      const bool is_number = found.type == AttributeType::integer || found.type == AttributeType::real;
      if (numeric && *numeric != is_number) fail(key, "names attributes of different kinds");
      numeric = is_number;
      if (m_fact.codes.empty()) m_fact.codes = found.codes;
    }
    m_fact.form = numeric.value_or(true) ? FactForm::number : FactForm::text;
  }

  void read_kind(const std::string& key, const json& object) {
    const json& of = object.at(key);
    switch (m_fact.kind) {
      case FactKind::attribute:
        m_fact.attributes = of.get<std::vector<std::string>>();
        take_form(key, m_of);
        m_fact.split = object.value("split", "");
        if (m_fact.split.empty()) return;
        if (m_fact.form != FactForm::text) fail("split", "is for texts only");
        m_fact.form = FactForm::texts;
        return;
      case FactKind::nearest:
        m_fact.features = features(key, of);
        if (of.contains("same")) read_same(of["same"]);
        return;
      case FactKind::of_nearest: {
        m_fact.of = of.at("fact").get<std::string>();
        const Fact& nearest = fact_before(key, m_fact.of, FactKind::nearest);
        m_fact.features = nearest.features;
        m_fact.attributes = {of.at("attribute").get<std::string>()};
        return take_form(key, layer(key, nearest.features.layer));
      }
      case FactKind::at:
        return read_at(key, of);
      case FactKind::share:
        m_fact.features = features(key, of);
        return;
      case FactKind::extendable:
        m_fact.extendable = read_extendable(key, of);
        return;
      case FactKind::age:
        m_fact.of = of.at("fact").get<std::string>();
        if (fact_before(key, m_fact.of, FactKind::age).form != FactForm::number)
          fail(key, "names a fact that is no year");
        m_fact.fiscal_year = of.value("fiscal_year", false);
        return;
    }
  }

  void read_same(const json& of) {
    m_fact.same_attribute = of.at("attribute").get<std::string>();
    m_fact.same_fact = of.at("fact").get<std::string>();
    const Attribute& found = attribute("same", layer("same", m_fact.features.layer), m_fact.same_attribute);
    const Fact* other = find(m_fact.same_fact);
    if (other == nullptr) fail("same", "names '" + m_fact.same_fact + "', which is not declared before it");
    if (found.type != AttributeType::text || other->form != FactForm::text)
      fail("same", "compares what is no text");
  }

  void read_at(const std::string& key, const json& of) {
    m_fact.features = features(key, of);
    m_fact.attributes = of.at("attributes").get<std::vector<std::string>>();
    m_fact.take = takes.at(of.at("take").get<std::string>());
    take_form(key, layer(key, m_fact.features.layer));
    const bool number = m_fact.form == FactForm::number;
    const bool ordered = m_fact.take == Take::greatest || m_fact.take == Take::least;
    if (ordered && !number) fail("take", "compares numbers, and these are texts");
    if (m_fact.take == Take::set && number) fail("take", "makes sets of texts, and these are numbers");
    if (m_fact.take == Take::set) m_fact.form = FactForm::texts;
    if (of.contains("lower_bounds")) read_lower_bounds(of["lower_bounds"]);
    if (!of.contains("none")) return;
    if (!number) fail("none", "is for numbers only");
    m_fact.none = of["none"].get<double>();
  }

  void read_lower_bounds(const json& of) {
    m_fact.lower_bounds = of.get<std::vector<std::string>>();
    if (m_fact.take != Take::greatest) fail("lower_bounds", "is for the greatest of values only");
    const auto& all = m_fact.attributes;
    const auto& last = m_fact.lower_bounds;
    if (last.size() > all.size() || !std::equal(last.rbegin(), last.rend(), all.rbegin()))
      fail("lower_bounds", "names other attributes than the last ones");
  }

  Extendable read_extendable(const std::string& key, const json& of) const {
    Extendable out;
    out.within_m = of.at("within_m").get<double>();
    out.zoning_layer = of.at("zoning").at("layer").get<std::string>();
    out.zoning_attribute = of.at("zoning").at("attribute").get<std::string>();
    out.groups = of.at("zoning").at("groups").get<std::vector<std::vector<std::string>>>();
    if (attribute(key, layer(key, out.zoning_layer), out.zoning_attribute).type != AttributeType::text)
      fail(key, "names a zoning attribute that is no text");
    for (const json& blocked : of.at("blocked"))
      out.blocked.push_back({features(key, blocked), blocked.value("needed", false)});
    return out;
  }

  const Layer& m_of;
  const std::vector<Fact>& m_before;
  const Catalogue& m_catalogue;
  std::string m_where;
  Fact m_fact;
};

}  // namespace

namespace {

std::vector<std::string> layers_of(const Fact& fact, bool only_needed) {
  std::vector<std::string> out;
  if (!fact.features.layer.empty()) out.push_back(fact.features.layer);
  if (fact.extendable) {
    out.push_back(fact.extendable->zoning_layer);
    for (const auto& blocked : fact.extendable->blocked)
      if (blocked.needed || !only_needed) out.push_back(blocked.features.layer);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

std::vector<std::string> Fact::layers() const {
  return layers_of(*this, false);
}

std::vector<std::string> Fact::needed_layers() const {
  return layers_of(*this, true);
}

LayerFacts parse_facts(const json& document, const Catalogue& catalogue, const std::string& where) {
  LayerFacts out{document.at("layer").get<std::string>(), {}};
  const Layer* layer = catalogue.find_layer(out.layer);
  if (layer == nullptr)
    throw Error(ErrorKind::bad_input, "key 'layer' names the unknown layer '" + out.layer + "'", where);
  for (const json& object : document.at("facts"))
    out.facts.push_back(FactReader(*layer, out.facts, catalogue, where).read(object));
  return out;
}

}  // namespace ritchi::catalogue
