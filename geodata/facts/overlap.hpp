// How much of one polygon lies in others.
#pragma once
#include <memory>
#include <optional>

#include "geodata/geom/geometry.hpp"

namespace ritchi::facts {

// Many shapes are cut with one polygon. Coordinates are EPSG:6668; areas are geodesic on GRS80. Used by one
// thread at a time.
class Overlap {
 public:
  // A valid polygon.
  explicit Overlap(const geom::Geometry& polygon);
  ~Overlap();
  Overlap(const Overlap&) = delete;
  Overlap& operator=(const Overlap&) = delete;

  double polygon_area_m2() const;
  // The part of this shape inside the polygon, of the shape's own dimension; nothing where they do not meet,
  // or meet in their borders alone.
  std::optional<geom::Geometry> part_of(const geom::Geometry& shape);
  // Parts given to add() are united: what several cover counts once.
  void add(const geom::Geometry& part);
  double united_area_m2();  // of what was added since the last reset
  void reset();

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace ritchi::facts
