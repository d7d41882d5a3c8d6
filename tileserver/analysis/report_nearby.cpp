#include "tileserver/analysis/report_nearby.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <set>

#include "geodata/facts/nearest.hpp"
#include "geodata/filter/predicate.hpp"
#include "geodata/geom/spatialite_blob.hpp"

namespace ritchi::analysis {
namespace {

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

  // takes: of those the ones that count, by their values.
  using Takes = std::function<bool(const store::Dataset&, const store::FeatureView&)>;
  void add(const store::LayerView& view, const std::string& where, const geom::Box& box,
           const Context& context, const Takes& takes = {}) {
    geom::Geometry shape;
    for (const auto& dataset : view.datasets) {
      const auto only = where.empty() ? nullptr : filter::parse_text(where, dataset->layer());
      dataset->in_box(
          box, context.deadline,
          [&](const store::FeatureView& row) {
            if (row.geometry.empty() || (takes && !takes(*dataset, row))) return;
            geom::decode_spatialite(row.geometry, shape);
            index.add(shape);
            members.push_back({dataset.get(), row.id});
          },
          only.get());
    }
    index.build();
  }
};

// How far is looked in turn: doubled each time, so that it comes to the farthest exactly, since one step
// beyond would read much for little.
std::vector<double> reaches(const catalogue::Nearby& what) {
  std::vector<double> out{what.within_m};
  while (out.back() / 2 >= what.first_m) out.push_back(out.back() / 2);
  std::reverse(out.begin(), out.end());
  return out;
}

void take(const catalogue::Nearby& what, const store::LayerView& view, const ReportQuestion& question,
          const Context& context, NearFound& out, std::vector<store::ShownFeature>& shown) {
  for (const double reach : reaches(what)) {
    Candidates candidates;
    const geom::Box box = widened(question.polygon.bounds(), reach);
    candidates.add(view, what.where, box, context);
    const auto near =
        candidates.members.empty() ? std::nullopt : candidates.index.nearest(question.polygon, reach);
    if (!near) continue;
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
}

std::string_view text_in(const store::FeatureView& row, std::size_t attribute) {
  if (attribute >= row.values.size()) return {};
  const auto* text = std::get_if<std::string_view>(&row.values[attribute]);
  return text == nullptr ? std::string_view() : *text;
}

bool is_of_the_land(std::string_view code, const std::vector<facts::PlaceShare>& municipalities) {
  return std::any_of(municipalities.begin(), municipalities.end(),
                     [&](const auto& place) { return place.code == code; });
}

void take_neighbours(const store::LayerView& view, const std::string& kind_attribute,
                     const ReportQuestion& question, const Context& context,
                     const std::vector<facts::PlaceShare>& municipalities, std::vector<NeighbourFound>& out) {
  const double within_m = context.catalogue.surroundings().neighbours_within_m;
  Candidates candidates;
  candidates.add(view, "", widened(question.polygon.bounds(), within_m), context,
                 [&](const store::Dataset& dataset, const store::FeatureView& row) {
                   const auto code = text_in(row, dataset.layer().index_of(store::municipality_attribute));
                   return !code.empty() && !is_of_the_land(code, municipalities);
                 });
  if (candidates.members.empty()) return;
  for (const auto& near : candidates.index.all_within(question.polygon, within_m)) {
    const Candidate& found = candidates.members[near.member];
    const auto& layer = found.dataset->layer();
    const store::Feature feature = found.feature();
    const std::string code = text_at(feature, layer, store::municipality_attribute);
    const std::string kind = text_at(feature, layer, kind_attribute);
    auto known = std::find_if(out.begin(), out.end(), [&](const NeighbourFound& one) {
      return one.layer == layer.id && one.municipality_code == code && one.kind == kind;
    });
    if (known == out.end()) {
      NeighbourFound fresh{layer.id, layer.title, code, kind, {kind, kind}, near.distance_m, 0};
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
                                    std::vector<store::ShownFeature>& shown) {
  std::vector<NearFound> out;
  for (const catalogue::Nearby& what : context.catalogue.surroundings().nearest) {
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
  std::vector<NeighbourFound> out;
  // Without boundaries nobody knows who the neighbours are.
  if (municipalities.empty()) return out;
  for (const auto& [layer, kind] : context.catalogue.surroundings().neighbours)
    if (const auto* view = context.snapshot->find(layer))
      take_neighbours(*view, kind, question, context, municipalities, out);
  return out;
}

}  // namespace ritchi::analysis
