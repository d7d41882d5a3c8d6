// soil_contamination.geojson: designated areas on the ground of parks, in the towns' industrial belts and on
// sites where a plant stood; some are lifted again.
#include <fmt/format.h>

#include <cmath>
#include <string>

#include "importers/synth/geojson_layer.hpp"
#include "importers/synth/japanese.hpp"
#include "importers/synth/plots.hpp"
#include "importers/synth/spots.hpp"
#include "importers/synth/zoning.hpp"

namespace ritchi::synth {
namespace {

constexpr int parks_per_area = 4;
constexpr double former_plant_share = 0.2;
constexpr double action_share = 0.2;
constexpr double lifted_share = 0.12;

class Designations {
 public:
  explicit Designations(Job& job)
      : m_region(job.region),
        m_seed(job.seed),
        m_file(job, "soil_contamination.geojson", "要措置区域・形質変更時要届出区域") {}

  // About a place of the cell's frame, unless it would lie across a border.
  void add(int cell, double u, double v, Random& random) {
    const double least_m = random.between(20.0, 60.0);
    const double most_m = random.between(70.0, 160.0);
    const int corners = random.between(7, 14);
    const Area area{blob(frame_of(m_region, cell, m_seed), {u, v}, least_m, most_m, corners, random)};
    const int holder = m_region.holder(cell, area.front());
    if (holder < 0) return;
    const Municipality& municipality = m_region.municipalities[static_cast<std::size_t>(holder)];
    static constexpr const char* substances[] = {
        "鉛及びその化合物", "砒素及びその化合物",           "ふっ素及びその化合物",
        "六価クロム化合物", "トリクロロエチレン、ベンゼン", "水銀及びその化合物"};
    const bool action = random.chance(action_share);
    const int year = random.between(2004, 2023);
    FeatureText& record = m_file.record();
    record.text("指定番号",
                fmt::format("{}-{}-{}", action ? "整" : "指", m_region.prefecture_code, ++m_number));
    record.text("区域区分", action ? "要措置区域" : "形質変更時要届出区域");
    record.text("所在地", m_region.prefecture + municipality.county + municipality.name + place_name(random) +
                              "の一部");
    record.text("市区町村コード", municipality.code);
    record.text("特定有害物質", random.pick(substances));
    record.number("面積m2", std::llround(ring_area_m2(area.front())));
    record.text("指定年月日", mixed_date({year, random.between(1, 12), random.between(1, 28)}, random));
    if (random.chance(lifted_share))
      record.text("解除年月日", mixed_date({year + 1, random.between(1, 12), random.between(1, 28)}, random));
    else
      record.null("解除年月日");
    record.text("指定権者", m_region.prefecture + "知事");
    m_file.polygon(area);
  }
  ImportEntry close() { return m_file.close("soil-contamination", "soil_contamination", "2025-03-31"); }

 private:
  const Region& m_region;
  std::uint64_t m_seed;
  GeoJsonLayer m_file;
  int m_number = 0;
};

}  // namespace

void write_soil(Job& job) {
  const Region& region = job.region;
  Designations areas(job);
  const auto stream = [&](int cell, std::uint64_t part) {
    return stream_of(region, job.seed, Stream::soil, static_cast<std::uint64_t>(cell), part);
  };
  for (const ParkGround& ground : job.park_grounds) {
    Random random = stream(ground.cell, 0);
    const auto along = [&](int first, int last) {
      return -plot_reach_m + random.between(first * plot_unit_m, last * plot_unit_m);
    };
    const int count = (ground.count + random.between(0, parks_per_area)) / parks_per_area;
    for (int i = 0; i < count; ++i) {
      const double u = along(ground.west, ground.east);
      areas.add(ground.cell, u, along(ground.south, ground.north), random);
    }
  }
  for (const int cell : region.cells_of(false, false, true)) {
    Random random = stream(cell, 1);
    const double belt = zoning_reach_m - zoning_quarter_m / 2;  // the middle of the industrial row
    for (int i = random.between(1, 3); i > 0; --i) {
      const double u = random.between(-zoning_reach_m + 200, zoning_reach_m - 200);
      areas.add(cell, u, belt + random.between(-100.0, 100.0), random);
    }
  }
  for (const SiteGround& ground : job.site_grounds) {
    Random random = stream(ground.cell, 2);
    if (random.chance(former_plant_share)) areas.add(ground.cell, ground.plot.u(), ground.plot.v(), random);
  }
  add_import(job, areas.close());
}

}  // namespace ritchi::synth
