// A point from the columns of a row, in degrees or in metres of a plane.
#pragma once
#include <optional>
#include <string>

#include "geodata/geom/geometry.hpp"
#include "importers/core/column_match.hpp"
#include "importers/core/message.hpp"
#include "importers/core/profile_place.hpp"

namespace ritchi::importers {

struct BoundPoint {
  std::size_t east = no_column, north = no_column;  // longitude and latitude, or easting and northing
  bool plane = false;
  bool found() const { return east != no_column && north != no_column; }
};

// Degrees go before metres where a layer has both.
BoundPoint find_point(const SourceLayer& layer, const PointColumns& columns);

struct PointRead {
  std::optional<geom::Point> point;  // x = east; none without a fault: both columns are blank
  Message fault;
};
PointRead read_point(const BoundPoint& bound, const SourceFeature& feature);

// The value of a column as text; empty where the row has none.
std::string text_at(const SourceFeature& feature, std::size_t column);

}  // namespace ritchi::importers
