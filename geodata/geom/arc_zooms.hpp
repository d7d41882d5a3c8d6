// From which zoom on each vertex of a path is needed: Douglas and Peucker's rule, run once for all zooms.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "geodata/geom/geometry.hpp"
#include "geodata/geom/tile_math.hpp"

namespace ritchi::geom {

struct Thinning {
  double tolerance_units = 1.0;  // of a tile of 4096 units
  int minzoom = 0;
  int maxzoom = 14;               // every vertex is kept here
  std::vector<double> by_zoom{};  // tolerances of zooms 0, 1, …, where they are not all the same
  double tolerance_at(int zoom) const {
    const auto i = static_cast<std::size_t>(zoom);
    return i < by_zoom.size() ? by_zoom[i] : tolerance_units;
  }
};

// Zooms: the lowest at which the vertex is kept; 0 where that is every one. What comes out depends on the
// vertices between two ends alone, whichever way the path runs. One per thread; reuses its buffers.
class ArcZooms {
 public:
  // Throws Error(bad_input) for zooms out of order or out of range, or a tolerance below 0.
  explicit ArcZooms(const Thinning& thinning);

  // Positions first to last of a path, modulo its size; the two ends stay at every zoom. The vertex farthest
  // from the straight line stays as soon as it is half a unit off it, sooner than by the tolerance: of two
  // arcs that enclose a ring, one keeps a vertex between its ends while the ring shows on the grid. Where
  // both ends are one vertex, three more stay at every zoom.
  void arc(std::span<const Point> path, std::size_t first, std::size_t last, std::span<std::uint8_t> zooms);
  // A ring without its closing point and without ends to start from: four vertices stay at every zoom.
  void ring(std::span<const Point> path, std::span<std::uint8_t> zooms);

 private:
  enum class Farthest { at_half_a_unit, always };
  void take(std::span<const Point> path, std::size_t first, std::size_t last);
  void mark(std::size_t first, std::size_t last, Farthest farthest, std::span<std::uint8_t> zooms);
  std::uint8_t stored(int zoom) const {
    return zoom <= m_thinning.minzoom ? std::uint8_t{0} : static_cast<std::uint8_t>(zoom);
  }

  struct Stretch {
    std::size_t first = 0;
    std::size_t last = 0;
    int zoom = 0;
  };
  Thinning m_thinning;
  std::array<double, max_zoom + 1> m_squared{};       // tolerance at each zoom
  std::array<double, max_zoom + 1> m_squared_half{};  // the same for a stretch's first split
  // The arc in the direction that every user of it agrees on, and where its vertices are in the path.
  std::vector<Point> m_points;
  std::vector<std::size_t> m_at;
  std::vector<Stretch> m_stack;
};

}  // namespace ritchi::geom
