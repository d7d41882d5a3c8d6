// farmland_parcels.geojsonl (筆ポリゴン attributes) and a12/ (KSJ A12: 農業地域 and 農用地区域 over the
// parcels).
//
// AREA_SIZE is declared without decimals while one value in ten has them.
#include <algorithm>
#include <cmath>

#include "geodata/base/error.hpp"
#include "importers/synth/defects.hpp"
#include "importers/synth/job.hpp"
#include "importers/synth/land_plan_file.hpp"
#include "importers/synth/paddies.hpp"
#include "importers/synth/plots.hpp"
#include "importers/synth/random.hpp"
#include "importers/synth/rings.hpp"
#include "importers/synth/shapefile.hpp"
#include "importers/synth/spread.hpp"

namespace ritchi::synth {
namespace {

constexpr double usual_share = 0.42;  // of a cell's parcels: about 3,000

class ZoneFile {
 public:
  ZoneFile(const Job& job, const std::filesystem::path& path)
      : m_region(job.region), m_seed(job.seed), m_file(path, land_plan_fields(), jgd2000_projection) {}

  void add(const Municipality& municipality, Ring ring, bool blue) {
    const std::int64_t number = m_zones++;
    Random random(m_seed, {key(Stream::zone), static_cast<std::uint64_t>(std::stoi(m_region.prefecture_code)),
                           static_cast<std::uint64_t>(number)});
    const double hectares = ring_area_m2(ring) / 10000;
    if (zone_crossing.strikes(number)) {
      ring = crossing_ring(ring);
      ++m_crossing;
    } else if (zone_touching.strikes(number)) {
      ring = touching_ring(ring);
      ++m_touching;
    }
    std::vector<geom::Point> closed;  // clockwise, as shapefiles want it
    closed.reserve(ring.size() + 1);
    std::reverse(ring.begin(), ring.end());
    for (const geom::Point corner : ring) closed.push_back(m_region.plane.to_degrees(corner));
    closed.push_back(closed.front());

    std::string size = std::to_string(std::llround(hectares));
    if (random.chance(0.1)) size = fixed(hectares, 3);
    if (random.chance(zone_unknown_area_share)) size = "0";
    std::string remark;
    if (random.chance(0.05)) remark = "土地改良事業 " + era_words(random) + "完了";
    if (random.chance(0.02)) remark = "管理 " + std::string("㈱架空農産");
    const std::vector<std::string> values{m_region.prefecture_code,
                                          municipality.code,
                                          municipality.county + municipality.name,
                                          "2015",
                                          "12",
                                          blue ? "06" : "05",
                                          size,
                                          "1",
                                          name(random, blue),
                                          remark,
                                          "1"};
    m_file.add(closed, values);
    if (!zone_twice.strikes(number)) return;
    m_file.add(closed, values);
    m_twice += 2;
  }

  void report(ImportEntry& entry) const {
    entry.rows = m_file.count();
    entry.rejected = {{"self_crossing", m_crossing}, {"repeated_key", m_twice}};
    entry.odd = {{"self_touching", m_touching}};
    entry.repaired = m_touching;
    entry.features = entry.accepted_rows();
  }

  void close() { m_file.close(); }

 private:
  static std::string era_words(Random& random) {
    return "平成" + std::to_string(random.between(2, 30)) + "年度";
  }
  static std::string name(Random& random, bool blue) {
    static constexpr const char* fronts[] = {"髙畑", "中之島", "大島",   "川東",
                                             "栃尾", "ﾖｼﾀﾞ",   "北新保", "寺泊"};
    return std::string(random.pick(fronts)) + (blue ? "農用地" : "農業地域") +
           std::to_string(random.between(1, 99));
  }

  const Region& m_region;
  std::uint64_t m_seed;
  PolygonShapefile m_file;
  std::int64_t m_zones = 0;
  std::int64_t m_crossing = 0;
  std::int64_t m_touching = 0;
  std::int64_t m_twice = 0;  // rows of repeated zones, the first of each included
};

class ParcelFile {
 public:
  explicit ParcelFile(const Job& job)
      : m_region(job.region),
        m_seed(job.seed),
        m_file(job.folder / "farmland_parcels.geojsonl", GeoJsonFile::Form::lines) {}

  void add(int cell, const Parcel& parcel, const std::string& government_code) {
    Random random(m_seed,
                  {key(Stream::parcel), static_cast<std::uint64_t>(std::stoi(m_region.prefecture_code)),
                   static_cast<std::uint64_t>(cell), static_cast<std::uint64_t>(m_file.count())});
    const std::string before = uuid(random.next(), random.next());
    const int edit_year = random.between(2016, 2021);
    m_feature.start();
    m_feature.text("polygon_uuid", uuid(random.next(), random.next()));
    m_feature.number("land_type", std::int64_t{parcel.paddy ? 100 : 200});
    m_feature.number("issue_year", std::int64_t{2024});
    m_feature.number("edit_year", std::int64_t{edit_year});
    std::string history = "[";
    if (random.chance(0.8))
      history += R"({"筆ポリゴンID":")" + before + R"(","更新年度":2023,"前年同一":true},)";
    history += R"({"筆ポリゴンID":")" + before + R"(","発生年度":)" + std::to_string(edit_year) + "}]";
    m_feature.raw("history", history);
    m_feature.text("last_polygon_uuid", before);
    m_feature.null("prev_last_polygon_uuid");
    m_feature.text("local_government_cd", government_code);
    geom::Point middle;
    for (const geom::Point p : parcel.ring) {
      middle.x += p.x / 4;
      middle.y += p.y / 4;
    }
    middle = m_region.plane.to_degrees(middle);
    m_feature.number("point_lng", middle.x, 9);
    m_feature.number("point_lat", middle.y, 9);
    m_feature.number("synthetic", std::int64_t{1});
    m_ring.assign(parcel.ring.begin(), parcel.ring.end());
    if (parcel_crossing.strikes(m_file.count())) {
      m_ring = crossing_ring(m_ring);
      ++m_crossing;
    } else if (parcel_touching.strikes(m_file.count())) {
      m_ring = touching_ring(m_ring);
      ++m_touching;
    }
    m_feature.ring(m_region.plane, m_ring.data(), m_ring.size());
    m_file.add(m_feature.finish());
  }

  void report(ImportEntry& entry) const {
    entry.rows = m_file.count();
    entry.rejected = {{"self_crossing", m_crossing}};
    entry.odd = {{"self_touching", m_touching}};
    entry.repaired = m_touching;
    entry.features = entry.accepted_rows();
  }

  void close() { m_file.close(); }

 private:
  const Region& m_region;
  std::uint64_t m_seed;
  GeoJsonFile m_file;
  FeatureText m_feature;
  Ring m_ring;
  std::int64_t m_crossing = 0;
  std::int64_t m_touching = 0;
};

const Municipality& held_by(const Region& region, int holder) {
  return region.municipalities[static_cast<std::size_t>(holder)];
}

// Zones end at municipal borders: where one would cross them, the longest runs of its parts that do not are
// written instead.
template <class Part>
void add_runs(ZoneFile& zones, const Region& region, int cell, int parts, bool blue, Part&& part) {
  const auto held = [&](int first, int last) { return region.holder(cell, part(first, last)); };
  if (const int holder = held(0, parts - 1); holder >= 0) {
    zones.add(held_by(region, holder), part(0, parts - 1), blue);
    return;
  }
  for (int first = 0; first < parts;) {
    const int holder = held(first, first);
    int last = first;
    while (holder >= 0 && last + 1 < parts && held(first, last + 1) == holder) ++last;
    if (holder >= 0) zones.add(held_by(region, holder), part(first, last), blue);
    first = last + 1;
  }
}

void add_zone_of_cell(ZoneFile& zones, const Region& region, int cell, const PaddyCell& paddies) {
  const Ring whole = paddies.outline();
  if (const int holder = region.holder(cell, whole); holder >= 0) {
    zones.add(held_by(region, holder), whole, false);
    return;
  }
  for (int row = 0; row < PaddyCell::outline_tiles; ++row)
    add_runs(zones, region, cell, PaddyCell::outline_tiles, false,
             [&](int first, int last) { return paddies.outline_part(row, first, last); });
}

// As many of the cell's parcels as are wanted; returns how many there were.
std::int64_t add_parcels(ParcelFile& parcels, ZoneFile& zones, const Region& region, int cell,
                         const PaddyCell& paddies, std::int64_t wanted) {
  std::vector<std::string> codes;
  for (const Municipality& municipality : region.municipalities)
    codes.push_back(with_check_digit(municipality.code));
  std::int64_t taken = 0;
  for (const Strip& strip : paddies.strips()) {
    if (taken == wanted) break;
    if (strip.blue)
      add_runs(zones, region, cell, strip.blocks, true,
               [&](int first, int last) { return paddies.outline(strip, first, last); });
    for (int number = 0; number < strip.parcels() && taken < wanted; ++number) {
      const Parcel parcel = paddies.parcel(strip, number);
      const int holder = region.holder(cell, parcel.ring);
      if (holder < 0) continue;
      parcels.add(cell, parcel, codes[static_cast<std::size_t>(holder)]);
      ++taken;
    }
  }
  return taken;
}

}  // namespace

void write_farmland(Job& job) {
  const Region& region = job.region;
  const std::vector<int> cells = region.cells_of(false, true, false);
  std::filesystem::create_directories(job.folder / "a12");
  ZoneFile zones(job, job.folder / "a12" / ("A12-15_" + region.prefecture_code));
  ParcelFile parcels(job);

  std::vector<std::int64_t> holds;
  holds.reserve(cells.size());
  for (const int cell : cells)
    holds.push_back(std::int64_t{PaddyCell(region, cell, job.seed).capacity()} * region.room(cell) /
                    whole_room);
  Spread spread = Spread::over_first(holds, job.counts.parcels, usual_share);
  if (region.outlines) spread.keep_reserve();
  for (const int cell : cells) {
    if (spread.left() == 0) break;
    const std::int64_t wanted = spread.next();
    const PaddyCell paddies(region, cell, job.seed);
    add_zone_of_cell(zones, region, cell, paddies);
    spread.took(add_parcels(parcels, zones, region, cell, paddies, wanted));
  }
  if (spread.left() > 0)
    throw base::Error(
        base::ErrorKind::bad_input,
        std::to_string(spread.left()) + " farmland parcels find no room in " + region.prefecture, "--scale",
        "use a smaller scale; ritchi synth --help names the limits");
  zones.close();
  parcels.close();
  ImportEntry zone_entry{
      "ksj-a12", "farmland_zones", {"a12/A12-15_" + region.prefecture_code + ".shp"}, "2015-03-31"};
  zones.report(zone_entry);
  if (zone_entry.rows > 0) job.imports.push_back(std::move(zone_entry));
  ImportEntry parcel_entry{"fude", "farmland_parcels", {"farmland_parcels.geojsonl"}, "2024-06-01"};
  parcels.report(parcel_entry);
  if (parcel_entry.rows > 0) job.imports.push_back(std::move(parcel_entry));
}

}  // namespace ritchi::synth
