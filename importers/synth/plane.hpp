// Japan's plane rectangular zones I–XIX (transverse Mercator on GRS80): metres to degrees and back.
//
// PROJ would do, but its last digit changes with its version, and the generator's files must not.
#pragma once
#include "geodata/geom/geometry.hpp"

namespace ritchi::synth {

// A plane point is x = easting, y = northing in metres; a geographic one x = longitude, y = latitude in
// degrees.
class Plane {
 public:
  explicit Plane(int zone);  // 1 … 19

  geom::Point to_degrees(geom::Point metres) const noexcept;
  geom::Point to_metres(geom::Point degrees) const noexcept;
  int zone() const noexcept { return m_zone; }
  // Plane and height together, as PLATEAU's CityGML names it (10162 … 10180).
  int compound_epsg() const noexcept { return 10161 + m_zone; }

 private:
  int m_zone;
  double m_origin_longitude;
  double m_origin_arc_m;
};

}  // namespace ritchi::synth
