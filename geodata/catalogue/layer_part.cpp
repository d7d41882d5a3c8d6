#include "geodata/catalogue/layer_part.hpp"

#include <algorithm>

namespace ritchi::catalogue {
namespace {

class Cut {
 public:
  explicit Cut(const Layer& left) : m_left(left) {}

  bool has(const std::string& name) const { return m_left.find(name) != nullptr; }
  void keep(std::string& name) const {
    if (!has(name)) name.clear();
  }
  void keep(std::vector<std::string>& names) const {
    std::erase_if(names, [this](const std::string& name) { return !has(name); });
  }
  void keep(Aggregates& of) const {
    for (auto* names : {&of.sum, &of.min, &of.max}) keep(*names);
  }
  void keep(DatedBy& dated_by) const {
    keep(dated_by.to);
    if (!has(dated_by.at) && !has(dated_by.from)) dated_by = {};
  }

  void keep(ZoomDeclaration& rule) const {
    if (rule.cluster) {
      keep(rule.cluster->of);
      if (rule.cluster->classes && !has(rule.cluster->classes->attribute)) rule.cluster->classes.reset();
    }
    keep_grouping(rule.join);
    keep_grouping(rule.merge);
    keep(rule.attributes);
  }

 private:
  template <class Grouping>
  void keep_grouping(std::optional<Grouping>& grouping) const {
    if (!grouping) return;
    keep(grouping->by);
    keep(grouping->of);
  }

  const Layer& m_left;
};

}  // namespace

Layer part_of(const Layer& layer, const Hides& hides) {
  Layer out = layer;
  if (std::erase_if(out.attributes, hides) == 0) return out;
  const Cut cut(out);
  cut.keep(out.rank);
  cut.keep(out.stated_area);
  cut.keep(out.dated_by);
  for (ZoomDeclaration& rule : out.generalise) cut.keep(rule);
  return out;
}

Layer public_part(const Layer& layer) {
  return part_of(layer, [](const Attribute& attribute) { return attribute.disclosure != Disclosure::open; });
}

bool same_attributes(const Layer& a, const Layer& b) {
  return std::equal(a.attributes.begin(), a.attributes.end(), b.attributes.begin(), b.attributes.end(),
                    [](const Attribute& one, const Attribute& other) { return one.name == other.name; });
}

}  // namespace ritchi::catalogue
