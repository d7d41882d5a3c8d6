// Finds lines and polygons that occur twice under different keys, in a fixed amount of memory.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/geom/geometry.hpp"

namespace ritchi::importers {

// A table in which each shape takes the place that its digest gives and the later displaces the earlier: a
// pair is found if not too much lies between the two. Files list doubles near each other or not at all; and
// an import of any length needs the same 4 MB.
class SameShapes {
 public:
  static constexpr std::size_t window = 131'072;

  // The key (perhaps its beginning only) of an earlier feature with this very shape.
  std::optional<std::string> earlier(const geom::Geometry& geometry, std::string_view key);
  void restart();

 private:
  struct Slot {
    std::uint64_t digest = 0;  // 0: empty
    std::array<char, 24> key{};
  };
  std::vector<Slot> m_slots;
};

}  // namespace ritchi::importers
