// What protects the hills: natural parks (KSJ A10), nature conservation areas (A11) and forests (A13), each
// the higher ground of a relief of its own.
#include <fmt/format.h>

#include "importers/synth/geojson_layer.hpp"
#include "importers/synth/japanese.hpp"
#include "importers/synth/job.hpp"
#include "importers/synth/land_plan_file.hpp"
#include "importers/synth/patchwork.hpp"
#include "importers/synth/spots.hpp"

namespace ritchi::synth {
namespace {

constexpr int patches_per_cell = 8;
constexpr double relief_m = 9000;  // size of a hill

enum Ground : std::uint64_t {
  park_ground = 40,
  conservation_ground,
  forest_ground,
  state_ground,
  guard_ground
};

// A relief that is another for each seed.
class Heights {
 public:
  Heights(const Job& job, Ground ground) : m_ground(ground) {
    Random random = stream_of(job.region, job.seed, Stream::hills, ground);
    m_shift = {random.between(0.0, 1000.0), random.between(0.0, 1000.0)};
  }
  double at(geom::Point metres) const {
    return relief(m_ground, metres.x / relief_m + m_shift.x, metres.y / relief_m + m_shift.y);
  }

 private:
  std::uint64_t m_ground;
  geom::Point m_shift;
};

class Hills {
 public:
  explicit Hills(Job& job)
      : m_job(job),
        m_cells(job.region.cells_of(true, false, false)),
        m_patches(job.region, job.seed, natural_patches(patches_per_cell)) {}

  // Within each municipality the pieces of hill for which `chosen` says so.
  template <class Chosen>
  std::vector<Patchwork::Piece> pieces(const Chosen& chosen) const {
    return m_patches.pieces(m_cells,
                            [&](const Patch& patch) { return chosen(patch) ? patch.municipality : -1; });
  }
  template <class Chosen>
  void add(LandPlanFile& file, const char* layer, const char* kind, const Chosen& chosen) {
    for (const Patchwork::Piece& piece : pieces(chosen)) {
      Random random = stream_of(m_job.region, m_job.seed, Stream::hills, 100, m_names++);
      const std::string remark = random.chance(0.1) ? "管理 ㈱架空林業" : "";
      file.add(piece.kind, piece.area, layer, "架空" + place_name(random) + kind, remark);
    }
  }

 private:
  Job& m_job;
  std::vector<int> m_cells;
  Patchwork m_patches;
  std::uint64_t m_names = 0;
};

}  // namespace

void write_protected_areas(Job& job) {
  Hills hills(job);
  const Heights park(job, park_ground);
  LandPlanFile parks(job, "10");
  const auto above = [](const Heights& heights, double least) {
    return [&heights, least](const Patch& patch) { return heights.at(patch.middle) > least; };
  };
  hills.add(parks, "11", "県立自然公園", above(park, 0.68));
  hills.add(parks, "12", "県立自然公園特別地域", above(park, 0.76));
  hills.add(parks, "13", "県立自然公園特別保護地区", above(park, 0.87));
  add_import(job, parks.close("protected_areas"));

  const Heights conservation(job, conservation_ground);
  LandPlanFile areas(job, "11");
  const auto outside_parks = [&](double least) {
    return [&, least](const Patch& patch) {
      return conservation.at(patch.middle) > least && park.at(patch.middle) <= 0.68;
    };
  };
  hills.add(areas, "14", "自然環境保全地域", outside_parks(0.8));
  hills.add(areas, "16", "自然環境保全地域特別地区", outside_parks(0.88));
  ImportEntry entry = areas.close("protected_areas");
  entry.options = {"--partition", job.region.prefecture_code + "-conservation"};
  add_import(job, std::move(entry));
}

void write_forests(Job& job) {
  Hills hills(job);
  const Heights forest(job, forest_ground);
  const Heights state(job, state_ground);
  const Heights guard(job, guard_ground);
  const auto is_forest = [&](const Patch& patch) { return forest.at(patch.middle) > 0.28; };
  const auto is_state = [&](const Patch& patch) { return state.at(patch.middle) > 0.66; };
  LandPlanFile file(job, "13");
  hills.add(file, "07", "森林地域", is_forest);
  hills.add(file, "08", "国有林", [&](const Patch& patch) { return is_forest(patch) && is_state(patch); });
  hills.add(file, "09", "民有林", [&](const Patch& patch) { return is_forest(patch) && !is_state(patch); });
  hills.add(file, "10", "保安林",
            [&](const Patch& patch) { return is_forest(patch) && guard.at(patch.middle) > 0.74; });
  add_import(job, file.close("forest_areas"));
}

}  // namespace ritchi::synth
