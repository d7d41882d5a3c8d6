// Shapes in questions and answers: GeoJSON polygons read and checked, stored shapes written.
#pragma once
#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "geodata/geom/geometry.hpp"

namespace ritchi::analysis {

inline constexpr std::size_t most_vertices = 100'000;

// A Polygon, MultiPolygon, Feature or FeatureCollection of such, longitude before latitude, as one valid
// polygon. Nothing is repaired: a ring that is open or crosses itself is told with its place. Throws
// Error(bad_input | too_large) naming the place in the question.
geom::Geometry read_area(const nlohmann::json& geojson, const std::string& where);

// Around Japan, with its seas: what lies outside is no mistake, but nothing is known there.
bool near_japan(const geom::Box& box);

// A GeoJSON geometry; "null" for an empty shape.
void append_geojson(std::string& out, const geom::Geometry& shape);

}  // namespace ritchi::analysis
