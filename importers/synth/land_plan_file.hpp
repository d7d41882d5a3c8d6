// Shapefiles of the land-use plans that KSJ publishes alike: A10 natural parks, A11 nature conservation
// areas, A12 agricultural areas, A13 forests.
#pragma once
#include <string>
#include <vector>

#include "importers/synth/geojson.hpp"
#include "importers/synth/job.hpp"
#include "importers/synth/shapefile.hpp"

namespace ritchi::synth {

std::vector<DbfField> land_plan_fields();

// Of a theme (10, 11, 13) other than farmland, whose file has defects of its own.
class LandPlanFile {
 public:
  LandPlanFile(Job& job, const char* theme);
  void add(int municipality, const Area& area, const char* layer, const std::string& name,
           const std::string& remark);
  ImportEntry close(const char* layer);

 private:
  const Region& m_region;
  std::string m_theme;
  std::string m_name;
  PolygonShapefile m_file;
};

}  // namespace ritchi::synth
