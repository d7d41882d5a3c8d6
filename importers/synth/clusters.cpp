// clusters.geojson: industry cluster plans of the three kinds, with their progress of two half-years. The
// strategic one lies round the heart, the regional one over all plains, local ones in towns; they overlap.
#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <string>
#include <vector>

#include "importers/synth/geojson_layer.hpp"
#include "importers/synth/japanese.hpp"
#include "importers/synth/patchwork.hpp"
#include "importers/synth/spots.hpp"

namespace ritchi::synth {
namespace {

constexpr int strategic_reach = 3;  // cells
constexpr int local_reach = 1;
constexpr std::size_t most_local_plans = 6;

class PlanList {
 public:
  explicit PlanList(Job& job)
      : m_region(job.region),
        m_seed(job.seed),
        m_patches(job.region, job.seed, planning_patches()),
        m_lowland(job.region.cells_of(false, true, true)),
        m_file(job, "clusters.geojson", "産業クラスター計画") {}

  // Over the lowland within so many cells; all of it without a reach.
  void add(char kind, int municipality, int middle, int reach) {
    const auto near = [&](int cell) {
      return reach == 0 || (std::abs(cell % m_region.columns - middle % m_region.columns) <= reach &&
                            std::abs(cell / m_region.columns - middle / m_region.columns) <= reach);
    };
    const std::vector<Area> areas = m_patches.areas(m_lowland, [&](const Patch& patch) {
      return near(patch.cell) && (municipality < 0 || patch.municipality == municipality);
    });
    if (areas.empty()) return;
    Random random = stream_of(m_region, m_seed, Stream::cluster, static_cast<std::uint64_t>(m_plans++));
    static constexpr const char* sectors[] = {"半導体", "マテリアル", "フードテック", "航空・宇宙",
                                              "金属加工"};
    const char* sector = random.pick(sectors);
    const bool local = kind == 'C';
    const std::string holder = municipality < 0
                                   ? m_region.prefecture
                                   : m_region.municipalities[static_cast<std::size_t>(municipality)].name;
    constexpr std::int64_t oku = 100'000'000;
    const std::int64_t total = oku * (kind == 'A'   ? random.between(800, 4000)
                                      : kind == 'B' ? random.between(80, 600)
                                                    : random.between(2, 20));
    const int people = random.between(5, 40) * (local ? 1 : 20);
    const int year = random.between(2024, 2025);
    const std::string goal = money(total, random);
    const std::string value_added = money(total / 4, random);
    for (const int half_year : {1, 2}) {
      FeatureText& record = m_file.record();
      record.text("計画番号", fmt::format("C{}-{:02}", m_region.prefecture_code, m_plans));
      record.text("計画名", "架空" + holder + sector + (local ? "成長プラン" : "クラスター計画"));
      record.text("計画区分", std::string(1, kind));
      record.text("分野", sector);
      record.text("策定主体", kind == 'A' ? "国（架空）" : holder + "（架空）");
      record.text("都道府県", m_region.prefecture);
      if (kind == 'A') record.text("所管省庁", "経済産業省");
      record.text("総事業費", goal);
      if (!local) {
        record.text("KGI投資額", goal);
        record.text("KGI育成人数", std::to_string(people));
      }
      record.text("KGI付加価値額", value_added);
      record.text("決定日", fmt::format("{}-03-28", year));
      record.text("計画開始日", fmt::format("{}-04-01", year));
      record.text("計画終了日", fmt::format("{}-03-31", year + 5));
      record.text("進捗時点",
                  half_year == 1 ? fmt::format("{}-09-30", year) : fmt::format("{}-03-31", year + 1));
      record.text("投資実績額", money(total / 100 * half_year * random.between(2, 9) / 1000 * 1000, random));
      record.text("育成人数実績", std::to_string(people / 20 * half_year));
      m_file.polygons(areas);
    }
  }
  ImportEntry close() {
    ImportEntry entry = m_file.close("clusters", "clusters", "2025-03-31");
    entry.features = m_plans;
    return entry;
  }

 private:
  const Region& m_region;
  std::uint64_t m_seed;
  Patchwork m_patches;
  std::vector<int> m_lowland;
  GeoJsonLayer m_file;
  std::int64_t m_plans = 0;
};

}  // namespace

void write_clusters(Job& job) {
  const Region& region = job.region;
  PlanList plans(job);
  plans.add('A', -1, region.heart, strategic_reach);
  plans.add('B', -1, region.heart, 0);
  std::vector<bool> has_plan(region.municipalities.size());
  std::size_t local = 0;
  for (const int town : region.cells_of(false, false, true)) {
    const int municipality = region.municipality[static_cast<std::size_t>(town)];
    if (local == most_local_plans || has_plan[static_cast<std::size_t>(municipality)]) continue;
    has_plan[static_cast<std::size_t>(municipality)] = true;
    plans.add('C', municipality, town, local_reach);
    ++local;
  }
  add_import(job, plans.close());
}

}  // namespace ritchi::synth
