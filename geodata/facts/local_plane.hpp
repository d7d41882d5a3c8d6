// Metres east and north of a place: good for what lies a few kilometres around it.
#pragma once
#include "geodata/geom/geometry.hpp"

namespace ritchi::facts {

class LocalPlane {
 public:
  explicit LocalPlane(geom::Point centre);  // longitude, latitude
  geom::Geometry to_plane(const geom::Geometry& lonlat) const;
  geom::Geometry to_lonlat(const geom::Geometry& plane) const;
  // A box of longitudes and latitudes, wider by so much on all sides.
  geom::Box widened(const geom::Box& box, double by_m) const;

 private:
  geom::Point m_centre;
  double m_metres_x = 0;  // for a degree
  double m_metres_y = 0;
};

}  // namespace ritchi::facts
