#include "tileserver/analysis/match_place.hpp"

#include <algorithm>

#include "geodata/facts/coverage.hpp"
#include "geodata/facts/fact_group.hpp"
#include "geodata/facts/overlap.hpp"
#include "geodata/filter/evaluate.hpp"
#include "geodata/filter/relation.hpp"
#include "geodata/geom/geos_bridge.hpp"
#include "geodata/geom/spatialite_blob.hpp"

namespace ritchi::analysis {

using facts::Covered;

namespace {

// An area that only touches the place is not at it.
class Meeting {
 public:
  explicit Meeting(const geom::Geometry& place) : m_geos(geom::to_geos(place)) {
    if (place.kind == geom::Kind::polygon) m_overlap.emplace(place);
  }
  bool operator()(const geom::Geometry& shape) {
    if (m_overlap) return m_overlap->part_of(shape).has_value();
    const geom::GeosPtr other = geom::to_geos(shape);
    return m_geos && other &&
           filter::relate(filter::Op::s_intersects, m_geos.get(), other.get()).value_or(false);
  }

 private:
  geom::GeosPtr m_geos;
  std::optional<facts::Overlap> m_overlap;
};

std::string first_text(const store::FeatureView& row, const catalogue::Layer& layer,
                       const std::vector<std::string>& attributes) {
  for (const std::string& name : attributes) {
    const std::size_t index = layer.index_of(name);
    if (index == layer.attributes.size()) continue;
    if (const auto* text = std::get_if<std::string_view>(&row.values[index])) return std::string(*text);
  }
  return {};
}

}  // namespace

std::optional<SetAtPlace> set_at_place(const catalogue::Fact& fact, const geom::Geometry& place,
                                       const Context& context) {
  if (fact.kind != catalogue::FactKind::at || fact.take != catalogue::Take::set) return std::nullopt;
  const store::LayerView* view = context.snapshot->find(fact.features.layer);
  if (view == nullptr) return std::nullopt;
  const facts::Coverage coverage(context.snapshot);
  const Covered covered = coverage.of(view->layer.id, place, coverage.municipalities(place));
  if (covered == Covered::none) return std::nullopt;
  const auto only =
      fact.features.where.empty() ? nullptr : filter::parse_text(fact.features.where, view->layer);
  SetAtPlace out{.words = {}, .at_least = covered != Covered::all};
  bool is_found = false;
  Meeting meets(place);
  geom::Geometry shape;
  for (const auto& dataset : view->datasets) {
    // As the facts of sites do: what was in force when the data were.
    const std::string moment = facts::moment_of(dataset->layer(), dataset->info().as_of, context.today);
    const auto in_force = moment.empty() ? nullptr : filter::parse_datetime(moment, dataset->layer());
    std::optional<filter::Evaluator> is_in_force;
    if (in_force) is_in_force.emplace(in_force->root());
    dataset->in_box(
        place.bounds(), context.deadline,
        [&](const store::FeatureView& row) {
          if (row.geometry.empty()) return;
          if (is_in_force && (*is_in_force)({row.id, row.source_id, row.synthetic, row.values,
                                             row.geometry}) != filter::Truth::yes)
            return;
          geom::decode_spatialite(row.geometry, shape);
          if (!meets(shape)) return;
          is_found = true;
          if (std::string text = first_text(row, dataset->layer(), fact.attributes); !text.empty())
            out.words.push_back(std::move(text));
          else
            out.at_least = true;
        },
        only.get());
  }
  if (is_found ? out.words.empty() : covered != Covered::all) return std::nullopt;
  return out;
}

}  // namespace ritchi::analysis
