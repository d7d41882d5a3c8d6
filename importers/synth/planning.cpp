// a09/A09-18_….geojson (KSJ A09): the towns' use districts lie in urbanisation promotion areas, the plain of
// municipalities that have a town in control areas. Hills, and municipalities without a town, are outside.
#include <fmt/format.h>

#include <vector>

#include "importers/synth/geojson_layer.hpp"
#include "importers/synth/patchwork.hpp"
#include "importers/synth/zoning.hpp"

namespace ritchi::synth {
namespace {

constexpr int promotion = 1;  // as the edition of 2018 numbers its layers
constexpr int control = 2;

bool is_in_districts(const Region& region, const Patch& patch) {
  constexpr int last = zoning_quarters + 1;
  return region.land[static_cast<std::size_t>(patch.cell)] == Land::urban && patch.column > 0 &&
         patch.column < last && patch.row > 0 && patch.row < last;
}

}  // namespace

void write_city_planning(Job& job) {
  const Region& region = job.region;
  std::vector<bool> has_town(region.municipalities.size());
  for (const int cell : region.cells_of(false, false, true))
    has_town[static_cast<std::size_t>(region.municipality[static_cast<std::size_t>(cell)])] = true;

  GeoJsonLayer file(job, "a09/A09-18_" + region.prefecture_code + ".geojson", "A09-18");
  const Patchwork patches(region, job.seed, planning_patches());
  const std::vector<int> lowland = region.cells_of(false, true, true);
  const auto kind_of = [&](const Patch& patch) {
    if (!has_town[static_cast<std::size_t>(patch.municipality)]) return -1;
    return patch.municipality * 4 + (is_in_districts(region, patch) ? promotion : control);
  };
  for (const Patchwork::Piece& piece : patches.pieces(lowland, kind_of)) {
    const Municipality& municipality = region.municipalities[static_cast<std::size_t>(piece.kind / 4)];
    FeatureText& record = file.record();
    record.text("prefec_cd", region.prefecture_code);
    record.text("area_cd", fmt::format("{:03}", piece.kind / 4 + 1));
    record.text("ctv_name", municipality.county + municipality.name);
    record.text("fis_year", "2018");
    record.text("thema_no", "09");
    record.text("layer_no", std::to_string(piece.kind % 4));
    file.polygon(piece.area);
  }
  add_import(job, file.close("ksj-a09", "city_planning", "2019-03-31"));
}

}  // namespace ritchi::synth
