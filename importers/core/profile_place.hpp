// Where a profile's sources keep the place of a record: the shape of their own, a text, coordinates in
// columns, or the nodes at both ends of a pipe.
#pragma once
#include <string>
#include <vector>

#include "geodata/geom/geometry.hpp"
#include "importers/core/profile_field.hpp"

namespace ritchi::importers {

class JsonObject;

// The columns of one point: longitude and latitude, or metres of a plane. In Japanese planes X is the
// northing, so the two are never called x and y here.
struct PointColumns {
  Synonyms lon, lat, northing, easting;
  bool empty() const { return lon.empty() && northing.empty(); }
};

struct GeometryFrom {
  enum class Kind {
    source,  // the shape that the format itself has
    wkt,     // well-known text in a column
    lonlat,  // a point in two columns
    ends,    // the coordinates of both ends of a line
    nodes    // the names of both ends, found in a table of nodes
  };
  std::vector<Kind> from{Kind::source};  // the first that the layer at hand has
  Synonyms wkt;
  PointColumns point, start, end;
  Synonyms start_node, end_node;
  // The table of nodes: another layer or file, known by these columns.
  Synonyms node_id;
  PointColumns node;
  std::vector<geom::Kind> accepts;  // of a layer that takes any; empty = all that the layer takes
  std::string plane_crs;            // of northings and eastings; empty = only --source-crs can say
  // The shape counts only where this attribute has this value; elsewhere it is withheld, not invented.
  std::string only_when_field, only_when_value;

  bool may_be(Kind kind) const;
  bool takes(geom::Kind kind) const;
};

// The object under `geometry`, where there is one. Throws Error(bad_input) naming file, key and reason.
GeometryFrom read_geometry_from(JsonObject& profile);

}  // namespace ritchi::importers
