// One stored feature as a cursor shows it, and as an owned copy.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/catalogue/value.hpp"

namespace ritchi::store {

using catalogue::ValueView;

struct FeatureView {
  std::int64_t id = 0;
  std::string_view source_id;
  bool synthetic = false;
  std::span<const std::byte> geometry;  // SpatiaLite blob, EPSG:6668; empty where the place is not known
  std::span<const ValueView> values;    // in the order of the layer's attributes
};

using Visitor = std::function<void(const FeatureView&)>;

struct Feature {
  std::int64_t id = 0;
  std::string source_id;
  bool synthetic = false;
  std::vector<std::byte> geometry;
  std::vector<catalogue::Value> values;
};

Feature copy_of(const FeatureView& view);
catalogue::Value copy_of(const ValueView& value);
// Borrowed: valid while the value is.
ValueView view_of(const catalogue::Value& value);

}  // namespace ritchi::store
