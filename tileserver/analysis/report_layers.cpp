#include "tileserver/analysis/report_layers.hpp"

#include <algorithm>

#include "geodata/geom/geodesic.hpp"
#include "geodata/geom/spatialite_blob.hpp"

namespace ritchi::analysis {
namespace {

using facts::Overlap;

// Thinner than what two surveys of one border differ by; it is no overlap to speak of.
constexpr double least_overlap_m2 = 0.1;

void date(OverlapFound& found, const catalogue::Layer& layer, const std::string& as_of) {
  if (layer.dated_by.from.empty()) return;
  found.valid_from = text_at(found.feature, layer, layer.dated_by.from);
  if (!layer.dated_by.to.empty()) found.valid_to = text_at(found.feature, layer, layer.dated_by.to);
  // An unknown date says nothing, and an unknown end is open.
  found.validity = !found.valid_from.empty() && found.valid_from > as_of ? Validity::not_yet
                   : !found.valid_to.empty() && found.valid_to < as_of   ? Validity::ended
                                                                         : Validity::valid;
}

std::size_t kind_attribute(const catalogue::Layer& layer) {
  const auto found = std::find_if(layer.attributes.begin(), layer.attributes.end(),
                                  [](const auto& attribute) { return !attribute.codes.empty(); });
  return static_cast<std::size_t>(found - layer.attributes.begin());
}

void add_kind(LayerFound& out, const OverlapFound& found, const catalogue::Layer& layer,
              const catalogue::Catalogue& catalogue) {
  const std::size_t at = kind_attribute(layer);
  if (at == layer.attributes.size()) return;
  const std::string code = text_at(found.feature, layer, layer.attributes[at].name);
  auto kind =
      std::find_if(out.kinds.begin(), out.kinds.end(), [&](const auto& known) { return known.code == code; });
  if (kind == out.kinds.end()) {
    KindFound fresh;
    fresh.code = code;
    const auto* list = catalogue.find_codes(layer.attributes[at].codes);
    const auto* known = list == nullptr ? nullptr : list->find(code);
    fresh.title = known == nullptr ? catalogue::Title{"不明", "not known"} : known->title;
    kind = out.kinds.insert(out.kinds.end(), fresh);
  }
  ++kind->count;
  kind->area_m2 += found.area_m2;
}

// Features may be much larger than the land: few rules ask how large.
bool is_asked_whole(const std::string& layer, const catalogue::Catalogue& catalogue) {
  for (const auto& topic : catalogue.topics())
    for (const catalogue::Rule& rule : topic.rules)
      if (rule.layer == layer &&
          std::any_of(rule.thresholds.begin(), rule.thresholds.end(),
                      [](const auto& one) { return one.of == catalogue::Measure::feature_m2; }))
        return true;
  return false;
}

void read_features(const store::Dataset& dataset, const ReportQuestion& question, const Context& context,
                   Overlap& overlap, LayerFound& out) {
  const bool asked_whole = is_asked_whole(out.id, context.catalogue);
  geom::Geometry shape;
  dataset.in_box(question.polygon.bounds(), context.deadline, [&](const store::FeatureView& row) {
    if (row.geometry.empty()) return;
    geom::decode_spatialite(row.geometry, shape);
    if (shape.kind != geom::Kind::polygon) return;
    auto part = overlap.part_of(shape);
    if (!part) return;
    OverlapFound found;
    found.area_m2 = geom::area_m2(*part);
    if (found.area_m2 < least_overlap_m2) return;
    found.share = std::min(found.area_m2 / overlap.polygon_area_m2(), 1.0);
    if (asked_whole) found.whole_m2 = *part == shape ? found.area_m2 : geom::area_m2(shape);
    found.part = std::move(*part);
    found.feature = store::copy_of(row);
    date(found, dataset.layer(), question.as_of);
    out.overlaps.push_back(std::move(found));
  });
}

}  // namespace

const char* name_of(Validity validity) noexcept {
  switch (validity) {
    case Validity::valid:
      return "valid";
    case Validity::not_yet:
      return "not_yet";
    case Validity::ended:
      return "ended";
    case Validity::undated:
      break;
  }
  return "undated";
}

LayerFound find_overlaps(const std::string& layer, const ReportQuestion& question, const Context& context,
                         const facts::Coverage& coverage,
                         const std::vector<facts::PlaceShare>& municipalities, Overlap& overlap) {
  LayerFound out;
  out.id = layer;
  if (const auto* declared = context.catalogue.find_layer(layer)) out.title = declared->title;
  const auto* view = context.snapshot->find(layer);
  if (view == nullptr) return out;
  out.layer = &view->layer;
  out.as_of = view->as_of;
  out.coverage = coverage.of(layer, question.polygon, municipalities);
  for (const auto& dataset : view->datasets) read_features(*dataset, question, context, overlap, out);
  std::sort(out.overlaps.begin(), out.overlaps.end(), [](const auto& a, const auto& b) {
    return a.area_m2 != b.area_m2 ? a.area_m2 > b.area_m2 : a.feature.id < b.feature.id;
  });
  overlap.reset();
  for (const OverlapFound& found : out.overlaps) {
    if (!found.counts()) continue;
    overlap.add(found.part);
    add_kind(out, found, view->layer, context.catalogue);
  }
  std::sort(out.kinds.begin(), out.kinds.end(),
            [](const auto& a, const auto& b) { return a.area_m2 > b.area_m2; });
  context.deadline.check();
  out.united_m2 = overlap.united_area_m2();
  out.share = std::min(out.united_m2 / overlap.polygon_area_m2(), 1.0);
  return out;
}

void add_shown(const store::LayerView& view, const std::set<std::int64_t>& ids, const geom::Box& box,
               const Context& context, std::vector<store::ShownFeature>& out) {
  for (const auto& dataset : view.datasets) {
    if (dataset->is_public()) continue;
    for (const std::int64_t id : dataset->reserved_in_box(box, context.deadline))
      if (ids.contains(id)) out.push_back({view.layer.id, id});
  }
}

}  // namespace ritchi::analysis
