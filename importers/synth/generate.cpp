#include "importers/synth/generate.hpp"

#include <algorithm>
#include <cmath>

#include "geodata/base/error.hpp"
#include "importers/synth/manifest.hpp"
#include "importers/synth/output_folder.hpp"

namespace ritchi::synth {
namespace {

// Part number `index` of total, by weights that sum to all: parts add up to the total exactly.
std::int64_t part_of(std::int64_t total, std::int64_t before, std::int64_t weight, std::int64_t all) {
  return total * (before + weight) / all - total * before / all;
}

// Land cells, at most as many as the other prefectures have.
std::int64_t weight_of(const Region& region) {
  return std::min<std::int64_t>(36, static_cast<std::int64_t>(region.cells_of(true, true, true).size()));
}

}  // namespace

Counts counts_for(double scale) {
  if (!(scale > 0) || scale > 1000)
    throw base::Error(base::ErrorKind::bad_input, "the scale must be above 0 and at most 1000", "--scale",
                      "1 is 10,000 sites, 200,000 parcels and 40,000 pipes; begin with 0.05");
  return {std::llround(10000 * scale), std::llround(200000 * scale), std::llround(40000 * scale),
          std::llround(20000 * scale), std::max(1LL, std::llround(300 * scale))};
}

Summary generate(const Request& request, const std::function<void(std::string_view)>& said) {
  const Counts total = counts_for(request.scale);
  const std::vector<Region> regions = regions_of(request.region);
  prepare_output_folder(request.out);

  std::int64_t all = 0;
  for (const Region& region : regions) all += weight_of(region);
  std::vector<ImportEntry> imports;
  std::int64_t before = 0;
  for (const Region& region : regions) {
    const std::int64_t weight = weight_of(region);
    const auto part = [&](std::int64_t count) { return part_of(count, before, weight, all); };
    const bool alone = regions.size() == 1;
    const std::string prefix = alone ? "" : region.prefecture_code + "/";
    Job job{region,
            request.seed,
            {part(total.sites), part(total.parcels), part(total.pipes), part(total.investments),
             part(total.parks)},
            alone ? request.out : request.out / region.prefecture_code,
            {}};
    before += weight;
    std::filesystem::create_directories(job.folder);
    write_municipalities(job);
    write_interchanges(job);
    write_zoning(job);
    write_farmland(job);
    write_sites_and_parks(job);
    write_pipes(job);
    write_investments(job);
    for (ImportEntry& entry : job.imports) {
      for (std::string& file : entry.files) file.insert(0, prefix);
      if (entry.options.empty()) entry.options = {"--partition", region.prefecture_code};
      imports.push_back(std::move(entry));
    }
    if (said) said(region.prefecture + ": files written");
  }
  write_readme(request, total, imports);
  write_manifest(request, total, imports);
  return {total, static_cast<std::int64_t>(imports.size())};
}

}  // namespace ritchi::synth
