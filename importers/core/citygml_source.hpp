// CityGML (PLATEAU) as a stream of features: every text as written, where GDAL's GML driver guesses types
// ("0001" becomes 1), needs a schema file beside the source and does not know the heights' reference systems.
#pragma once
#include <memory>
#include <string>

#include "importers/core/source.hpp"

namespace ritchi::importers {

// Looks at the beginning of the file.
bool is_citygml(const std::string& name);

// One layer per kind of element in core:cityObjectMember. Attributes are the leaf elements by local name (the
// first of each name; uom is column "<name>@uom"), gml:id is column gml_id, the geometry is that of the
// lowest level of detail. Coordinates are in the authority's order.
std::unique_ptr<Source> open_citygml_source(const std::string& name, const std::string& shown,
                                            const SourceOptions& options);

}  // namespace ritchi::importers
