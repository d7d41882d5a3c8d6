// A number that follows from other attributes of the same record, as a profile declares it.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "geodata/load/dataset_writer.hpp"
#include "importers/core/profile_field.hpp"

namespace ritchi::importers {

class DerivedValue {
 public:
  // The field has passed check_against(). The layer must outlive this.
  DerivedValue(const Field& field, const catalogue::Layer& layer);

  std::size_t attribute() const { return m_attribute; }
  const std::vector<std::size_t>& operands() const { return m_operands; }
  // Nothing where an operand is unknown.
  std::optional<double> compute(const std::vector<catalogue::Value>& values) const;
  // Fills the attribute where the source says nothing of it. What the source says stays, with a note where it
  // is another figure. Returns the reason where the result does not fit the layer, otherwise an empty text.
  Message apply(load::Record& record) const;

 private:
  const catalogue::Layer& m_layer;
  Derivation m_derivation;
  std::size_t m_attribute;
  std::vector<std::size_t> m_operands;
};

}  // namespace ritchi::importers
