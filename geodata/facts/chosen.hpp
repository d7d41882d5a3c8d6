// Which features of a layer a fact looks at, and what it takes from them.
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "geodata/facts/fact_group.hpp"
#include "geodata/filter/evaluate.hpp"
#include "geodata/filter/predicate.hpp"

namespace ritchi::facts {

inline constexpr const char* municipality_layer = "municipalities";

// One dataset of a layer with the conditions of several facts. Used by one thread.
class ChosenRows {
 public:
  // wheres: CQL2 texts, empty for all features. Throws Error(bad_input) where one does not fit the layer.
  ChosenRows(std::shared_ptr<const store::Dataset> dataset, const std::vector<std::string>& wheres,
             const FactContext& context);

  // Every public feature whose box meets the box and that some condition is true of. fits: by the wheres.
  using Take = std::function<void(const store::FeatureView& row, const std::vector<char>& fits)>;
  void in_box(const geom::Box& box, const Take& take);
  void all(const Take& take);
  std::uint16_t source() const { return m_source; }
  const store::Dataset& dataset() const { return *m_dataset; }

 private:
  void look_at(const store::FeatureView& row, const Take& take);
  std::shared_ptr<const store::Dataset> m_dataset;
  std::uint16_t m_source;
  std::optional<filter::Evaluator> m_dated;
  std::vector<std::optional<filter::Evaluator>> m_conditions;
  std::vector<char> m_fits;
};

// All datasets of a layer; empty where nothing is published.
std::vector<ChosenRows> chosen_rows(const std::string& layer, const std::vector<std::string>& wheres,
                                    const FactContext& context);

// The first known of some attributes as a number or a word.
using Taken = std::variant<std::monostate, double, std::string>;
Taken taken(const store::ValueView& value);
// Its place in the list; the list's size where none is known.
std::size_t first_known_at(std::span<const store::ValueView> values,
                           const std::vector<std::size_t>& attributes);
Taken first_known(std::span<const store::ValueView> values, const std::vector<std::size_t>& attributes);
std::vector<std::size_t> indices_of(const catalogue::Layer& layer,
                                    const std::vector<std::string>& attributes);
void put(const Taken& taken, FactValue& out);

// The dataset that says that there is nothing at a place.
std::uint16_t source_of_nothing(const std::vector<ChosenRows>& datasets, const geom::Box& box);

bool meets(const geom::Box& box, const LayerChange& change);

}  // namespace ritchi::facts
