// A feature that an answer shows and that the public does not see: what the audit writes down.
#pragma once
#include <cstdint>
#include <string>
#include <tuple>

namespace ritchi::store {

struct ShownFeature {
  std::string layer;
  std::int64_t id = 0;
  friend bool operator==(const ShownFeature&, const ShownFeature&) = default;
  friend bool operator<(const ShownFeature& a, const ShownFeature& b) {
    return std::tie(a.layer, a.id) < std::tie(b.layer, b.id);
  }
};

}  // namespace ritchi::store
