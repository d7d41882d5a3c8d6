// Defects as published, at their rates: every figure 0 or 999 where unknown (8 %), several districts in one
// field
// ("1,3"), companies' names with ㈱, one municipality code of a municipality that was merged away (4 % of the
// parks).
#include <cmath>

#include "importers/synth/japanese.hpp"
#include "importers/synth/sites.hpp"

namespace ritchi::synth {

ParkFile::ParkFile(const std::filesystem::path& path, const Region& region)
    : m_region(region), m_file(path, GeoJsonFile::Form::collection, "L05-1") {}

void ParkFile::add(int cell, const std::vector<Ring>& pieces, Random& random) {
  const Municipality& municipality = m_region.municipality_of(cell);
  const Land land = m_region.land[static_cast<std::size_t>(cell)];
  std::string serial = std::to_string(++m_parks);
  serial.insert(0, 5 - std::min<std::size_t>(5, serial.size()), '0');

  double total_ha = 0;
  for (const Ring& ring : pieces) total_ha += ring_area_m2(ring) / 10000;
  total_ha *= random.between(1.0, 1.15);
  const double industrial_ha = total_ha * random.between(0.7, 0.92);
  const double unused_ha = random.chance(0.6) ? 0.0 : industrial_ha * random.between(0.02, 0.4);
  const bool unknown_area = random.chance(0.08);
  const std::int64_t companies = random.chance(0.08) ? 999 : random.between(1, 40);
  static constexpr const char* town_districts[] = {"1", "2", "3", "1,3", "2,3"};
  static constexpr const char* plain_districts[] = {"9", "9", "4", "2"};
  const std::string district =
      land == Land::urban ? random.pick(town_districts) : random.pick(plain_districts);
  const std::string place = place_name(random);
  const bool merged_away = m_region.prefecture_code == "15" && random.chance(0.04);
  std::string names;
  for (int i = random.between(0, 4); i > 0; --i) names += (names.empty() ? "" : "、") + company_name(random);
  const int completed = random.between(1962, 2022);
  const bool coastal = random.chance(0.1);
  const bool under_construction = random.chance(0.2);
  const std::string developer = random.chance(0.5) ? municipality.name : m_region.prefecture + "土地開発公社";

  for (const Ring& ring : pieces) {
    m_feature.start();
    m_feature.text("L05_001", m_region.prefecture_code + serial);
    m_feature.text("L05_002", municipality.name + place + "工業団地");
    m_feature.text("L05_003", merged_away ? "15207" : municipality.code);
    m_feature.text("L05_004", merged_away ? "栃尾市" : municipality.name);
    m_feature.text("L05_005", coastal ? "1" : "2");
    if (under_construction)
      m_feature.text("L05_006", "一部造成中");
    else
      m_feature.null("L05_006");
    m_feature.null("L05_007");
    m_feature.text("L05_008", developer);
    m_feature.text("L05_009", std::to_string(completed));
    m_feature.number("L05_010", unknown_area ? 0 : total_ha, 1);
    m_feature.number("L05_011", unknown_area ? 0 : industrial_ha, 1);
    m_feature.number("L05_012", unused_ha, 1);
    m_feature.text("L05_013", district);
    m_feature.number("L05_014", companies);
    if (names.empty())
      m_feature.null("L05_015");
    else
      m_feature.text("L05_015", names);
    m_feature.number("synthetic", std::int64_t{1});
    m_feature.polygon(m_region.plane, {ring}, true);
    m_file.add(m_feature.finish());
  }
}

}  // namespace ritchi::synth
