#include "importers/synth/land_plan_file.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "importers/synth/plots.hpp"

namespace ritchi::synth {
namespace {

constexpr const char* plan_year = "2015";

std::string file_name(const Job& job, const std::string& theme) {
  const std::string folder = "a" + theme;
  std::filesystem::create_directories(job.folder / folder);
  return folder + "/A" + theme + "-15_" + job.region.prefecture_code;
}

}  // namespace

std::vector<DbfField> land_plan_fields() {
  return {{"PREFEC_CD", 'C', 2, 0},   {"AREA_CD", 'C', 5, 0},    {"CTV_NAME", 'C', 40, 0},
          {"FIS_YEAR", 'N', 4, 0},    {"THEMA_NO", 'C', 2, 0},   {"LAYER_NO", 'C', 2, 0},
          {"AREA_SIZE", 'N', 12, 0},  {"IOSIDE_DIV", 'N', 1, 0}, {"OBJ_NAME", 'C', 60, 0},
          {"REMARK_STR", 'C', 60, 0}, {"SYNTHETIC", 'N', 1, 0}};
}

LandPlanFile::LandPlanFile(Job& job, const char* theme)
    : m_region(job.region),
      m_theme(theme),
      m_name(file_name(job, m_theme)),
      m_file(job.folder / m_name, land_plan_fields(), jgd2000_projection) {}

void LandPlanFile::add(int municipality, const Area& area, const char* layer, const std::string& name,
                       const std::string& remark) {
  const Municipality& holder = m_region.municipalities[static_cast<std::size_t>(municipality)];
  double area_m2 = 0;
  std::vector<std::vector<geom::Point>> rings;
  for (const Ring& ring : area) {
    area_m2 += rings.empty() ? ring_area_m2(ring) : -ring_area_m2(ring);
    auto& closed = rings.emplace_back();  // shells clockwise and holes the other way, as shapefiles want it
    closed.reserve(ring.size() + 1);
    std::transform(ring.rbegin(), ring.rend(), std::back_inserter(closed),
                   [this](const geom::Point& corner) { return m_region.plane.to_degrees(corner); });
    closed.push_back(closed.front());
  }
  m_file.add(rings, {m_region.prefecture_code, holder.code, holder.county + holder.name, plan_year, m_theme,
                     layer, std::to_string(std::llround(area_m2 / 10000)), "1", name, remark, "1"});
}

ImportEntry LandPlanFile::close(const char* layer) {
  m_file.close();
  ImportEntry entry{"ksj-a" + m_theme, layer, {m_name + ".shp"}, "2016-03-31"};
  entry.rows = entry.features = m_file.count();
  return entry;
}

}  // namespace ritchi::synth
