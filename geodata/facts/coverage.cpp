#include "geodata/facts/coverage.hpp"

#include <algorithm>
#include <list>
#include <mutex>
#include <utility>

#include "geodata/facts/overlap.hpp"
#include "geodata/geom/geodesic.hpp"
#include "geodata/geom/point_locator.hpp"
#include "geodata/geom/spatialite_blob.hpp"

namespace ritchi::facts {
namespace {

using geom::Geometry;
using geom::Kind;

// Borders are drawn more or less finely: what is missing below this is no place outside of all of them.
constexpr double all_of_it = 0.999;
// Boundaries that were read last; the sites of a municipality come in rows.
constexpr std::size_t kept_boundaries = 16;

struct Boundary {
  std::string code, name;
  Geometry shape;
};
using BoundaryPtr = std::shared_ptr<const Boundary>;

std::string text_at(const store::FeatureView& row, std::size_t attribute) {
  if (attribute >= row.values.size()) return {};
  const auto* text = std::get_if<std::string_view>(&row.values[attribute]);
  return text == nullptr ? std::string() : std::string(*text);
}

double share_of_points(const Geometry& place, const Geometry& boundary) {
  const geom::PointLocator locator(boundary);
  const auto inside = std::count_if(place.points.begin(), place.points.end(),
                                    [&](geom::Point point) { return locator.contains(point); });
  return static_cast<double>(inside) / static_cast<double>(place.points.size());
}

double share_of_line(const Geometry& place, const Geometry& boundary) {
  const double whole = geom::length_m(place);
  const auto part = Overlap(boundary).part_of(place);
  return part && whole > 0 ? geom::length_m(*part) / whole : 0;
}

}  // namespace

struct Coverage::State {
  std::shared_ptr<const store::Snapshot> snapshot;
  std::mutex mutex;
  std::list<std::pair<std::pair<const store::Dataset*, std::int64_t>, BoundaryPtr>> kept;  // newest first

  BoundaryPtr boundary(const store::Dataset& dataset, const store::FeatureView& row);
};

BoundaryPtr Coverage::State::boundary(const store::Dataset& dataset, const store::FeatureView& row) {
  const std::pair key{&dataset, row.id};
  {
    const std::lock_guard lock(mutex);
    const auto found =
        std::find_if(kept.begin(), kept.end(), [&](const auto& held) { return held.first == key; });
    if (found != kept.end()) {
      kept.splice(kept.begin(), kept, found);
      return found->second;
    }
  }
  auto read = std::make_shared<Boundary>();
  read->code = text_at(row, dataset.layer().index_of("municipality_code"));
  read->name = text_at(row, dataset.layer().index_of("name"));
  geom::decode_spatialite(row.geometry, read->shape);
  const std::lock_guard lock(mutex);
  kept.emplace_front(key, read);
  if (kept.size() > kept_boundaries) kept.pop_back();
  return read;
}

Coverage::Coverage(std::shared_ptr<const store::Snapshot> snapshot) : m_state(std::make_unique<State>()) {
  m_state->snapshot = std::move(snapshot);
}

Coverage::~Coverage() = default;

std::vector<PlaceShare> Coverage::municipalities(const Geometry& place) const {
  std::vector<PlaceShare> out;
  const auto* view = m_state->snapshot->find("municipalities");
  if (view == nullptr || place.empty()) return out;
  const geom::Box box = place.bounds();
  std::vector<BoundaryPtr> near;
  for (const auto& dataset : view->datasets)
    dataset->in_box(box, base::Deadline::never(), [&](const auto& row) {
      if (!row.geometry.empty() && geom::decode_spatialite_bounds(row.geometry).intersects(box))
        near.push_back(m_state->boundary(*dataset, row));
    });
  std::optional<Overlap> overlap;
  if (place.kind == Kind::polygon && !near.empty()) overlap.emplace(place);
  for (const auto& boundary : near) {
    if (boundary->code.empty() || boundary->shape.kind != Kind::polygon) continue;
    double share = 0;
    if (place.kind == Kind::point) {
      share = share_of_points(place, boundary->shape);
    } else if (place.kind == Kind::line) {
      share = share_of_line(place, boundary->shape);
    } else if (const auto part = overlap->part_of(boundary->shape)) {
      share = geom::area_m2(*part) / overlap->polygon_area_m2();
    }
    if (!(share > 0)) continue;
    const auto same = std::find_if(out.begin(), out.end(),
                                   [&](const PlaceShare& known) { return known.code == boundary->code; });
    if (same == out.end())
      out.push_back({boundary->code, boundary->name, std::min(share, 1.0)});
    else  // a municipality in several rows, or in two datasets
      same->share = std::min(same->share + share, 1.0);
  }
  std::sort(out.begin(), out.end(), [](const PlaceShare& a, const PlaceShare& b) {
    return a.share != b.share ? a.share > b.share : a.code < b.code;
  });
  return out;
}

Covered Coverage::of(std::string_view layer, const Geometry& place,
                     const std::vector<PlaceShare>& municipalities) const {
  const auto* view = m_state->snapshot->find(layer);
  if (view == nullptr) return Covered::none;
  const geom::Box box = place.bounds();
  double covered = 0;
  bool data_around = false;
  for (const auto& dataset : view->datasets) {
    const auto& covers = dataset->info().covers;
    if (std::binary_search(covers.begin(), covers.end(), "japan")) return Covered::all;
    // What states its cover says nothing of other places, unless nobody knows which place this is.
    if ((covers.empty() || municipalities.empty()) && dataset->info().open.extent.intersects(box))
      data_around = true;
  }
  for (const PlaceShare& municipality : municipalities) {
    const auto states = [&](const std::string& code) {
      return std::any_of(view->datasets.begin(), view->datasets.end(), [&](const auto& dataset) {
        const auto& covers = dataset->info().covers;
        return std::binary_search(covers.begin(), covers.end(), code);
      });
    };
    if (states(municipality.code) || states(municipality.code.substr(0, 2))) covered += municipality.share;
  }
  if (covered >= all_of_it) return Covered::all;
  return covered > 0 || data_around ? Covered::partly : Covered::none;
}

const char* name_of(Covered covered) noexcept {
  switch (covered) {
    case Covered::all:
      return "covered";
    case Covered::partly:
      return "partly";
    case Covered::none:
      break;
  }
  return "no_data";
}

}  // namespace ritchi::facts
