#include "importers/synth/rings.hpp"

#include <algorithm>

namespace ritchi::synth {

Ring crossing_ring(const Ring& ring) {
  const auto furthest = [&](double x, double y) {
    return *std::max_element(ring.begin(), ring.end(), [&](geom::Point a, geom::Point b) {
      return a.x * x + a.y * y < b.x * x + b.y * y;
    });
  };
  return {furthest(-1, -1), furthest(1, -1), furthest(-1, 1), furthest(1, 1)};
}

Ring touching_ring(const Ring& ring) {
  geom::Point middle;
  for (const geom::Point p : ring) {
    middle.x += p.x / static_cast<double>(ring.size());
    middle.y += p.y / static_cast<double>(ring.size());
  }
  const geom::Point a = ring[0];
  const geom::Point b = ring[1];
  const geom::Point hinge{(a.x + b.x) / 2, (a.y + b.y) / 2};
  const auto inner = [&](double along) {
    return geom::Point{hinge.x + (middle.x - hinge.x) / 2 + (b.x - a.x) * along,
                       hinge.y + (middle.y - hinge.y) / 2 + (b.y - a.y) * along};
  };
  // Clockwise round the bay: the land stays on the left.
  Ring touching{a, hinge, inner(-0.1), inner(0.1), hinge};
  touching.insert(touching.end(), ring.begin() + 1, ring.end());
  return touching;
}

}  // namespace ritchi::synth
