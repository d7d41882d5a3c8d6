// Distances from sites to what a criterion names: geodesic, between the nearest points.
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "geodata/base/deadline.hpp"
#include "geodata/facts/nearest.hpp"
#include "tileserver/analysis/site_table.hpp"

namespace ritchi::analysis {

// The features that distances are measured to.
struct Members {
  facts::NearestIndex index;
  std::vector<std::int64_t> ids;            // by member; empty: a point
  std::vector<std::uint16_t> dataset_of;    // by member
  std::vector<store::FactSource> datasets;  // all that were looked into
  std::vector<std::int64_t> reserved;       // of ids: those that not everybody sees, sorted
  std::size_t bytes = 0;
};

// By site: km to the nearest member, infinity where none is within bound_km, NaN where the site has no place.
struct Distances {
  std::vector<double> km;
  std::vector<std::uint32_t> members;  // store::no_word: none
};

Distances measure(const SiteTable& table, const Members& members, double bound_km,
                  const base::Deadline& deadline);

// Only as much as tells whether sites are at least (or at most) so far from one place: where the boxes
// tell, the number is a stand-in on the right side of the bound.
std::vector<double> telling_km(const SiteTable& table, const geom::Geometry& place, const Members& members,
                               double bound_km, const base::Deadline& deadline);

struct Measured {
  double km = 0;  // NaN where the site has no place
  std::uint32_t member = store::no_word;
};
Measured measure_one(const SiteTable& table, const Members& members, std::size_t site);

}  // namespace ritchi::analysis
