#include "importers/core/source.hpp"

#include "importers/core/citygml_source.hpp"
#include "importers/core/gdal_source.hpp"
#include "importers/core/geojsonl_source.hpp"

namespace ritchi::importers {

void SourceFeature::clear() {
  layer = 0;
  id = 0;
  label.clear();
  values.clear();
  faults.clear();
  geometry.reset();
  geometry_fault.clear();
  geometry_remedy.clear();
  has_z = false;
  crs.clear();
  authority_axes = false;
}

std::unique_ptr<Source> open_source(const std::string& name, const std::string& shown,
                                    const SourceOptions& options) {
  if (is_citygml(name)) return open_citygml_source(name, shown, options);
  if (!options.infer_types && is_geojsonl(name)) return open_geojsonl_source(name, shown, options);
  return open_gdal_source(name, shown, options);
}

}  // namespace ritchi::importers
