// How deep tiles are prepared: not where single features would fill thousands of them.
#pragma once
#include <array>
#include <cstdint>

#include "geodata/catalogue/layer.hpp"
#include "geodata/geom/geometry.hpp"
#include "geodata/geom/tile_math.hpp"

namespace ritchi::load {

class ZoomLimit {
 public:
  explicit ZoomLimit(const catalogue::Layer& layer) : m_first(layer.minzoom), m_last(layer.maxzoom) {}

  // Rows must come in an order of their own (by id), so that the same rows give the same limit. bounds:
  // longitude, latitude.
  void add(const geom::Box& bounds);
  // The deepest zoom that is prepared; below the layer's own first one where none is.
  int last() const { return m_last; }

 private:
  int m_first;
  int m_last;
  double m_rows = 0;
  std::array<double, geom::max_zoom + 1> m_tiles{};  // of all rows so far, by zoom
};

}  // namespace ritchi::load
