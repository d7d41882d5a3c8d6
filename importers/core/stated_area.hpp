// Compares the area that a record states with that of its shape: a difference is noted, never a reject.
#pragma once
#include <optional>

#include "geodata/catalogue/layer.hpp"
#include "geodata/load/dataset_writer.hpp"

namespace ritchi::importers {

// More than this is noted: surveys and drawings differ by a few per cent.
inline constexpr double noted_area_share = 0.10;

class StatedArea {
 public:
  explicit StatedArea(const catalogue::Layer& layer);
  void check(load::Record& record) const;

 private:
  const catalogue::Layer& m_layer;
  std::size_t m_attribute;  // the layer's stated_area
};

}  // namespace ritchi::importers
