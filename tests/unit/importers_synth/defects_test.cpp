#include <gtest/gtest.h>

#include <array>
#include <utility>

#include "importers/synth/defects.hpp"
#include "importers/synth/rings.hpp"
#include "tests/unit/importers_synth/made.hpp"

namespace ritchi::synth {
namespace {

// Rows that an importer refuses among the first so many records of a file.
struct Struck {
  Rate rate;
  int rows;  // refused for each
};

TEST(Defects, NoFileHoweverShortHasATenthOfItsRowsRefused) {
  const std::vector<std::vector<Struck>> files{
      {{zone_crossing, 1}, {zone_twice, 2}},
      {{parcel_crossing, 1}},
      {{site_twice, 2}, {site_exchanged, 1}, {site_crossing, 1}},
      {{pipe_twice, 2}, {pipe_short_year, 1}, {pipe_exchanged, 1}, {pipe_nowhere, 1}},
      {{investment_exchanged, 1}, {investment_placeless, 1}, {investment_negative, 1}}};
  for (std::size_t file = 0; file < files.size(); ++file) {
    int refused = 0;
    for (int number = 0; number < 5000; ++number) {
      int here = 0;
      for (const Struck& struck : files[file]) {
        if (!struck.rate.strikes(number)) continue;
        refused += struck.rows;
        ++here;
        // The row before a repeated one is refused with it, and must not be wrong in itself.
        if (struck.rows == 2) {
          for (const Struck& other : files[file]) EXPECT_FALSE(other.rate.strikes(number - 1)) << file;
        }
      }
      EXPECT_LE(here, 1) << "file " << file << ", record " << number << " is wrong twice";
      ASSERT_LT(refused * 10, number + 1) << "file " << file << " with " << number + 1 << " records";
    }
    EXPECT_GT(refused, 0);
  }
}

std::int64_t hits(Rate rate, std::int64_t records) {
  std::int64_t count = 0;
  for (std::int64_t number = 0; number < records; ++number) count += rate.strikes(number) ? 1 : 0;
  return count;
}

TEST(Defects, TheManifestStatesThemAtTheirRates) {
  const Scratch scratch;
  generate({3, 0.3, "15", scratch.path() / "x"});
  std::map<std::string, nlohmann::json> entries;
  const nlohmann::json manifest = manifest_of(scratch.path() / "x");
  for (const auto& entry : manifest.at("imports")) entries[entry.at("profile")] = entry;
  const auto refused = [&](const char* profile, const char* kind) {
    return entries.at(profile).at("rejected_by").value(kind, std::int64_t{0});
  };
  EXPECT_EQ(refused("fude", "self_crossing"), hits(parcel_crossing, 60000));
  EXPECT_EQ(entries.at("fude").at("odd").at("self_touching"), hits(parcel_touching, 60000));
  EXPECT_EQ(refused("site-survey", "repeated_key"), 2 * hits(site_twice, 3000));
  EXPECT_EQ(refused("site-survey", "coordinates_exchanged"), hits(site_exchanged, 3000));
  EXPECT_EQ(refused("site-survey", "self_crossing"), hits(site_crossing, 3000));
  EXPECT_EQ(refused("pipe-ledger", "repeated_key"), 2 * hits(pipe_twice, 2400));
  EXPECT_EQ(refused("pipe-ledger", "coordinates_exchanged"), hits(pipe_exchanged, 2400));
  EXPECT_EQ(refused("pipe-ledger", "coordinates_zero"), hits(pipe_nowhere, 2400));
  // Years of which two digits would look like "unknown" are left as they are.
  EXPECT_LE(refused("pipe-ledger", "year_of_two_digits"), hits(pipe_short_year, 2400));
  EXPECT_GE(refused("pipe-ledger", "year_of_two_digits"), hits(pipe_short_year, 2400) / 2);
  EXPECT_EQ(refused("investments", "repeated_key"), 0);
  EXPECT_EQ(refused("investments", "coordinates_exchanged"), hits(investment_exchanged, 6000));
  EXPECT_EQ(refused("investments", "place_missing"), hits(investment_placeless, 6000));
  EXPECT_EQ(refused("investments", "amount_below_zero"), hits(investment_negative, 6000));
  for (const auto& [profile, entry] : entries) {
    const auto& expected = entry.at("expected");
    std::int64_t sum = 0;
    for (const auto& [kind, rows] : entry.at("rejected_by").items()) sum += rows.get<std::int64_t>();
    EXPECT_EQ(expected.at("rejected"), sum) << profile;
    EXPECT_EQ(expected.at("read"),
              expected.at("accepted").get<std::int64_t>() + sum + expected.at("skipped").get<std::int64_t>())
        << profile;
  }
}

Shape polygon_of(const Ring& ring) {
  Shape shape(OGR_G_CreateGeometry(wkbPolygon));
  OGRGeometryH line = OGR_G_CreateGeometry(wkbLinearRing);
  for (std::size_t i = 0; i <= ring.size(); ++i)
    OGR_G_AddPoint_2D(line, ring[i % ring.size()].x, ring[i % ring.size()].y);
  OGR_G_AddGeometryDirectly(shape.get(), line);
  return shape;
}

TEST(Defects, WrongRingsAreWrongAsTheyShouldBe) {
  const Ring notched{{0, 0}, {60, 0}, {100, 30}, {100, 100}, {70, 100}, {70, 80}, {0, 80}};
  CPLPushErrorHandler(CPLQuietErrorHandler);
  EXPECT_TRUE(OGR_G_IsValid(polygon_of(notched).get()));
  EXPECT_FALSE(OGR_G_IsValid(polygon_of(crossing_ring(notched)).get()));
  const Shape touching = polygon_of(touching_ring(notched));
  EXPECT_FALSE(OGR_G_IsValid(touching.get()));
  CPLPopErrorHandler();
  const Shape mended(OGR_G_MakeValid(touching.get()));
  EXPECT_NEAR(OGR_G_Area(mended.get()), OGR_G_Area(touching.get()), 1e-9) << "no land is lost in mending";
  EXPECT_LT(OGR_G_Area(mended.get()), OGR_G_Area(polygon_of(notched).get()));
}

}  // namespace
}  // namespace ritchi::synth
