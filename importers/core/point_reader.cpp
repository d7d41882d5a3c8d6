#include "importers/core/point_reader.hpp"

#include <algorithm>
#include <cmath>

#include "importers/core/field_reader.hpp"
#include "importers/core/parse_number.hpp"

namespace ritchi::importers {
namespace {

// No point of a plane in Japan that is of use lies within metres of the plane's origin in just this way.
bool looks_like_degrees(geom::Point at) {
  const double less = std::min(at.x, at.y);
  const double more = std::max(at.x, at.y);
  return less >= 20 && less <= 46 && more >= 122 && more <= 154;
}

}  // namespace

BoundPoint find_point(const SourceLayer& layer, const PointColumns& columns) {
  const BoundPoint degrees{find_column(layer, columns.lon), find_column(layer, columns.lat), false};
  if (degrees.found()) return degrees;
  return {find_column(layer, columns.easting), find_column(layer, columns.northing), true};
}

std::string text_at(const SourceFeature& feature, std::size_t column) {
  return column < feature.values.size() ? text_of(feature.values[column]) : std::string();
}

PointRead read_point(const BoundPoint& bound, const SourceFeature& feature) {
  const char* const unit = bound.plane ? "m" : "";
  const auto east = parse_number(text_at(feature, bound.east), unit);
  const auto north = parse_number(text_at(feature, bound.north), unit);
  if (east.failed() || north.failed())
    return {{},
            bound.plane ? Message("has a coordinate that is no number", "座標が数ではありません")
                        : Message("has a longitude or latitude that is no number",
                                  "経度または緯度が数ではありません")};
  if (east.value.has_value() != north.value.has_value())
    return {{},
            bound.plane
                ? Message("has a northing or an easting, not both", "X 座標と Y 座標の片方しかありません")
                : Message("has a longitude or a latitude, not both", "経度と緯度の片方しかありません")};
  if (!east.value) return {};
  const geom::Point at{*east.value, *north.value};
  if (bound.plane && looks_like_degrees(at))
    return {{},
            {"has degrees where the column's name says metres of a plane",
             "平面直角座標の列に度の値が入っています"}};
  return {at, {}};
}

}  // namespace ritchi::importers
