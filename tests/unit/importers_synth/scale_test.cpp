#include <gtest/gtest.h>
#include <sys/resource.h>

#include "importers/synth/job.hpp"
#include "importers/synth/network.hpp"
#include "importers/synth/paddies.hpp"
#include "tests/unit/importers_synth/made.hpp"

namespace ritchi::synth {
namespace {

TEST(Scale, JapanHoldsThirtyMillionParcelsAndEachPrefectureItsShare) {
  const std::vector<Region> regions = regions_of("japan");
  std::vector<Counts> rooms;
  std::int64_t parcels = 0;
  for (const Region& region : regions) {
    rooms.push_back(room_in(region, 1));
    parcels += rooms.back().parcels;
  }
  EXPECT_GT(parcels, 30'000'000);
  EXPECT_LT(parcels, 40'000'000) << "as much farmland as there is, not more";
  for (std::size_t i = 0; i < regions.size(); ++i) {
    SCOPED_TRACE(regions[i].prefecture);
    const Counts share =
        counts_for(150.0 * static_cast<double>(rooms[i].parcels) / static_cast<double>(parcels));
    EXPECT_NO_THROW(check_room(regions[i], 1, share));
  }
}

TEST(Scale, PrefecturesAreAsLargeAsTheRealOnes) {
  for (int prefecture = 1; prefecture <= 47; ++prefecture) {
    if (prefecture == 15) continue;  // the demo: a part of it
    const Region region = plain_region(prefecture);
    SCOPED_TRACE(region.prefecture);
    const double area_km2 = region.cells() * cell_m * cell_m / 1e6;
    EXPECT_NEAR(area_km2 / facts_of(prefecture).area_km2, 1, 0.1);
    EXPECT_LT(region.cells_of(false, true, true).size(), region.cells_of(true, true, true).size() * 7 / 10);
  }
}

// A prefecture of about the smallest room, filled to the last parcel that it is said to hold.
TEST(Scale, WhatIsSaidToFitFits) {
  const Scratch scratch;
  const Region tokyo = plain_region(13);
  const Counts room = room_in(tokyo, 1);
  for (Counts counts : {Counts{200, room.parcels, 100, 100, 5}, Counts{room.sites, 100, 100, 100, room.parks},
                        Counts{100, 100, room.pipes, 100, 5}}) {
    Job job{tokyo, 1, counts, scratch.path(), {}};
    check_room(tokyo, 1, counts);
    EXPECT_NO_THROW(write_farmland(job));
    EXPECT_NO_THROW(write_sites_and_parks(job));
    EXPECT_NO_THROW(write_pipes(job));
    std::int64_t pipes = 0;
    for (const ImportEntry& entry : job.imports) pipes += entry.layer == "water_pipes" ? entry.rows : 0;
    EXPECT_EQ(pipes, counts.pipes);
  }
}

TEST(Scale, MemoryDoesNotGrowWithTheScale) {
  const auto peak_kb = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  };
  const Scratch scratch;
  generate({4, 0.05, "15", scratch.path() / "small"});
  const long before = peak_kb();
  generate({4, 0.6, "15", scratch.path() / "large"});  // about 100 MB of files
  EXPECT_LT(peak_kb() - before, 16 * 1024);
}

}  // namespace
}  // namespace ritchi::synth
