#include "geodata/facts/facts_there.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "geodata/facts/chosen.hpp"
#include "geodata/facts/overlap.hpp"
#include "geodata/geom/geodesic.hpp"
#include "geodata/geom/point_locator.hpp"
#include "geodata/geom/spatialite_blob.hpp"

namespace ritchi::facts {
namespace {

using catalogue::Fact;
using catalogue::FactKind;
using catalogue::Take;

// A feature that shares more than a border with the site.
struct Found {
  geom::Geometry part;       // of it, inside the site; empty where the site has no area
  std::vector<char> points;  // of a site without area: which of its points lie in it
  double size = 0;           // m², or points
  std::uint16_t source = store::no_source;
  std::int64_t id = 0;
  std::vector<char> fits;     // by the group's conditions
  std::vector<Taken> values;  // by the group's facts
};

// What features leave of a site.
class Cutter {
 public:
  explicit Cutter(const geom::Geometry& site) : m_site(site) {
    if (site.kind == geom::Kind::polygon) m_overlap.emplace(site);
  }

  bool cut(const geom::Geometry& shape, Found& out) {
    if (m_overlap) {
      auto part = m_overlap->part_of(shape);
      if (!part) return false;
      out.part = std::move(*part);
      out.size = geom::area_m2(out.part);
      return true;
    }
    if (shape.kind != geom::Kind::polygon) return false;
    const geom::PointLocator locator(shape);
    for (const geom::Point& point : m_site.points) {
      out.points.push_back(locator.contains(point));
      out.size += out.points.back() ? 1 : 0;
    }
    return out.size > 0;
  }

  // Of the site itself, in what features are measured in.
  double size() const {
    return m_overlap ? m_overlap->polygon_area_m2() : static_cast<double>(m_site.points.size());
  }

  // Of several features together, 0 to 1.
  double share(const std::vector<const Found*>& found) {
    if (m_overlap) {
      m_overlap->reset();
      for (const Found* one : found) m_overlap->add(one->part);
      return std::clamp(m_overlap->united_area_m2() / m_overlap->polygon_area_m2(), 0.0, 1.0);
    }
    std::size_t inside = 0;
    for (std::size_t i = 0; i < m_site.points.size(); ++i)
      inside +=
          std::any_of(found.begin(), found.end(), [&](const Found* one) { return one->points[i] != 0; });
    return static_cast<double>(inside) / static_cast<double>(m_site.points.size());
  }

 private:
  const geom::Geometry& m_site;
  std::optional<Overlap> m_overlap;
};

class GroupThere final : public FactGroup {
 public:
  GroupThere(const std::vector<const Fact*>& facts, const FactContext& context) : m_context(context) {
    m_facts = facts;
    m_layers = {facts.front()->features.layer, municipality_layer};
    std::sort(m_layers.begin(), m_layers.end());
    for (const Fact* fact : facts) {
      auto at = std::find(m_wheres.begin(), m_wheres.end(), fact->features.where);
      m_where_of.push_back(static_cast<std::size_t>(at - m_wheres.begin()));
      if (at == m_wheres.end()) m_wheres.push_back(fact->features.where);
    }
  }

  std::unique_ptr<Worker> worker() override;

  bool affected(const geom::Box& site, std::span<const FactValue>, const FactValue*,
                const LayerChange& change) override {
    return meets(site, change);
  }

 private:
  class WorkerThere;
  const FactContext& m_context;
  std::vector<std::string> m_wheres;
  std::vector<std::size_t> m_where_of;  // by the facts
};

class GroupThere::WorkerThere final : public Worker {
 public:
  explicit WorkerThere(const GroupThere& group)
      : m_group(group),
        m_datasets(chosen_rows(group.facts().front()->features.layer, group.m_wheres, group.m_context)) {
    for (const auto& rows : m_datasets) {
      auto& attributes = m_attributes.emplace_back();
      for (const Fact* fact : group.facts())
        attributes.push_back(indices_of(rows.dataset().layer(), fact->attributes));
    }
  }

  void compute(const Site& site, std::span<FactValue> out) override {
    const std::string& layer = m_group.facts().front()->features.layer;
    const Covered covered = m_group.m_context.coverage.of(layer, site.shape, site.municipalities);
    if (covered == Covered::none) return;
    Cutter cutter(site.shape);
    const std::vector<Found> found = look(site, cutter);
    for (std::size_t i = 0; i < out.size(); ++i) {
      std::vector<const Found*> fitting;
      for (const Found& one : found)
        if (one.fits[m_group.m_where_of[i]]) fitting.push_back(&one);
      const Fact& fact = *m_group.facts()[i];
      const bool all_known = covered == Covered::all;
      if (!fitting.empty())
        fact.kind == FactKind::share ? put_share(fitting, all_known, cutter, out[i])
                                     : put_value(fact, i, {fitting, cutter.size(), all_known}, out[i]);
      else if (all_known)
        put_nothing(fact, site, out[i]);
    }
  }

 private:
  std::vector<Found> look(const Site& site, Cutter& cutter) {
    std::vector<Found> out;
    for (std::size_t d = 0; d < m_datasets.size(); ++d) {
      if (!m_datasets[d].dataset().info().open.extent.intersects(site.box)) continue;
      m_datasets[d].in_box(site.box, [&](const store::FeatureView& row, const std::vector<char>& fits) {
        geom::decode_spatialite(row.geometry, m_shape);
        Found found;
        if (!cutter.cut(m_shape, found)) return;
        found.source = m_datasets[d].source();
        found.id = row.id;
        found.fits = fits;
        for (const auto& attributes : m_attributes[d])
          found.values.push_back(first_known(row.values, attributes));
        out.push_back(std::move(found));
      });
    }
    return out;
  }

  static const Found& largest(const std::vector<const Found*>& found) {
    const Found* best = found.front();
    for (const Found* one : found)
      if (one->size > best->size) best = one;
    return *best;
  }

  // What a fact takes its value from.
  struct AtPlace {
    const std::vector<const Found*>& found;
    double size;     // of the place
    bool all_known;  // there is nothing beside them
  };

  static void put_share(const std::vector<const Found*>& found, bool all_known, Cutter& cutter,
                        FactValue& out) {
    out.number = cutter.share(found);
    out.source = largest(found).source;
    out.at_least = !all_known && out.number < 1;
  }

  static void put_value(const Fact& fact, std::size_t i, const AtPlace& place, FactValue& out) {
    switch (fact.take) {
      case Take::set:
        return put_set(i, place, out);
      case Take::largest_share:
        return put_largest_share(i, place, out);
      case Take::greatest:
      case Take::least:
        break;
    }
    put_outermost(fact.take, i, place, out);
  }

  static void put_set(std::size_t i, const AtPlace& place, FactValue& out) {
    std::set<std::string> words;
    bool all_said = place.all_known;
    for (const Found* one : place.found)
      if (const auto* word = std::get_if<std::string>(&one->values[i]))
        words.insert(*word);
      else
        all_said = false;
    if (words.empty()) return;  // there is something, but what is not known
    out.words.emplace(words.begin(), words.end());
    out.source = largest(place.found).source;
    out.at_least = !all_said;
  }

  // What several features say alike counts together.
  static void put_largest_share(std::size_t i, const AtPlace& place, FactValue& out) {
    std::map<Taken, double> sizes;
    for (const Found* one : place.found) sizes[one->values[i]] += one->size;
    const auto most = std::max_element(sizes.begin(), sizes.end(), [](const auto& a, const auto& b) {
      return a.second < b.second;  // of equals the first
    });
    // Of up to half of the place it is not known that nothing covers more.
    if (!place.all_known && !(most->second > place.size / 2)) return;
    const Found* chosen = nullptr;
    for (const Found* one : place.found)
      if (one->values[i] == most->first && (chosen == nullptr || one->size > chosen->size)) chosen = one;
    put_of(*chosen, i, out);
  }

  static void put_outermost(Take take, std::size_t i, const AtPlace& place, FactValue& out) {
    const Found* chosen = nullptr;
    bool all_said = place.all_known;
    for (const Found* one : place.found) {
      const auto* number = std::get_if<double>(&one->values[i]);
      if (number == nullptr) {
        all_said = false;
        continue;
      }
      const double best = chosen == nullptr ? 0 : std::get<double>(chosen->values[i]);
      if (chosen == nullptr || (take == Take::greatest ? *number > best : *number < best)) chosen = one;
    }
    // A least value that might be less still is no bound of the kind that values can have.
    if (chosen == nullptr || (take == Take::least && !all_said)) return;
    put_of(*chosen, i, out);
    out.at_least = !all_said;
  }

  static void put_of(const Found& chosen, std::size_t i, FactValue& out) {
    if (std::holds_alternative<std::monostate>(chosen.values[i])) return;
    put(chosen.values[i], out);
    out.source = chosen.source;
    out.feature = chosen.id;
  }

  void put_nothing(const Fact& fact, const Site& site, FactValue& out) const {
    if (fact.kind == FactKind::share)
      out.number = 0;
    else if (fact.take == Take::set)
      out.words.emplace();
    else if (fact.none)
      out.number = *fact.none;
    else
      return;
    out.source = source_of_nothing(m_datasets, site.box);
  }

  const GroupThere& m_group;
  std::vector<ChosenRows> m_datasets;
  std::vector<std::vector<std::vector<std::size_t>>> m_attributes;  // by dataset and fact
  geom::Geometry m_shape;
};

std::unique_ptr<FactGroup::Worker> GroupThere::worker() {
  return std::make_unique<WorkerThere>(*this);
}

}  // namespace

std::unique_ptr<FactGroup> make_group_there(const std::vector<const Fact*>& facts,
                                            const FactContext& context) {
  return std::make_unique<GroupThere>(facts, context);
}

}  // namespace ritchi::facts
