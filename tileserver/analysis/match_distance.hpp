// Distances from sites to what a criterion names: geodesic, between the nearest points. Most sites are judged
// by bounds; measured are those whose bounds do not tell.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "geodata/base/deadline.hpp"
#include "geodata/facts/nearest.hpp"
#include "tileserver/analysis/match_scan.hpp"

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

// Fills check.statuses, for the sites that are considered: also[site], where it is given, must hold too.
void decide(Check& check, const SiteTable& table, std::span<const std::uint32_t> considered,
            std::span<const Status> also, const base::Deadline& deadline);

// Measures the distances of a site that were not measured before.
void measure(std::vector<Check>& checks, const SiteTable& table, std::uint32_t site);

}  // namespace ritchi::analysis
