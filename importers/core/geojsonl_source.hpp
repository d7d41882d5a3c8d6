// Newline-delimited GeoJSON (RFC 8142 and the plain form with one feature per line), read with simdjson:
// several times faster than GDAL's reader, which builds a tree of every feature first.
#pragma once
#include <memory>
#include <string>

#include "importers/core/source.hpp"

namespace ritchi::importers {

// By its ending and by being an ordinary file; others, such as those inside archives, are GDAL's.
bool is_geojsonl(const std::string& name);
std::unique_ptr<Source> open_geojsonl_source(const std::string& name, const std::string& shown,
                                             const SourceOptions& options);

}  // namespace ritchi::importers
