// waterworks.geojson: industrial water undertakings with three years of figures. The prefecture's serves the
// cells in which the ledger's pipes lie and their neighbours, others the towns beyond.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "importers/synth/geojson_layer.hpp"
#include "importers/synth/japanese.hpp"
#include "importers/synth/patchwork.hpp"
#include "importers/synth/pipes.hpp"
#include "importers/synth/spots.hpp"

namespace ritchi::synth {
namespace {

constexpr int first_year = 2021;
constexpr int last_year = 2023;

struct Undertaking {
  std::string name;
  std::string owner;
};

// Which undertaking serves each cell of the lowland; -1 for none.
class Service {
 public:
  explicit Service(const Job& job)
      : m_region(job.region), m_of_cell(static_cast<std::size_t>(job.region.cells()), -1) {
    m_undertakings.push_back({industrial_undertaking(m_region), m_region.prefecture + "企業局（架空）"});
    std::vector<int> served = job.industrial_water_cells;
    if (served.empty()) served.push_back(m_region.heart);
    for (const int cell : served) take_round(cell, 0, -1);
    for (const int town : m_region.cells_of(false, false, true)) {
      if (of(town) >= 0) continue;
      const int municipality = m_region.municipality[static_cast<std::size_t>(town)];
      const std::string& name = m_region.municipalities[static_cast<std::size_t>(municipality)].name;
      m_undertakings.push_back({"架空" + name + "工業用水道", name + "水道局（架空）"});
      take_round(town, static_cast<int>(m_undertakings.size()) - 1, municipality);
    }
  }
  const std::vector<Undertaking>& undertakings() const { return m_undertakings; }
  int of(int cell) const { return m_of_cell[static_cast<std::size_t>(cell)]; }

 private:
  // The cell and its neighbours that none serves yet; of one municipality alone, where it is given.
  void take_round(int cell, int undertaking, int municipality) {
    const int column = cell % m_region.columns;
    const int row = cell / m_region.columns;
    for (int dy = -1; dy <= 1; ++dy)
      for (int dx = -1; dx <= 1; ++dx) {
        const Land land = m_region.land_at(column + dx, row + dy);
        if (land != Land::plain && land != Land::urban) continue;
        const int next = m_region.cell(column + dx, row + dy);
        const bool own = municipality < 0 || m_region.municipality_at(column + dx, row + dy) == municipality;
        if (own && of(next) < 0) m_of_cell[static_cast<std::size_t>(next)] = undertaking;
      }
  }

  const Region& m_region;
  std::vector<int> m_of_cell;
  std::vector<Undertaking> m_undertakings;
};

// Contracts fall from year to year, the plant stays; figures in the units of the published yearbooks.
void add_figures(FeatureText& record, int year, std::int64_t capacity, double contracted_share,
                 Random& random) {
  const double fall = 1 + 0.01 * (last_year - year);
  const auto hundreds = [](double value) { return std::llround(value / 100) * 100; };
  const auto size = static_cast<double>(capacity);
  const std::int64_t contracted = hundreds(size * contracted_share * fall);
  const std::int64_t supplied = hundreds(static_cast<double>(contracted) * random.between(0.6, 0.85));
  const auto percent = [&](std::int64_t volume, double factor) {
    return 100 * static_cast<double>(volume) * factor / size;
  };
  record.number("年度", std::int64_t{year});
  record.number("給水能力", capacity);
  record.number("契約水量", contracted);
  record.number("給水量", supplied);
  record.number("施設利用率", percent(supplied, 1), 1);
  record.number("最大稼働率", percent(supplied, random.between(1.05, 1.2)), 1);
  record.number("管路耐震化適合率", random.between(25.0, 75.0), 1);
  record.number("施設耐震化率", random.between(20.0, 90.0), 1);
  record.number("管路経年化率", random.between(40.0, 60.0), 1);
  record.number("料金回収率", random.between(85.0, 130.0), 1);
  record.number("基本料金", random.between(15.0, 45.0), 1);
  record.number("超過料金", random.between(40.0, 90.0), 1);
  record.number("使用料金", random.between(3.0, 12.0), 1);
  const std::int64_t revenue = contracted * 365 * random.between(20, 40) / 1000 * 1000;
  record.text("営業収益", money(revenue, random));
  record.text("純損益", money(revenue / 100 * random.between(-6, 12) / 1000 * 1000, random));
}

}  // namespace

void write_waterworks(Job& job) {
  const Region& region = job.region;
  const Service service(job);
  PatchRules rules = planning_patches();
  rules.beyond_coast = true;  // pipes lie right up to the shore
  const Patchwork patches(region, job.seed, std::move(rules));
  std::vector<std::vector<Area>> areas(service.undertakings().size());
  for (Patchwork::Piece& piece : patches.pieces(region.cells_of(false, true, true),
                                                [&](const Patch& patch) { return service.of(patch.cell); }))
    areas[static_cast<std::size_t>(piece.kind)].push_back(std::move(piece.area));

  GeoJsonLayer file(job, "waterworks.geojson", "工業用水道事業");
  std::int64_t undertakings = 0;
  for (std::size_t number = 0; number < areas.size(); ++number) {
    if (areas[number].empty()) continue;
    ++undertakings;
    Random random = stream_of(region, job.seed, Stream::waterworks, number);
    const std::int64_t capacity =
        std::llround(std::clamp(random.log_normal(number == 0 ? 90000 : 25000, 0.6), 4000.0, 400000.0) /
                     100) *
        100;
    const double contracted_share = random.between(0.45, 0.97);
    for (int year = first_year; year <= last_year; ++year) {
      FeatureText& record = file.record();
      record.text("事業番号", fmt::format("W{}-{:02}", region.prefecture_code, number + 1));
      record.text("事業名", service.undertakings()[number].name);
      record.text("事業者", service.undertakings()[number].owner);
      record.text("都道府県コード", region.prefecture_code);
      add_figures(record, year, capacity, contracted_share, random);
      file.polygons(areas[number]);
    }
  }
  ImportEntry entry = file.close("waterworks", "waterworks", "2024-03-31");
  entry.features = undertakings;
  add_import(job, std::move(entry));
}

}  // namespace ritchi::synth
