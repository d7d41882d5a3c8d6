// c28/C28-21_Airport_….geojson (KSJ C28): the grounds of the airport to which the region's sites measure
// their distance. That of the demo region lies outside it, in a municipality that is not here.
#include <array>
#include <optional>
#include <string>

#include "importers/synth/geojson_layer.hpp"
#include "importers/synth/spots.hpp"

namespace ritchi::synth {
namespace {

constexpr double half_length_m = 1300;
constexpr double half_width_m = 240;
constexpr double outside_m = 2 * cell_m;  // further off than this is no part of the region

Ring grounds_at(geom::Point middle, double scale) {
  const double x = half_length_m * scale;
  const double y = half_width_m * scale;
  return {{middle.x - x, middle.y - y},
          {middle.x + x, middle.y - y},
          {middle.x + x, middle.y + y},
          {middle.x - x, middle.y + y}};
}

struct Grounds {
  Ring ring;
  int municipality = -1;
};

// As large as the land allows.
std::optional<Grounds> find_grounds(const Job& job) {
  const Region& region = job.region;
  const geom::Point wanted = region.plane.to_metres(region.airport_degrees);
  const auto spot = spot_near(region, job.seed, wanted);
  if (!spot) return std::nullopt;
  const double x = spot->metres.x - wanted.x;
  const double y = spot->metres.y - wanted.y;
  if (x * x + y * y > outside_m * outside_m) return Grounds{grounds_at(wanted, 1), -1};
  const geom::Point centre = region.centre(spot->cell);
  for (const double scale : {1.0, 0.7, 0.4, 0.2, 0.1}) {
    // Drawn towards the cell's middle, so that the larger ones stay within it.
    const double towards = region.outlines ? 0 : scale;
    Ring ring = grounds_at({spot->metres.x + (centre.x - spot->metres.x) * towards,
                            spot->metres.y + (centre.y - spot->metres.y) * towards},
                           scale);
    const int holder = region.holder(spot->cell, ring);
    if (holder >= 0) return Grounds{std::move(ring), holder};
  }
  return std::nullopt;
}

}  // namespace

void write_airports(Job& job) {
  const Region& region = job.region;
  GeoJsonLayer file(job, "c28/C28-21_Airport_" + region.prefecture_code + ".geojson", "C28-21_Airport");
  if (const auto grounds = find_grounds(job)) {
    Random random = stream_of(region, job.seed, Stream::airport);
    static constexpr const char* lengths[] = {"1500", "2000", "2500"};
    FeatureText& record = file.record();
    if (grounds->municipality < 0)
      record.null("C28_001");
    else
      record.text("C28_001", region.municipalities[static_cast<std::size_t>(grounds->municipality)].code);
    record.text("C28_003", "4");  // local
    record.text("C28_004", "1");  // in service
    record.text("C28_005", "架空" + region.prefecture + "空港");
    record.text("C28_006", "5");  // prefecture
    record.text("C28_007", "5");
    record.text("C28_011", random.chance(0.7) ? "1" : "2");
    record.text("C28_012", random.pick(lengths));
    record.number("C28_014", std::int64_t{2021});
    record.number("C28_015", std::int64_t{random.between(4, 60)});
    record.number("C28_016", std::int64_t{random.between(300, 9000)});
    file.polygon({grounds->ring});
  }
  add_import(job, file.close("ksj-c28", "airports", "2021-12-31"));
}

}  // namespace ritchi::synth
