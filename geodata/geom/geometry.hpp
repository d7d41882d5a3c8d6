// A geometry as flat arrays, reusable without allocation: points, the rings they form, the parts the rings
// form.
//
// Coordinates are whatever the holder says (stored form: EPSG:6668, x = longitude, y = latitude, degrees).
// Rings of polygons are closed (first point = last point), as in OGC simple features.
#pragma once
#include <cstdint>
#include <limits>
#include <vector>

namespace ritchi::geom {

struct Point {
  double x = 0;
  double y = 0;
  friend bool operator==(const Point&, const Point&) = default;
};

// Empty until something is added: min > max.
struct Box {
  double min_x = std::numeric_limits<double>::infinity();
  double min_y = std::numeric_limits<double>::infinity();
  double max_x = -std::numeric_limits<double>::infinity();
  double max_y = -std::numeric_limits<double>::infinity();

  bool empty() const { return min_x > max_x || min_y > max_y; }
  void add(Point p);
  void add(const Box& other);
  bool intersects(const Box& other) const;
  bool contains(const Box& other) const;
  friend bool operator==(const Box&, const Box&) = default;
};

enum class Kind : std::uint8_t { point, line, polygon };

struct Geometry {
  Kind kind = Kind::point;
  bool multi = false;  // stored as MULTI… even with one part
  std::vector<Point> points;
  // End index (exclusive) into points of each line or ring; unused for points.
  std::vector<std::uint32_t> ring_ends;
  // End index (exclusive) into ring_ends of each polygon; only for polygons. The first ring of a part is its
  // shell.
  std::vector<std::uint32_t> part_ends;

  bool empty() const { return points.empty(); }
  void clear();
  Box bounds() const;
  std::size_t ring_begin(std::size_t ring) const { return ring == 0 ? 0 : ring_ends[ring - 1]; }
  std::size_t part_begin(std::size_t part) const { return part == 0 ? 0 : part_ends[part - 1]; }
  // Closes the ring or line that the points added since the last call form.
  void end_ring() { ring_ends.push_back(static_cast<std::uint32_t>(points.size())); }
  void end_part() { part_ends.push_back(static_cast<std::uint32_t>(ring_ends.size())); }
  friend bool operator==(const Geometry&, const Geometry&) = default;
};

}  // namespace ritchi::geom
