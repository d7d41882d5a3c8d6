// n02/N02-23_Station_….geojson (KSJ N02): a station, drawn as its platform, in each town and in every fourth
// cell of plain.
#include <fmt/format.h>

#include <string>

#include "importers/synth/exact_math.hpp"
#include "importers/synth/geojson_layer.hpp"
#include "importers/synth/japanese.hpp"
#include "importers/synth/spots.hpp"

namespace ritchi::synth {
namespace {

struct Line {
  const char* name;
  const char* company;
  const char* railway_kind;   // N02_001: 11 JR, 12 other ordinary railway
  const char* operator_kind;  // N02_002: 2 JR, 4 private, 5 third sector
};

// The platform from its middle, both ways.
std::vector<geom::Point> platform(geom::Point middle, Random& random) {
  const double half_m = random.between(50.0, 110.0);
  const auto [sine, cosine] = exact_sincos(random.between(0.0, pi));
  return {{middle.x - half_m * cosine, middle.y - half_m * sine},
          {middle.x + half_m * cosine, middle.y + half_m * sine}};
}

}  // namespace

void write_stations(Job& job) {
  static constexpr Line lines[] = {{"架空本線", "架空旅客鉄道", "11", "2"},
                                   {"架空平野線", "架空旅客鉄道", "11", "2"},
                                   {"架空鉄道線", "架空鉄道", "12", "4"},
                                   {"架空高原線", "架空高原鉄道", "12", "5"}};
  const Region& region = job.region;
  GeoJsonLayer file(job, "n02/N02-23_Station_" + region.prefecture_code + ".geojson", "N02-23_Station");
  int number = 0;
  for (const int cell : region.cells_of(false, true, true)) {
    const bool town = region.land[static_cast<std::size_t>(cell)] == Land::urban;
    Random random = stream_of(region, job.seed, Stream::station, static_cast<std::uint64_t>(cell));
    if (!town && !random.chance(0.25)) continue;
    const auto spot = spot_in(region, job.seed, cell, random);
    if (!spot) continue;
    std::vector<geom::Point> rails = platform(spot->metres, random);
    if (region.holder(cell, rails) != spot->municipality) continue;
    const Line& line = random.pick(lines);
    ++number;
    FeatureText& record = file.record();
    record.text("N02_001", line.railway_kind);
    record.text("N02_002", line.operator_kind);
    record.text("N02_003", line.name);
    record.text("N02_004", line.company);
    // Numbered, as invented names repeat and a station is told by its name.
    record.text("N02_005", fmt::format("架空{}{}", place_name(random), number));
    record.text("N02_005c", fmt::format("9{}{:03}", region.prefecture_code, number));
    record.text("N02_005g", fmt::format("9{}{:03}", region.prefecture_code, number));
    file.line(rails);
  }
  add_import(job, file.close("ksj-n02", "stations", "2023-12-31"));
}

}  // namespace ritchi::synth
