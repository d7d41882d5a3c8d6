// farmland_parcels.geojsonl (筆ポリゴン attributes) and a12/ (KSJ A12: 農業地域 and 農用地区域 over the
// parcels).
//
// Defects as in the published zone files, at their rates: every 200th zone crosses itself (from the 8th on),
// and AREA_SIZE is declared without decimals while one value in ten has them.
#include <algorithm>
#include <cmath>

#include "geodata/base/error.hpp"
#include "importers/synth/job.hpp"
#include "importers/synth/paddies.hpp"
#include "importers/synth/random.hpp"
#include "importers/synth/shapefile.hpp"

namespace ritchi::synth {
namespace {

constexpr std::int64_t usual_parcels_per_cell = 3000;

class ZoneFile {
 public:
  ZoneFile(const Job& job, const std::filesystem::path& path)
      : m_region(job.region),
        m_seed(job.seed),
        m_file(path,
               {{"PREFEC_CD", 'C', 2, 0},
                {"AREA_CD", 'C', 5, 0},
                {"CTV_NAME", 'C', 40, 0},
                {"FIS_YEAR", 'N', 4, 0},
                {"THEMA_NO", 'C', 2, 0},
                {"LAYER_NO", 'C', 2, 0},
                {"AREA_SIZE", 'N', 12, 0},
                {"IOSIDE_DIV", 'N', 1, 0},
                {"OBJ_NAME", 'C', 60, 0},
                {"REMARK_STR", 'C', 60, 0},
                {"SYNTHETIC", 'N', 1, 0}},
               jgd2000_projection) {}

  void add(int cell, Ring ring, bool blue) {
    const auto ordinal = static_cast<std::uint64_t>(m_file.count());
    Random random(m_seed, {key(Stream::zone), static_cast<std::uint64_t>(std::stoi(m_region.prefecture_code)),
                           ordinal});
    double doubled = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const geom::Point a = ring[i];
      const geom::Point b = ring[(i + 1) % ring.size()];
      doubled += a.x * b.y - b.x * a.y;
    }
    // A bow tie of two neighbouring corners exchanged.
    if (ordinal % 200 == 7) {
      std::swap(ring[1], ring[2]);
      ++m_self_crossing;
    }
    std::vector<geom::Point> closed;  // clockwise, as shapefiles want it
    closed.reserve(ring.size() + 1);
    std::reverse(ring.begin(), ring.end());
    for (const geom::Point corner : ring) closed.push_back(m_region.plane.to_degrees(corner));
    closed.push_back(closed.front());

    const Municipality& municipality = m_region.municipality_of(cell);
    const double hectares = doubled / 2 / 10000;
    std::string size = std::to_string(std::llround(hectares));
    if (random.chance(0.1)) size = fixed(hectares, 3);
    std::string remark;
    if (random.chance(0.05)) remark = "土地改良事業 " + era_words(random) + "完了";
    if (random.chance(0.02)) remark = "管理 " + std::string("㈱架空農産");
    m_file.add(closed, {m_region.prefecture_code, municipality.code, municipality.county + municipality.name,
                        "2015", "12", blue ? "06" : "05", size, "1", name(random, blue), remark, "1"});
  }

  void close() { m_file.close(); }
  std::int64_t count() const { return m_file.count(); }
  std::int64_t self_crossing() const { return m_self_crossing; }

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
  std::int64_t m_self_crossing = 0;
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
    m_feature.ring(m_region.plane, parcel.ring.data(), parcel.ring.size());
    m_file.add(m_feature.finish());
  }

  void close() { m_file.close(); }
  std::int64_t count() const { return m_file.count(); }

 private:
  const Region& m_region;
  std::uint64_t m_seed;
  GeoJsonFile m_file;
  FeatureText m_feature;
};

}  // namespace

void write_farmland(Job& job) {
  const Region& region = job.region;
  const std::vector<int> cells = region.cells_of(false, true, false);
  std::filesystem::create_directories(job.folder / "a12");
  ZoneFile zones(job, job.folder / "a12" / ("A12-15_" + region.prefecture_code));
  ParcelFile parcels(job);

  const auto cell_count = static_cast<std::int64_t>(cells.size());
  const std::int64_t active = std::min(cell_count, job.counts.parcels / usual_parcels_per_cell + 1);
  std::int64_t left = job.counts.parcels;
  for (std::int64_t i = 0; i < cell_count && left > 0; ++i) {
    const int cell = cells[static_cast<std::size_t>(i)];
    const PaddyCell paddies(region, cell, job.seed);
    const std::int64_t share = i < active ? (left + active - i - 1) / (active - i) : left;
    std::int64_t here = std::min<std::int64_t>(share, paddies.capacity());
    const std::string code = with_check_digit(region.municipality_of(cell).code);
    left -= here;
    zones.add(cell, paddies.outline(), false);
    for (const Strip& strip : paddies.strips()) {
      if (here == 0) break;
      if (strip.blue) zones.add(cell, paddies.outline(strip), true);
      const int in_strip = static_cast<int>(std::min<std::int64_t>(here, strip.parcels()));
      for (int number = 0; number < in_strip; ++number)
        parcels.add(cell, paddies.parcel(strip, number), code);
      here -= in_strip;
    }
  }
  if (left > 0)
    throw base::Error(base::ErrorKind::bad_input,
                      std::to_string(left) + " farmland parcels find no room in " + region.prefecture,
                      "--scale", "use a smaller scale; ritchi synth --help names the limits");
  zones.close();
  parcels.close();
  job.imports.push_back({"ksj-a12",
                         "farmland_zones",
                         {"a12/A12-15_" + region.prefecture_code + ".shp"},
                         "2015-03-31",
                         {},
                         zones.count(),
                         zones.count() - zones.self_crossing(),
                         {{"self_crossing", zones.self_crossing()}}});
  job.imports.push_back({"fude",
                         "farmland_parcels",
                         {"farmland_parcels.geojsonl"},
                         "2024-06-01",
                         {},
                         parcels.count(),
                         parcels.count(),
                         {}});
}

}  // namespace ritchi::synth
