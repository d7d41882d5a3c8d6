// Rates: 公開 7 %, 同意 25 %, 内部 68 %; a tenth of the areas in wide digits; 3 % of the codes with check
// digit; dates two thirds in eras; each fact of supply and distance unknown (empty) in a few per cent.
#include <algorithm>
#include <cmath>
#include <utility>

#include "importers/synth/defects.hpp"
#include "importers/synth/japanese.hpp"
#include "importers/synth/rings.hpp"
#include "importers/synth/sites.hpp"
#include "importers/synth/zoning.hpp"

namespace ritchi::synth {
namespace {

std::string wkt(const Plane& plane, const Ring& ring, bool latitude_first) {
  std::string text = "POLYGON((";
  for (std::size_t i = 0; i <= ring.size(); ++i) {
    geom::Point p = plane.to_degrees(ring[i % ring.size()]);
    if (latitude_first) std::swap(p.x, p.y);
    if (i != 0) text += ',';
    append_fixed(text, p.x, 9);
    text += ' ';
    append_fixed(text, p.y, 9);
  }
  return text + "))";
}

const char* district_name(int code) {
  switch (code) {
    case 1:
      return "第一種低層住居専用地域";
    case 2:
      return "第二種低層住居専用地域";
    case 3:
      return "第一種中高層住居専用地域";
    case 4:
      return "第二種中高層住居専用地域";
    case 5:
      return "第一種住居地域";
    case 6:
      return "第二種住居地域";
    case 7:
      return "準住居地域";
    case 8:
      return "田園住居地域";
    case 9:
      return "近隣商業地域";
    case 10:
      return "商業地域";
    case 11:
      return "準工業地域";
    case 12:
      return "工業地域";
    default:
      return "工業専用地域";
  }
}

double distance_m(geom::Point a, geom::Point b) {
  return std::sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

// Roads are about 1.3 times as long as the straight line.
std::string road_km(double straight_m, Random& random) {
  return random.chance(0.04) ? std::string() : fixed(straight_m * 1.3 / 1000, 1);
}

}  // namespace

SiteFile::SiteFile(const std::filesystem::path& path, const Region& region, std::uint64_t seed)
    : m_region(region),
      m_seed(seed),
      m_file(
          path, CsvFile::Encoding::cp932,
          {"適地番号", "名称",     "市区町村コード", "市区町村名",   "所在地",     "開示区分",   "面積ha",
           "用途地域", "区域区分", "五地域区分",     "農地転用協議", "価格円毎㎡", "工業用水",   "工業用水量",
           "地下水",   "上水道",   "受電電圧kV",     "IC距離km",     "港湾距離km", "空港距離km", "地質",
           "排水",     "希望業種", "所有者",         "調査年月日",   "形状",       "合成"}) {}

double SiteFile::nearest_interchange_m(geom::Point place) const {
  double best = 1e9;
  for (const Interchange& joint : m_region.interchanges)
    if (joint.kind != '3') best = std::min(best, distance_m(place, m_region.plane.to_metres(joint.degrees)));
  return best;
}

std::string SiteFile::shape_of(const Ring& ring) {
  if (site_crossing.strikes(m_file.count())) {
    ++m_rejected["self_crossing"];
    return wkt(m_region.plane, crossing_ring(ring), false);
  }
  const bool exchanged = site_exchanged.strikes(m_file.count());
  if (exchanged) ++m_rejected["coordinates_exchanged"];
  return wkt(m_region.plane, ring, exchanged);
}

void SiteFile::add(int cell, int holder, const PlotGrid::Plot& plot, const Ring& ring, Random& random) {
  if (site_twice.strikes(m_file.count())) {
    m_file.add_again();
    m_rejected["repeated_key"] += 2;
    return;
  }
  const Municipality& municipality = m_region.municipalities[static_cast<std::size_t>(holder)];
  const Land land = m_region.land[static_cast<std::size_t>(cell)];
  const std::string serial = std::to_string(m_file.count() + 1);
  const std::string place = place_name(random);

  const double share = random.real();
  const char* disclosure = share < 0.07 ? "公開" : share < 0.32 ? "同意" : "内部";

  std::string area = fixed(ring_area_m2(ring) / 10000 * random.between(0.99, 1.01), 2);
  if (random.chance(0.1)) area = wide_digits(area);
  if (random.chance(site_unknown_area_share)) {
    area = "0";
    ++m_odd["area_0"];
  }

  const char* district = "";
  const char* division = "";
  const char* five = "";
  const char* talks = "-";
  if (land == Land::urban) {
    district = district_name(
        district_code(m_region, m_seed, cell, zoning_quarter_of(plot.u()), zoning_quarter_of(plot.v())));
    division = "市街化区域";
    five = "都市";
  } else if (land == Land::plain) {
    static constexpr const char* divisions[] = {"市街化調整区域", "市街化調整区域", "非線引き",
                                                "都市計画区域外"};
    static constexpr const char* talk_states[] = {"可", "-", "保留", "一部保留"};
    division = random.pick(divisions);
    five = random.chance(0.85) ? "農業" : "白地";
    talks = random.pick(talk_states);
  } else {
    static constexpr const char* fives[] = {"森林", "森林", "森林", "白地", "自然公園", "自然保全"};
    division = "都市計画区域外";
    five = random.pick(fives);
  }

  const double price = random.log_normal(land == Land::urban   ? 28000
                                         : land == Land::plain ? 9000
                                                               : 4000,
                                         0.5);
  const std::string price_text =
      random.chance(0.3) ? std::string() : std::to_string(std::llround(price / 100) * 100);
  static constexpr const char* waters[] = {"有", "無", "無", "計画", ""};
  const std::string water = random.pick(waters);
  const std::string water_volume =
      water == "有" ? std::to_string(random.between(2, 120) * 50) : std::string();
  static constexpr const char* yes_no[] = {"有", "有", "無", ""};
  static constexpr const char* voltages[] = {"6.6", "6.6", "66", "66", "77", "154", ""};
  static constexpr const char* geologies[] = {"1種", "2種", "2種", "3種", "4種A", "4種B", ""};
  static constexpr const char* drainages[] = {"A", "B", "B", "C", "D", "E", ""};
  static constexpr const char* industries[] = {"半導体", "電子部品", "食品",     "物流",
                                               "自動車", "化学",     "機械金属", "指定なし"};
  static constexpr const char* owners[] = {"民有地", "民有地", "市町村有地", "県有地", "土地開発公社"};
  const std::string ground_water = random.pick(yes_no);
  const std::string tap_water = random.pick(yes_no);

  geom::Point middle;
  for (const geom::Point p : ring) {
    middle.x += p.x / static_cast<double>(ring.size());
    middle.y += p.y / static_cast<double>(ring.size());
  }
  const std::string code = random.chance(0.03) ? with_check_digit(municipality.code) : municipality.code;
  const std::string number =
      m_region.prefecture_code + "-" + std::string(6 - std::min<std::size_t>(6, serial.size()), '0') + serial;
  const std::string interchange_km = road_km(nearest_interchange_m(middle), random);
  const std::string port_km =
      road_km(distance_m(middle, m_region.plane.to_metres(m_region.port_degrees)), random);
  const std::string airport_km =
      road_km(distance_m(middle, m_region.plane.to_metres(m_region.airport_degrees)), random);
  const std::string voltage = random.pick(voltages);
  const std::string geology = random.pick(geologies);
  const std::string drainage = random.pick(drainages);
  const std::string industry = random.pick(industries);
  const std::string owner = random.pick(owners);
  const std::string day =
      mixed_date({random.between(2016, 2024), random.between(1, 12), random.between(1, 28)}, random);
  m_file.add({number,
              place + "工場適地",
              code,
              municipality.name,
              m_region.prefecture + municipality.county + municipality.name + place +
                  std::to_string(random.between(1, 999)),
              disclosure,
              area,
              district,
              division,
              five,
              talks,
              price_text,
              water,
              water_volume,
              ground_water,
              tap_water,
              voltage,
              interchange_km,
              port_km,
              airport_km,
              geology,
              drainage,
              industry,
              owner,
              day,
              shape_of(ring),
              "1"});
}

void SiteFile::report(ImportEntry& entry) const {
  entry.rows = m_file.count();
  entry.rejected = m_rejected;
  entry.odd = m_odd;
  entry.features = entry.accepted_rows();
}

}  // namespace ritchi::synth
