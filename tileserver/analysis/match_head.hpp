// What of a site is written alike in every answer: the feature up to the properties that a question decides.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "geodata/geom/geometry.hpp"
#include "geodata/store/feature.hpp"
#include "tileserver/analysis/remembered.hpp"

namespace ritchi::analysis {

// By site of a table.
using SiteHeads = Remembered<std::shared_ptr<const std::string>>;

// Used by one thread.
class HeadWriter {
 public:
  explicit HeadWriter(const catalogue::Layer& layer);
  // {"type":"Feature",…,"properties":{…,"synthetic":false, left open for more.
  std::shared_ptr<const std::string> head_of(const store::FeatureView& row);

 private:
  std::vector<std::string> m_keys;  // "name": of each attribute
  std::string m_geometry;
  geom::Geometry m_shape;
};

}  // namespace ritchi::analysis
