// Real outlines of municipalities as an index: which of them a place, or a whole shape, lies in.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "geodata/geom/geometry.hpp"
#include "importers/synth/plane.hpp"

namespace ritchi::synth {

// A municipality as KSJ N03 gives it.
struct Outline {
  std::string code;     // N03_007
  std::string county;   // N03_003: 郡 or the city that a ward is of; or empty
  std::string name;     // N03_004
  std::string ward;     // N03_005 of later editions; or empty
  geom::Geometry land;  // degrees; every piece of it
};

class Outlines {
 public:
  Outlines(std::vector<Outline> outlines, const Plane& plane);

  const std::vector<Outline>& all() const { return m_outlines; }
  const geom::Box& box() const { return m_box; }  // plane metres
  // Index of the municipality in which a place (plane metres) lies; -1 in the sea.
  int owner(geom::Point place) const;
  // Index of the one municipality within which the whole shape lies, half a metre from its border; -1 if
  // none is. A shape beside a slanting border may be refused although it fits.
  int holder(std::span<const geom::Point> shape) const;

 private:
  struct Edge {
    geom::Point from;
    geom::Point to;
    int municipality = 0;
  };
  void add_edges(const geom::Geometry& land, int municipality, const Plane& plane);
  void index_edges();
  void find_owners();
  std::span<const std::uint32_t> edges_in(std::size_t bucket) const;
  std::size_t bucket(std::int64_t column, std::int64_t row) const;
  std::int64_t column_of(double x) const;
  std::int64_t row_of(double y) const;

  std::vector<Outline> m_outlines;
  geom::Box m_box;
  std::vector<Edge> m_edges;
  std::int64_t m_columns = 0;
  std::int64_t m_rows = 0;
  std::vector<std::uint32_t> m_first;  // per bucket: where its edges begin in m_edge_of
  std::vector<std::uint32_t> m_edge_of;
  std::vector<std::int32_t> m_owner;  // of each bucket's middle
};

}  // namespace ritchi::synth
