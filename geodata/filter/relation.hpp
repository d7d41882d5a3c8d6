// Spatial relations between a feature's shape and a constant one, by GEOS; the constant is prepared once.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "geodata/filter/node.hpp"
#include "geodata/geom/geos_bridge.hpp"

namespace ritchi::filter {

// Why GEOS cannot use a shape; nullopt: it can.
std::optional<std::string> fault_of(const Shape& shape);
// Does the shape have points, lines and areas side by side? Then it can be met, and nothing else.
bool is_mixed(const Shape& shape);
geom::Box bounds_of(const Shape& shape);

// Used by the thread that made it.
class PreparedShape {
 public:
  explicit PreparedShape(const Shape& shape);
  ~PreparedShape();
  PreparedShape(PreparedShape&&) noexcept;
  PreparedShape& operator=(PreparedShape&&) = delete;
  // Is `feature op shape`? nullopt where GEOS cannot tell.
  std::optional<bool> relates(Op op, const GEOSGeom_t* feature) const;
  const geom::Box& bounds() const { return m_bounds; }

 private:
  struct Member;
  geom::Box m_bounds;
  std::vector<Member> m_members;
};

std::optional<bool> relate(Op op, const GEOSGeom_t* left, const GEOSGeom_t* right);

}  // namespace ritchi::filter
