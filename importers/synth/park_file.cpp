// As published: every figure 0 or 999 where unknown, several districts in one field ("1,3"), companies' names
// with ㈱, some parks still under the code of a municipality that was merged away.
#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "importers/synth/defects.hpp"
#include "importers/synth/japanese.hpp"
#include "importers/synth/sites.hpp"

namespace ritchi::synth {
namespace {

struct Abolished {
  const char* code;
  const char* name;
};
// Merged into others or divided into wards; of prefectures that are not here none is known to the generator.
constexpr std::array<Abolished, 7> abolished{{{"11204", "浦和市"},
                                              {"14209", "相模原市"},
                                              {"15215", "栃尾市"},
                                              {"22204", "清水市"},
                                              {"27201", "堺市"},
                                              {"33201", "岡山市"},
                                              {"43201", "熊本市"}}};

const Abolished* abolished_in(const std::string& prefecture_code) {
  for (const Abolished& one : abolished)
    if (prefecture_code == std::string(one.code).substr(0, 2)) return &one;
  return nullptr;
}

// CP932 has no 𠮷; lists of that time write 吉.
std::string in_cp932(std::string text) {
  const std::string rare = "𠮷";
  for (auto at = text.find(rare); at != std::string::npos; at = text.find(rare))
    text.replace(at, rare.size(), "吉");
  return text;
}

std::string hectares(double value) {
  return fixed(value, 1);
}

}  // namespace

ParkFile::ParkFile(const std::filesystem::path& path, const Region& region)
    : m_region(region),
      m_file(path,
             {{"L05_001", 'C', 10, 0},
              {"L05_002", 'C', 80, 0},
              {"L05_003", 'C', 5, 0},
              {"L05_004", 'C', 40, 0},
              {"L05_005", 'C', 1, 0},
              {"L05_006", 'C', 40, 0},
              {"L05_007", 'C', 10, 0},
              {"L05_008", 'C', 80, 0},
              {"L05_009", 'C', 4, 0},
              {"L05_010", 'N', 10, 1},
              {"L05_011", 'N', 10, 1},
              {"L05_012", 'N', 10, 1},
              {"L05_013", 'C', 10, 0},
              {"L05_014", 'N', 5, 0},
              {"L05_015", 'C', 254, 0},
              {"SYNTHETIC", 'N', 1, 0}},
             jgd2000_projection) {}

void ParkFile::add_row(const Ring& ring, const std::vector<std::string>& values) {
  std::vector<geom::Point> closed;  // clockwise, as shapefiles want it
  closed.reserve(ring.size() + 1);
  std::transform(ring.rbegin(), ring.rend(), std::back_inserter(closed),
                 [this](const geom::Point& corner) { return m_region.plane.to_degrees(corner); });
  closed.push_back(closed.front());
  const bool twice = park_row_twice.strikes(m_file.count());
  m_file.add(closed, values);
  if (!twice) return;
  m_file.add(closed, values);
  ++m_odd["row_twice"];
}

void ParkFile::add(int cell, int holder, const std::vector<Ring>& pieces, Random& random) {
  const Municipality& municipality = m_region.municipalities[static_cast<std::size_t>(holder)];
  const Land land = m_region.land[static_cast<std::size_t>(cell)];
  const Abolished* former =
      park_abolished.strikes(m_parks) ? abolished_in(m_region.prefecture_code) : nullptr;
  std::string serial = std::to_string(++m_parks);
  serial.insert(0, 5 - std::min<std::size_t>(5, serial.size()), '0');

  double total_ha = 0;
  for (const Ring& ring : pieces) total_ha += ring_area_m2(ring) / 10000;
  total_ha *= random.between(1.0, 1.15);
  const double industrial_ha = total_ha * random.between(0.7, 0.92);
  const double unused_ha = random.chance(0.6) ? 0.0 : industrial_ha * random.between(0.02, 0.4);
  const bool unknown_area = random.chance(park_unknown_share);
  const int companies = random.chance(park_unknown_share) ? 999 : random.between(1, 40);
  static constexpr const char* town_districts[] = {"1", "2", "3", "1,3", "2,3"};
  static constexpr const char* plain_districts[] = {"9", "9", "9", "4", "4", "2", "2", "1,3"};
  const std::string district =
      land == Land::urban ? random.pick(town_districts) : random.pick(plain_districts);
  const std::string place = place_name(random);
  std::string names;
  for (int i = random.between(0, 4); i > 0; --i) names += (names.empty() ? "" : "、") + company_name(random);
  const int completed = random.between(1962, 2022);
  const bool coastal = random.chance(0.1);
  const bool under_construction = random.chance(0.2);
  const std::string developer = random.chance(0.5) ? municipality.name : m_region.prefecture + "土地開発公社";

  const auto rows = static_cast<std::int64_t>(pieces.size());
  if (former != nullptr) ++m_odd["code_abolished"];
  if (unknown_area) ++m_odd["area_0"];
  if (companies == 999) ++m_odd["companies_999"];
  if (district.find(',') != std::string::npos) ++m_odd["several_districts"];
  if (rows > 1) ++m_odd["several_rows"];
  const std::vector<std::string> values{m_region.prefecture_code + serial,
                                        municipality.name + place + "工業団地",
                                        former != nullptr ? former->code : municipality.code,
                                        former != nullptr ? former->name : municipality.name,
                                        coastal ? "1" : "2",
                                        under_construction ? "一部造成中" : "",
                                        "",
                                        developer,
                                        std::to_string(completed),
                                        hectares(unknown_area ? 0 : total_ha),
                                        hectares(unknown_area ? 0 : industrial_ha),
                                        hectares(unused_ha),
                                        district,
                                        std::to_string(companies),
                                        in_cp932(names),
                                        "1"};
  for (const Ring& ring : pieces) add_row(ring, values);
}

void ParkFile::report(ImportEntry& entry) const {
  entry.rows = m_file.count();
  entry.odd = m_odd;
  entry.features = m_parks;
}

}  // namespace ritchi::synth
