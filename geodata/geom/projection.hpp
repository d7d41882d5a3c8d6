// Coordinates of any reference system to the stored form: JGD2011 geographic (EPSG:6668), x = longitude, y =
// latitude.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "geodata/geom/geometry.hpp"

namespace ritchi::geom {

// Thread-confined: each object owns one PROJ context. Moving it is fine.
class Projection {
 public:
  // source_crs: "EPSG:n", a WKT or a PROJ string. Never goes to the network: grids count only where
  // installed. An unknown system throws Error(bad_input).
  static Projection to_stored(const std::string& source_crs);
  ~Projection();
  Projection(Projection&&) noexcept;
  Projection& operator=(Projection&&) noexcept;

  // Input in visualisation order, x = east or longitude, y = north or latitude. A point that cannot be
  // projected throws Error(bad_input), and the geometry is left half done.
  void apply(Geometry& geometry) const;
  Point apply(Point point) const;

  // True where the authority defines the source's axes as north (or latitude) first: formats that deliver
  // authority order (GML, CityGML) must be swapped by the reader.
  bool northing_first() const;

  // The operation in PROJ's words, e.g. "Inverse of Japan Plane Rectangular CS zone VIII".
  std::string name() const;
  // Nothing where PROJ does not state an accuracy (ballpark operations).
  std::optional<double> accuracy_m() const;
  // A plane, whose coordinates are metres; else longitude and latitude in degrees.
  bool is_projected() const;
  // Grids that a more accurate operation needs and that are not installed, as "tky2jgd.gsb (accuracy 0.2 m)",
  // with the package that brings them where PROJ knows one.
  const std::vector<std::string>& missing_grids() const;
  // The source as it was asked for.
  const std::string& source() const;

 private:
  struct State;
  explicit Projection(std::unique_ptr<State> state);
  std::unique_ptr<State> m_state;
};

}  // namespace ritchi::geom
