// A feature that an answer shows and that the public does not see: what the audit writes down.
#pragma once
#include <compare>
#include <cstdint>
#include <string>

namespace ritchi::store {

struct ShownFeature {
  std::string layer;
  std::int64_t id = 0;
  friend auto operator<=>(const ShownFeature&, const ShownFeature&) = default;
};

}  // namespace ritchi::store
