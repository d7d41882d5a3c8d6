// Rings made wrong in the ways in which published ones are.
#pragma once
#include "importers/synth/geojson.hpp"

namespace ritchi::synth {

// Crosses itself: a bow tie of the ring's outermost corners, so large on both sides that no repair is
// harmless.
Ring crossing_ring(const Ring& ring);
// Touches itself in a point: a bay inside that hangs on the middle of the first side. The ring winds
// counter-clockwise.
Ring touching_ring(const Ring& ring);

}  // namespace ritchi::synth
