#include "tileserver/analysis/match_distance.hpp"

#include <cmath>
#include <limits>

namespace ritchi::analysis {

namespace {

constexpr std::size_t sites_per_look_at_the_clock = 4096;
constexpr std::size_t measured_per_look_at_the_clock = 64;

const Measured& measured(Check& check, const SiteTable& table, std::uint32_t site) {
  const auto [known, is_new] = check.measured.try_emplace(site);
  if (!is_new) return known->second;
  known->second = check.distances->measured(site, [&]() -> Measured {
    geom::Geometry shape;
    table.shape(site, shape);
    // The bound is rounded up, so the nearest is never farther.
    const auto near = check.members->index.nearest(shape, check.distances->most_m(site));
    if (!near) return {std::numeric_limits<double>::infinity(), store::no_word};
    return {near->distance_m / SiteDistances::m_per_km, near->member};
  });
  return known->second;
}

Status status_of(Check& check, const SiteTable& table, std::uint32_t site) {
  const double least_km = check.distances->least_km(site);
  const double most_km = check.distances->most_km(site);
  if (std::isnan(least_km)) return Status::unknown;
  if (least_km > check.max || most_km < check.min) return Status::fail;
  if (least_km >= check.min && most_km <= check.max) return Status::pass;
  return judge_number(check, measured(check, table, site).km).status;
}

}  // namespace

void decide(Check& check, const SiteTable& table, std::span<const std::uint32_t> considered,
            std::span<const Status> also, const base::Deadline& deadline) {
  check.statuses.assign(table.size(), Status::unknown);
  std::size_t count = 0;
  for (const std::uint32_t site : considered) {
    if (++count % sites_per_look_at_the_clock == 0) deadline.check();
    if (!also.empty() && also[site] == Status::fail) {
      check.statuses[site] = Status::fail;
      continue;
    }
    const std::size_t measured_before = check.measured.size();
    const Status status = status_of(check, table, site);
    check.statuses[site] = also.empty() ? status : both(status, also[site]);
    if (check.measured.size() != measured_before &&
        check.measured.size() % measured_per_look_at_the_clock == 0)
      deadline.check();
  }
}

void measure(std::vector<Check>& checks, const SiteTable& table, std::uint32_t site) {
  for (Check& check : checks)
    if (check.members && !table.boxes[site].empty()) measured(check, table, site);
}

}  // namespace ritchi::analysis
