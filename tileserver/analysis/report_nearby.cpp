#include "tileserver/analysis/report_nearby.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <set>
#include <utility>

#include "geodata/facts/nearest.hpp"
#include "geodata/filter/predicate.hpp"
#include "geodata/geom/spatialite_blob.hpp"

namespace ritchi::analysis {
namespace {

struct Wanted {
  const char* kind;
  catalogue::Title title;
  const char* layer;
  const char* where;  // CQL2; empty: all
  double first_m;     // what is looked through first; then ever more
  double within_m;
  std::vector<std::string_view> values;
};

const std::vector<Wanted>& wanted() {
  static const std::vector<Wanted> list{
      {"interchange",
       {"インターチェンジ", "Interchange"},
       "interchanges",
       "kind <> 'junction'",
       5000,
       100000,
       {"kind"}},
      {"port", {"港湾", "Port"}, "ports", "", 20000, 200000, {"kind", "administrator"}},
      {"airport", {"空港", "Airport"}, "airports", "", 20000, 200000, {"kind"}},
      {"station", {"駅", "Station"}, "stations", "", 2000, 50000, {"line", "operator"}},
      {"substation",
       {"変電所", "Substation"},
       "substations",
       "",
       5000,
       50000,
       {"voltage_kv", "spare_capacity_mw", "operator", "surveyed_on"}},
      {"water_pipe",
       {"工業用水の管路", "Industrial water pipe"},
       "water_pipes",
       "(\"use\" = 'industrial' OR \"use\" IS NULL) AND (status = 'in_use' OR status IS NULL)",
       500,
       20000,
       {"use", "undertaking", "laid_year", "seismic", "diameter_mm", "material"}},
      {"waterworks",
       {"工業用水道の給水区域", "Service area of industrial water"},
       "waterworks",
       "",
       1000,
       20000,
       {"operator", "spare_m3_per_day", "capacity_m3_per_day", "contracted_m3_per_day", "fiscal_year"}}};
  return list;
}

// All that is within a distance, and some beyond.
geom::Box widened(const geom::Box& box, double by_m) {
  constexpr double metres_per_degree = 110500;  // the least on the ellipsoid, north to south
  const double north = by_m / metres_per_degree;
  const double widest = std::max(std::abs(box.min_y), std::abs(box.max_y)) + north;
  const double east = by_m / (metres_per_degree * std::cos(std::min(widest, 85.0) * std::numbers::pi / 180));
  return {box.min_x - east, box.min_y - north, box.max_x + east, box.max_y + north};
}

// The row itself is read where it is wanted: of thousands, one is.
struct Candidate {
  const store::Dataset* dataset;
  std::int64_t id;
  store::Feature feature() const { return dataset->by_id(id).value_or(store::Feature{}); }
};

// Of one layer, the features in a box that fulfil a condition, ready to be asked how near they are.
struct Candidates {
  facts::NearestIndex index;
  std::vector<Candidate> members;

  void add(const store::LayerView& view, const char* where, const geom::Box& box, const Context& context) {
    geom::Geometry shape;
    for (const auto& dataset : view.datasets) {
      const auto only = *where == 0 ? nullptr : filter::parse_text(where, dataset->layer());
      dataset->in_box(
          box, context.deadline,
          [&](const store::FeatureView& row) {
            if (row.geometry.empty()) return;
            geom::decode_spatialite(row.geometry, shape);
            index.add(shape);
            members.push_back({dataset.get(), row.id});
          },
          only.get());
    }
    index.build();
  }
};

void take(const Wanted& what, const store::LayerView& view, const ReportQuestion& question,
          const Context& context, NearFound& out, std::vector<Shown>& shown) {
  double reach = what.first_m;
  while (true) {
    Candidates candidates;
    const geom::Box box = widened(question.polygon.bounds(), reach);
    candidates.add(view, what.where, box, context);
    const auto near =
        candidates.members.empty() ? std::nullopt : candidates.index.nearest(question.polygon, reach);
    if (near) {
      const Candidate& found = candidates.members[near->member];
      const store::Feature feature = found.feature();
      const auto& layer = found.dataset->layer();
      out.distance_m = near->distance_m;
      out.to = near->to;
      out.id = found.id;
      out.name = title_of(feature, layer);
      out.values = shown_values(feature, layer, context.catalogue, what.values);
      add_shown(view, {out.id}, box, context, shown);
      return;
    }
    if (reach >= what.within_m) return;
    reach = std::min(reach * 2, what.within_m);
  }
}

bool is_of_the_land(const std::string& code, const std::vector<facts::PlaceShare>& municipalities) {
  return std::any_of(municipalities.begin(), municipalities.end(),
                     [&](const auto& place) { return place.code == code; });
}

void take_neighbours(const store::LayerView& view, const char* kind_attribute, const ReportQuestion& question,
                     const Context& context, const std::vector<facts::PlaceShare>& municipalities,
                     std::vector<NeighbourFound>& out) {
  Candidates candidates;
  candidates.add(view, "municipality_code IS NOT NULL", widened(question.polygon.bounds(), neighbour_m),
                 context);
  if (candidates.members.empty()) return;
  for (const auto& near : candidates.index.all_within(question.polygon, neighbour_m)) {
    const Candidate& found = candidates.members[near.member];
    const auto& layer = found.dataset->layer();
    const store::Feature feature = found.feature();
    const std::string code = text_at(feature, layer, "municipality_code");
    if (is_of_the_land(code, municipalities)) continue;
    const std::string kind = text_at(feature, layer, kind_attribute);
    auto known = std::find_if(out.begin(), out.end(), [&](const NeighbourFound& one) {
      return one.layer == layer.id && one.municipality_code == code && one.kind == kind;
    });
    if (known == out.end()) {
      NeighbourFound fresh{layer.id, layer.title, code, kind, {}, near.distance_m, 0};
      const auto* attribute = layer.find(kind_attribute);
      const auto* list = attribute == nullptr ? nullptr : context.catalogue.find_codes(attribute->codes);
      if (const auto* word = list == nullptr ? nullptr : list->find(kind)) fresh.kind_title = word->title;
      known = out.insert(out.end(), std::move(fresh));
    }
    ++known->count;
  }
}

}  // namespace

std::vector<NearFound> find_nearest(const ReportQuestion& question, const Context& context,
                                    std::vector<Shown>& shown) {
  std::vector<NearFound> out;
  for (const Wanted& what : wanted()) {
    NearFound found;
    found.kind = what.kind;
    found.title = what.title;
    found.layer = what.layer;
    found.within_m = what.within_m;
    if (const auto* view = context.snapshot->find(what.layer)) {
      found.has_data = true;
      take(what, *view, question, context, found, shown);
    }
    out.push_back(std::move(found));
  }
  return out;
}

std::vector<NeighbourFound> find_neighbours(const ReportQuestion& question, const Context& context,
                                            const std::vector<facts::PlaceShare>& municipalities) {
  // Layers whose zones say of which municipality they are, and what tells them apart.
  constexpr std::array<std::pair<const char*, const char*>, 4> layers{{{"zoning", "use_district"},
                                                                       {"city_planning", "area_division"},
                                                                       {"promotion_zones", "kind"},
                                                                       {"port_districts", "district"}}};
  std::vector<NeighbourFound> out;
  // Without boundaries nobody knows who the neighbours are.
  if (municipalities.empty()) return out;
  for (const auto& [layer, kind] : layers)
    if (const auto* view = context.snapshot->find(layer))
      take_neighbours(*view, kind, question, context, municipalities, out);
  return out;
}

}  // namespace ritchi::analysis
