// substations.csv: substations with their spare capacity, one in each town, every third cell of plain and a
// few of the hills. The spare capacity of some is not published, of some it is used up.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "importers/synth/csv.hpp"
#include "importers/synth/geojson_layer.hpp"
#include "importers/synth/japanese.hpp"
#include "importers/synth/spots.hpp"

namespace ritchi::synth {
namespace {

// Where substations stand: 1 of so many cells.
int one_in(Land land) {
  return land == Land::urban ? 1 : land == Land::plain ? 3 : 12;
}

int voltage_kv(Land land, Random& random) {
  static constexpr int in_towns[] = {66, 66, 154};
  static constexpr int in_plains[] = {66, 66, 66, 77, 154};
  static constexpr int in_hills[] = {154, 275, 275, 500};
  return land == Land::urban   ? random.pick(in_towns)
         : land == Land::plain ? random.pick(in_plains)
                               : random.pick(in_hills);
}

}  // namespace

void write_substations(Job& job) {
  const Region& region = job.region;
  CsvFile file(job.folder / "substations.csv", CsvFile::Encoding::cp932,
               {"変電所番号", "変電所名", "一般送配電事業者", "電圧kV", "空き容量MW", "時点",
                "都道府県コード", "市区町村コード", "経度", "緯度", "合成"});
  for (const int cell : region.cells_of(true, true, true)) {
    const Land land = region.land[static_cast<std::size_t>(cell)];
    Random random = stream_of(region, job.seed, Stream::substation, static_cast<std::uint64_t>(cell));
    if (!random.chance(1.0 / one_in(land))) continue;
    const auto spot = spot_in(region, job.seed, cell, random);
    if (!spot) continue;
    const geom::Point degrees = region.plane.to_degrees(spot->metres);
    const double spare = random.real();
    file.add({fmt::format("{}-{:04}", region.prefecture_code, file.count() + 1),
              "架空" + place_name(random) + "変電所", "架空送配電㈱",
              std::to_string(voltage_kv(land, random)),
              spare < 0.1    ? std::string()
              : spare < 0.25 ? std::string("0")
                             : std::to_string(random.between(3, 180)),
              mixed_date({2025, random.between(1, 3), random.between(1, 28)}, random), region.prefecture_code,
              region.municipalities[static_cast<std::size_t>(spot->municipality)].code, fixed(degrees.x, 7),
              fixed(degrees.y, 7), "1"});
  }
  file.close();
  ImportEntry entry{"substations", "substations", {"substations.csv"}, "2025-03-31"};
  entry.rows = entry.features = file.count();
  add_import(job, std::move(entry));
}

}  // namespace ritchi::synth
