#include "geodata/facts/nearest_facts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <unordered_map>

#include "geodata/facts/chosen.hpp"
#include "geodata/facts/nearest.hpp"
#include "geodata/geom/geodesic_distance.hpp"
#include "geodata/geom/spatialite_blob.hpp"

namespace ritchi::facts {
namespace {

constexpr double metres_per_km = 1000;

struct Member {
  std::int64_t id = 0;
  std::uint16_t source = 0;
  std::string same;           // the word that is compared; empty: not known
  std::vector<Taken> values;  // of the facts after the distance
};

// Members by their numbers in the group, in an index of their own.
struct Subset {
  NearestIndex index;
  std::vector<std::uint32_t> members;
};

class NearestGroup final : public FactGroup {
 public:
  NearestGroup(const catalogue::Fact& distance, const std::vector<const catalogue::Fact*>& others,
               const FactContext& context, std::function<void()> tick)
      : m_context(context), m_tick(std::move(tick)) {
    m_facts.push_back(&distance);
    m_facts.insert(m_facts.end(), others.begin(), others.end());
    m_layers = {distance.features.layer, municipality_layer};
    std::sort(m_layers.begin(), m_layers.end());
    m_layers.erase(std::unique(m_layers.begin(), m_layers.end()), m_layers.end());
    m_same_fact = distance.same_fact;
  }

  std::unique_ptr<Worker> worker() override;
  void prepare() override { load(); }

  bool affected(const geom::Box& site, std::span<const FactValue> present, const FactValue* same,
                const LayerChange& change) override {
    if (change.layer == municipality_layer && meets(site, change)) return true;
    const FactValue& distance = present.front();
    // Of the same undertaking as far as there are any: what was not may be so now.
    if (const std::string* word = same != nullptr ? same->word() : nullptr; word != nullptr) {
      const auto found = m_by_id.find({distance.source, distance.feature});
      if (found == m_by_id.end() || m_members[found->second].same != *word) return true;
    }
    if (change.layer != facts().front()->features.layer) return false;
    const double reach = distance.is_number() ? distance.number * metres_per_km * (1 + 1e-9) + 1e-3
                                              : std::numeric_limits<double>::infinity();
    const double cosine = geom::least_cosine(site);
    return std::any_of(change.changes.begin(), change.changes.end(), [&](const store::Change& one) {
      if (one.id == distance.feature && change.source == distance.source) return true;
      return !one.after.empty() &&
             geom::lower_bound_m(site, cosine, one.after, geom::least_cosine(one.after)) <= reach;
    });
  }

 private:
  class NearestWorker;

  void load() {
    const catalogue::Fact& distance = *facts().front();
    geom::Geometry shape;
    std::size_t rows = 0;
    for (auto& chosen : chosen_rows(distance.features.layer, {distance.features.where}, m_context)) {
      const catalogue::Layer& layer = chosen.dataset().layer();
      std::vector<std::vector<std::size_t>> wanted;
      for (std::size_t i = 1; i < facts().size(); ++i)
        wanted.push_back(indices_of(layer, facts()[i]->attributes));
      const auto same = indices_of(layer, {distance.same_attribute});
      chosen.all([&](const store::FeatureView& row, const std::vector<char>&) {
        if (m_tick && ++rows % 1024 == 0) m_tick();
        geom::decode_spatialite(row.geometry, shape);
        Member member{row.id, chosen.source(), {}, {}};
        for (const auto& attributes : wanted) member.values.push_back(first_known(row.values, attributes));
        if (!distance.same_fact.empty())
          if (const Taken word = first_known(row.values, same); std::holds_alternative<std::string>(word))
            member.same = std::get<std::string>(word);
        add(std::move(member), shape);
      });
    }
    m_all.index.build();
    for (auto& [word, subset] : m_same) subset.index.build();
  }

  void add(Member&& member, const geom::Geometry& shape) {
    const auto number = static_cast<std::uint32_t>(m_members.size());
    m_all.index.add(shape);
    m_all.members.push_back(number);
    if (!member.same.empty()) {
      Subset& subset = m_same[member.same];
      subset.index.add(shape);
      subset.members.push_back(number);
    }
    m_by_id.emplace(std::pair(member.source, member.id), number);
    m_members.push_back(std::move(member));
  }

  const FactContext& m_context;
  std::function<void()> m_tick;
  std::vector<Member> m_members;
  Subset m_all;
  std::map<std::string, Subset> m_same;
  std::map<std::pair<std::uint16_t, std::int64_t>, std::uint32_t> m_by_id;
};

class NearestGroup::NearestWorker final : public Worker {
 public:
  explicit NearestWorker(const NearestGroup& group) : m_group(group) {}

  void compute(const Site& site, std::span<FactValue> out) override {
    const std::string& layer = m_group.facts().front()->features.layer;
    if (m_group.m_context.coverage.of(layer, site.shape, site.municipalities) == Covered::none) return;
    const Subset* among = &m_group.m_all;
    if (const std::string* word = site.same != nullptr ? site.same->word() : nullptr; word != nullptr)
      if (const auto found = m_group.m_same.find(*word); found != m_group.m_same.end())
        among = &found->second;
    const auto near = among->index.nearest(site.shape);
    if (!near) return;
    const Member& member = m_group.m_members[among->members[near->member]];
    for (FactValue& value : out) {
      value.source = member.source;
      value.feature = member.id;
    }
    out[0].number = near->distance_m / metres_per_km;
    for (std::size_t i = 0; i < member.values.size(); ++i) put(member.values[i], out[i + 1]);
  }

 private:
  const NearestGroup& m_group;
};

std::unique_ptr<FactGroup::Worker> NearestGroup::worker() {
  return std::make_unique<NearestWorker>(*this);
}

}  // namespace

std::unique_ptr<FactGroup> make_nearest_group(const catalogue::Fact& distance,
                                              const std::vector<const catalogue::Fact*>& others,
                                              const FactContext& context, const std::function<void()>& tick) {
  return std::make_unique<NearestGroup>(distance, others, context, tick);
}

}  // namespace ritchi::facts
