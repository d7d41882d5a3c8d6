// promotion_zones.geojson: the plain of most municipalities is 促進区域 of a basic plan; round the parks of a
// cell lie 重点促進区域, some with a plan of land-use adjustment, and 工場立地特例対象区域. A few are over.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "importers/synth/geojson_layer.hpp"
#include "importers/synth/japanese.hpp"
#include "importers/synth/patchwork.hpp"
#include "importers/synth/spots.hpp"

namespace ritchi::synth {
namespace {

constexpr int margin_units = 2;  // of the plots round the parks
constexpr int one_over_in = 12;

Ring box_round(const CellFrame& frame, const ParkGround& ground, int margin) {
  const auto along = [&](int unit) { return -plot_reach_m + std::clamp(unit, 0, plot_units) * plot_unit_m; };
  const double west = along(ground.west - margin);
  const double east = along(ground.east + margin);
  const double south = along(ground.south - margin);
  const double north = along(ground.north + margin);
  return {frame.at(west, south), frame.at(east, south), frame.at(east, north), frame.at(west, north)};
}

class ZoneList {
 public:
  explicit ZoneList(Job& job)
      : m_region(job.region), m_seed(job.seed), m_file(job, "promotion_zones.geojson", "重点促進区域等") {}

  void add(int municipality, const char* kind, const Area& area, bool with_plan = false) {
    const Municipality& holder = m_region.municipalities[static_cast<std::size_t>(municipality)];
    Random random = stream_of(m_region, m_seed, Stream::promotion, m_number++);
    const bool over = m_number % one_over_in == 0;
    const int from = over ? random.between(2017, 2018) : random.between(2022, 2025);
    FeatureText& record = m_file.record();
    record.text("区域番号", fmt::format("{}-{:05}", m_region.prefecture_code, m_number));
    record.text("区域名", holder.name + place_name(random) + kind);
    record.text("区分", kind);
    record.text("基本計画名", "架空" + m_region.prefecture + "基本計画");
    if (with_plan)
      record.text("土地利用調整計画名", "架空" + holder.name + "土地利用調整計画");
    else
      record.null("土地利用調整計画名");
    record.text("都道府県コード", m_region.prefecture_code);
    record.text("市区町村コード", holder.code);
    record.text("市区町村名", holder.name);
    // A zone may be set before there is a project.
    if (random.chance(0.3))
      record.text("対象事業", fmt::format("{}-{:06}", m_region.prefecture_code, random.between(1, 400)));
    else
      record.null("対象事業");
    record.text("有効開始日", mixed_date({from, 4, 1}, random));
    record.text("有効終了日", mixed_date({over ? from + 5 : from + 10, 3, 31}, random));
    m_file.polygon(area);
  }
  ImportEntry close() { return m_file.close("promotion-zones", "promotion_zones", "2025-04-01"); }

 private:
  const Region& m_region;
  std::uint64_t m_seed;
  GeoJsonLayer m_file;
  std::uint64_t m_number = 0;
};

}  // namespace

void write_promotion_zones(Job& job) {
  const Region& region = job.region;
  ZoneList zones(job);
  for (const ParkGround& ground : job.park_grounds) {
    const CellFrame frame = frame_of(region, ground.cell, job.seed);
    Random random =
        stream_of(region, job.seed, Stream::promotion, static_cast<std::uint64_t>(ground.cell), 1);
    // Wider than the parks, unless a border is in the way.
    Ring ring = box_round(frame, ground, margin_units);
    int holder = region.holder(ground.cell, ring);
    if (holder < 0) {
      ring = box_round(frame, ground, 0);
      holder = region.holder(ground.cell, ring);
    }
    if (holder < 0) continue;
    zones.add(holder, "重点促進区域", {ring}, random.chance(0.5));
    if (random.chance(0.4)) zones.add(holder, "工場立地特例対象区域", {box_round(frame, ground, 0)});
  }
  const std::vector<int> lowland = region.cells_of(false, true, true);
  const Patchwork patches(region, job.seed, planning_patches());
  std::vector<bool> has_plan;
  for (std::size_t m = 0; m < region.municipalities.size(); ++m)
    has_plan.push_back(stream_of(region, job.seed, Stream::promotion, m, 2).chance(0.7));
  const auto planned = [&](const Patch& patch) {
    const int holder = region.outlines ? region.holder(patch.cell, patches.ring(patch)) : patch.municipality;
    return holder >= 0 && has_plan[static_cast<std::size_t>(holder)] ? holder : -1;
  };
  for (const Patchwork::Piece& piece : patches.pieces(lowland, planned))
    zones.add(piece.kind, "促進区域", piece.area);
  add_import(job, zones.close());
}

}  // namespace ritchi::synth
