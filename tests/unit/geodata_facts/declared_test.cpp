// The conditions of the shipped facts can be asked of their layers, and name only codes that exist.
#include <gtest/gtest.h>

#include <functional>

#include "geodata/catalogue/catalogue.hpp"
#include "geodata/filter/predicate.hpp"

namespace ritchi::facts {
namespace {

using filter::NodePtr;
using filter::Op;

// Every literal beside a property with a code list is one of its codes.
void check_codes(const NodePtr& node, const catalogue::Layer& layer, const catalogue::Catalogue& catalogue) {
  const catalogue::CodeList* codes = nullptr;
  for (const auto& arg : node->args)
    if (arg->op == Op::property && arg->column >= 0)
      codes = catalogue.find_codes(layer.attributes[static_cast<std::size_t>(arg->column)].codes);
  for (const auto& arg : node->args) {
    const auto* text = arg->op == Op::literal ? std::get_if<std::string>(&arg->value) : nullptr;
    if (codes != nullptr && text != nullptr) {
      EXPECT_NE(codes->find(*text), nullptr) << layer.id << ": " << *text;
    }
    check_codes(arg, layer, catalogue);
  }
}

TEST(DeclaredFacts, AskWhatTheirLayersCanAnswer) {
  const auto catalogue = catalogue::Catalogue::load(std::string(RITCHI_SOURCE_DIR) + "/styles");
  int conditions = 0;
  const auto check = [&](const catalogue::FactFeatures& features) {
    if (features.where.empty()) return;
    const catalogue::Layer& layer = *catalogue.find_layer(features.layer);
    check_codes(filter::parse_text(features.where, layer)->root(), layer, catalogue);
    ++conditions;
  };
  for (const auto& id : catalogue.layers_with_facts())
    for (const auto& fact : catalogue.facts_of(id)) {
      check(fact.features);
      if (!fact.extendable) continue;
      for (const auto& blocked : fact.extendable->blocked) check(blocked.features);
      const auto* districts = catalogue.find_codes(catalogue.find_layer(fact.extendable->zoning_layer)
                                                       ->find(fact.extendable->zoning_attribute)
                                                       ->codes);
      for (const auto& group : fact.extendable->groups)
        for (const auto& word : group) EXPECT_NE(districts->find(word), nullptr) << word;
    }
  EXPECT_GT(conditions, 10);
}

}  // namespace
}  // namespace ritchi::facts
