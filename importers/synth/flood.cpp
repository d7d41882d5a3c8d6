// a31/A31a-….geojson (KSJ A31a): how deep each river of the region may flood the lowland, at the planned and
// at the largest assumed scale. A river runs where its relief is halfway up, the deeper the nearer to that.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "importers/synth/geojson_layer.hpp"
#include "importers/synth/patchwork.hpp"
#include "importers/synth/spots.hpp"

namespace ritchi::synth {
namespace {

constexpr int rivers = 3;
constexpr int patches_per_cell = 16;
constexpr double bend_m = 18000;  // size of a river's bends

struct Scale {
  const char* folder_number;  // A31a-10: planned, A31a-20: largest
  const char* column;         // A31a_1.., A31a_2..
  // Beyond which height above or below the river a rank (1, 2 …) begins no more; 0 for none.
  std::array<double, 4> reach;
};
constexpr std::array<Scale, 2> scales{
    {{"10", "A31a_1", {0.03, 0.02, 0.009, 0}}, {"20", "A31a_2", {0.052, 0.04, 0.026, 0.012}}}};

class River {
 public:
  River(const Job& job, int number) : m_number(number) {
    Random random = stream_of(job.region, job.seed, Stream::flood, static_cast<std::uint64_t>(number));
    m_shift = {random.between(0.0, 1000.0), random.between(0.0, 1000.0)};
    static constexpr const char* fronts[] = {"大", "小", "黒", "白", "渡", "荒", "早", "笹", "猿", "鮎"};
    static constexpr const char* backs[] = {"瀬", "沢", "谷", "野", "倉", "石", "津", "良"};
    // The second letter is another for each river of a prefecture.
    const char* front = random.pick(fronts);
    m_name = std::string("架空") + front +
             backs[(random.below(2) * rivers + static_cast<std::size_t>(number)) % std::size(backs)] + "川";
    m_code = fmt::format("8{}99{:05}", job.region.prefecture_code, number + 1);
  }
  const std::string& name() const { return m_name; }
  const std::string& code() const { return m_code; }

  int rank(geom::Point metres, const Scale& scale) const {
    const double height = relief(60 + static_cast<std::uint64_t>(m_number), metres.x / bend_m + m_shift.x,
                                 metres.y / bend_m + m_shift.y);
    const double above = std::fabs(height - 0.5);
    int rank = 0;
    for (const double reach : scale.reach) {
      if (above >= reach) break;
      ++rank;
    }
    return rank;
  }

 private:
  int m_number;
  geom::Point m_shift;
  std::string m_name;
  std::string m_code;
};

}  // namespace

void write_flood(Job& job) {
  const std::vector<int> lowland = job.region.cells_of(false, true, true);
  const Patchwork patches(job.region, job.seed, natural_patches(patches_per_cell));
  ImportEntry entry{"ksj-a31", "flood_depth", {}, "2025-03-31"};
  for (const Scale& scale : scales) {
    const std::string name =
        fmt::format("a31/A31a-{}-24_{}.geojson", scale.folder_number, job.region.prefecture_code);
    const std::string column = scale.column;
    GeoJsonLayer file(job, name, fmt::format("A31a-{}-24", scale.folder_number));
    for (int number = 0; number < rivers; ++number) {
      const River river(job, number);
      const auto rank_of = [&](const Patch& patch) {
        const int rank = river.rank(patch.middle, scale);
        return rank == 0 ? -1 : rank;
      };
      for (const Patchwork::Piece& piece : patches.pieces(lowland, rank_of)) {
        FeatureText& record = file.record();
        record.text(column + "01", river.code());
        record.text(column + "02", river.name());
        record.number(column + "05", std::int64_t{piece.kind});
        file.polygon(piece.area);
      }
    }
    const ImportEntry written = file.close(entry.profile, entry.layer, entry.as_of);
    if (written.rows == 0) continue;
    entry.files.push_back(name);
    entry.rows += written.rows;
    entry.features += written.features;
  }
  add_import(job, std::move(entry));
}

}  // namespace ritchi::synth
