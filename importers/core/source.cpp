#include "importers/core/source.hpp"

#include "geodata/base/error.hpp"
#include "importers/core/citygml_source.hpp"
#include "importers/core/gdal_source.hpp"
#include "importers/core/geojsonl_source.hpp"
#include "importers/core/reject_source.hpp"

namespace ritchi::importers {

Message FieldFault::reason() const {
  return {"is not text in " + encoding, encoding + " の文字として読めないバイトがあります"};
}

void SourceFeature::clear() {
  layer = 0;
  id = 0;
  label.clear();
  source.clear();
  values.clear();
  faults.clear();
  geometry.reset();
  geometry_fault = {};
  geometry_remedy = {};
  has_z = false;
  crs.clear();
  authority_axes = false;
}

std::unique_ptr<Source> open_source(const std::string& name, const std::string& shown,
                                    const SourceOptions& options) {
  if (is_reject_file(name)) {
    if (options.infer_types)
      throw base::Error(
          base::ErrorKind::unsupported, "is a reject file, which 'auto' does not read", shown,
          "correct the source itself and import it again, or use the profile it was imported with")
          .in_japanese(
              "不採用ファイルは auto では読めません",
              "元のファイルを直して取り込み直すか、最初の取り込みと同じプロファイルを指定してください");
    return open_reject_source(name, shown, options);
  }
  if (is_citygml(name)) return open_citygml_source(name, shown, options);
  if (!options.infer_types && is_geojsonl(name)) return open_geojsonl_source(name, shown, options);
  return open_gdal_source(name, shown, options);
}

}  // namespace ritchi::importers
