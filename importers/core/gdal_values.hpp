// One field of an OGR feature as a value of ours.
#pragma once
#include <ogrsf_frmts.h>

#include "geodata/catalogue/layer.hpp"
#include "geodata/catalogue/value.hpp"

namespace ritchi::importers {

catalogue::LayerGeometry kind_of(OGRwkbGeometryType type);
catalogue::AttributeType type_of(const OGRFieldDefn& field);

// Raw bytes for texts; date-times without zone are UTC; lists become JSON.
catalogue::Value value_of(const OGRFeature& feature, int field);

// The reference system in words PROJ understands: "EPSG:n" where it is one, else WKT; empty for none.
std::string crs_of(const OGRSpatialReference* system);

}  // namespace ritchi::importers
