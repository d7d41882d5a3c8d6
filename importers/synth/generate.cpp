#include "importers/synth/generate.hpp"

#include <algorithm>
#include <cmath>

#include "geodata/base/error.hpp"
#include "importers/synth/manifest.hpp"
#include "importers/synth/n03.hpp"
#include "importers/synth/output_folder.hpp"

namespace ritchi::synth {
namespace {

// Part number `index` of total, by weights that sum to all: parts add up to the total exactly.
std::int64_t part_of(std::int64_t total, std::int64_t before, std::int64_t weight, std::int64_t all) {
  return total * (before + weight) / all - total * before / all;
}

void add(Counts& to, const Counts& more) {
  to.sites += more.sites;
  to.parcels += more.parcels;
  to.pipes += more.pipes;
  to.investments += more.investments;
  to.parks += more.parks;
}

Counts part_of(const Counts& total, const Counts& before, const Counts& weight, const Counts& all) {
  return {part_of(total.sites, before.sites, weight.sites, all.sites),
          part_of(total.parcels, before.parcels, weight.parcels, all.parcels),
          part_of(total.pipes, before.pipes, weight.pipes, all.pipes),
          part_of(total.investments, before.investments, weight.investments, all.investments),
          part_of(total.parks, before.parks, weight.parks, all.parks)};
}

std::vector<Region> regions_for(const Request& request, N03& n03) {
  if (request.n03.empty()) return regions_of(request.region);
  const std::vector<int> wanted = prefectures_of(request.region);
  n03 = read_n03(request.n03, wanted);
  std::vector<Region> regions;
  for (const int prefecture : wanted) {
    const auto found = n03.prefectures.find(prefecture);
    regions.push_back(found != n03.prefectures.end()
                          ? outlined_region(prefecture, std::move(found->second), request.region.substr(0, 5))
                      : prefecture == 15 ? demo_region()
                                         : plain_region(prefecture));
  }
  return regions;
}

// There is nothing in an invented region but what was invented for it; which sites are public, and where
// investments go, no register says completely.
bool is_complete(const ImportEntry& entry) {
  return entry.layer != "factory_sites" && entry.layer != "investments";
}

std::string codes_of(const Region& region) {
  std::string out;
  for (const Municipality& municipality : region.municipalities)
    out += (out.empty() ? "" : ",") + municipality.code;
  return out;
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
  N03 n03;
  const std::vector<Region> regions = regions_for(request, n03);
  // Each subject is divided by the land that it needs.
  std::vector<Counts> weights;
  Counts all;
  for (const Region& region : regions) {
    weights.push_back(room_in(region, request.seed));
    weights.back().investments = weights.back().parks;
    for (std::int64_t* weight : {&weights.back().sites, &weights.back().parcels, &weights.back().pipes,
                                 &weights.back().investments, &weights.back().parks})
      *weight = std::max<std::int64_t>(1, *weight);
    add(all, weights.back());
  }
  std::vector<Counts> parts;
  Counts before;
  for (std::size_t i = 0; i < regions.size(); ++i) {
    parts.push_back(part_of(total, before, weights[i], all));
    add(before, weights[i]);
    check_room(regions[i], request.seed, parts.back());
  }

  prepare_output_folder(request.out);
  std::vector<ImportEntry> imports;
  const bool alone = regions.size() == 1;
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const Region& region = regions[i];
    const std::string prefix = alone ? "" : region.prefecture_code + "/";
    const std::string covers = codes_of(region);
    Job job{region, request.seed, parts[i], alone ? request.out : request.out / region.prefecture_code, {}};
    std::filesystem::create_directories(job.folder);
    write_municipalities(job);
    write_interchanges(job);
    write_zoning(job);
    write_farmland(job);
    write_sites_and_parks(job);
    write_pipes(job);
    write_investments(job);
    write_city_planning(job);
    write_flood(job);
    write_protected_areas(job);
    write_forests(job);
    write_promotion_zones(job);
    write_soil(job);
    write_waterworks(job);
    write_substations(job);
    write_stations(job);
    write_ports(job);
    write_airports(job);
    write_land_prices(job);
    write_clusters(job);
    // Sites last: what their facts are made of is there already when they are published.
    std::stable_partition(job.imports.begin(), job.imports.end(),
                          [](const ImportEntry& entry) { return entry.layer != "factory_sites"; });
    for (ImportEntry& entry : job.imports) {
      for (std::string& file : entry.files) file.insert(0, prefix);
      if (entry.options.empty()) entry.options = {"--partition", region.prefecture_code};
      if (is_complete(entry)) entry.options.insert(entry.options.end(), {"--covers", covers});
      imports.push_back(std::move(entry));
    }
    if (said) said(region.prefecture + ": files written");
  }
  Summary made{total, static_cast<std::int64_t>(imports.size()), n03.sha256};
  write_readme(request, made, imports);
  write_manifest(request, made, imports);
  return made;
}

}  // namespace ritchi::synth
