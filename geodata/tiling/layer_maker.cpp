#include "geodata/tiling/layer_maker.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "geodata/tiling/generalise.hpp"
#include "geodata/tiling/layer_encoder.hpp"
#include "geodata/tiling/tile_grid.hpp"

namespace ritchi::tiling {
namespace {

using catalogue::Layer;
using catalogue::ZoomRule;

// More than a feature's head, and an index of two varints for each of its values, can take.
constexpr std::size_t feature_overhead = 32;
constexpr std::size_t tag_overhead = 8;

std::vector<std::size_t> keys_of(const std::vector<std::string>& names, const TileKeys& keys) {
  std::vector<std::size_t> out;
  out.reserve(names.size());
  for (const auto& name : names) out.push_back(keys.find(name));
  return out;
}

std::int64_t stay(const std::vector<Item>& items) {
  return static_cast<std::int64_t>(items.size());
}

// The layer's name, its keys and what was left out, beside the features: more than they can take.
std::size_t size_of_head(const std::string& name, const std::vector<std::string>& keys) {
  constexpr std::size_t fixed = 64;
  std::size_t out = fixed + name.size();
  for (const std::string& key : keys) out += key.size() + tag_overhead;
  return out;
}

}  // namespace

struct LayerMaker::State {
  ZoomRule rule;
  TileKeys own;
  std::vector<std::string> keys;
  std::optional<AggregatePlan> cluster_plan;
  std::optional<AggregatePlan> join_plan;
  std::optional<AggregatePlan> merge_plan;
  std::vector<std::size_t> join_by;
  std::vector<std::size_t> merge_by;
  std::vector<bool> hidden;  // by key: not shown at this zoom
  std::size_t dropped = 0;   // key of _dropped
  std::size_t count = 0;     // key of _count
  std::size_t rank = 0;      // key of the layer's rank
  std::size_t head_size = 0;
  LayerEncoder encoder;
  ValueList values;
  Kept kept;

  State(const Layer& layer, int zoom)
      : rule(catalogue::rule_at(layer, zoom)), own(layer), keys(own.names()), encoder(layer.id, tile_extent) {
    if (rule.cluster) cluster_plan.emplace(own, rule.cluster->of, rule.cluster->classes, keys);
    if (rule.join) {
      join_plan.emplace(own, rule.join->of, std::nullopt, keys);
      join_by = keys_of(rule.join->by, own);
    }
    if (rule.merge) {
      merge_plan.emplace(own, rule.merge->of, std::nullopt, keys);
      merge_by = keys_of(rule.merge->by, own);
    }
    count = static_cast<std::size_t>(std::find(keys.begin(), keys.end(), count_key) - keys.begin());
    rank = own.find(layer.rank);
    dropped = keys.size();
    keys.emplace_back(dropped_key);
    head_size = size_of_head(layer.id, keys);
    hidden.assign(keys.size(), false);
    if (rule.attributes.empty()) return;
    for (std::size_t i = own.find("synthetic") + 1; i < own.names().size(); ++i)
      hidden[i] = std::find(rule.attributes.begin(), rule.attributes.end(), keys[i]) == rule.attributes.end();
  }

  std::int64_t generalise(std::vector<Item>& items) {
    auto lost = static_cast<std::int64_t>(
        std::erase_if(items, [](const Item& item) { return item.form == Form::lost; }));
    if (rule.cluster) cluster(*rule.cluster, *cluster_plan, items, kept);
    if (rule.join) join_lines(join_by, *join_plan, items, kept);
    if (rule.merge) lost += merge_small(merge_by, rule.smallest_area, *merge_plan, items, kept);
    for (Item& item : items)
      if (item.id == 0) item.rank = rank_of_several(item);
    return lost;
  }

  std::string_view value_of(const Item& item, std::size_t key) {
    take_values(item.values, values);
    return key < values.size() ? values[key] : std::string_view{};
  }
  // What stands for several stays before what stands for itself, unless all of the several have one rank.
  double rank_of_several(const Item& item) {
    return number_in(value_of(item, rank)).value_or(std::numeric_limits<double>::infinity());
  }
  std::int64_t stands_for(const Item& item) { return item.id != 0 ? 1 : count_in(value_of(item, count)); }

  void encode(const Item& item, std::string_view dropped_value = {}) {
    take_values(item.values, values);
    for (std::size_t i = 0; i < values.size(); ++i)
      if (hidden[i]) values[i] = {};
    if (!dropped_value.empty()) {
      values.resize(keys.size());
      values[dropped] = dropped_value;
    }
    encoder.add(item.form, item.id, item.path, keys, values);
  }

  bool surely_fits(const std::vector<Item>& items) const {
    if (stay(items) > rule.max_features) return false;
    std::size_t bytes = head_size;
    for (const Item& item : items)
      bytes += item.path.size() + item.values.size() + feature_overhead + tag_overhead * keys.size();
    return bytes <= static_cast<std::size_t>(rule.max_bytes);
  }

  // How many of the items, best rank first, fit into the budget.
  std::size_t count_that_fit(const std::vector<Item>& items) {
    const auto most = static_cast<std::size_t>(std::min(stay(items), rule.max_features));
    encoder.clear();
    for (std::size_t i = 0; i < most; ++i) {
      encode(items[i]);
      if (encoder.size() > static_cast<std::size_t>(rule.max_bytes)) return i;
    }
    return most;
  }

  std::string encode_all(const std::vector<Item>& items, std::int64_t lost) {
    encoder.clear();
    const std::string lost_value = lost > 0 ? encode_value(lost) : std::string{};
    for (std::size_t i = 0; i < items.size(); ++i) encode(items[i], i == 0 ? lost_value : std::string_view{});
    return encoder.finish();
  }

  // Which features stay is decided by rank, how they lie in the tile by what they are: a feature keeps its
  // place beside its neighbours when others go. Numbering the values anew may take some bytes more than the
  // trial did; then a few more features go.
  LayerTile within_budget(std::vector<Item>& items, std::int64_t lost) {
    std::vector<Item> ranked = items;
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const Item& a, const Item& b) { return a.rank > b.rank; });
    std::size_t counted = ranked.size();  // of the others it is known how many they stand for
    for (std::size_t room = count_that_fit(ranked);; room -= std::max<std::size_t>(1, room / 100)) {
      std::vector<Item> chosen(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(room));
      std::stable_sort(chosen.begin(), chosen.end(),
                       [](const Item& a, const Item& b) { return a.id < b.id; });
      for (; counted > room; --counted) lost += stands_for(ranked[counted - 1]);
      if (room == 0) return {{}, 0, lost};
      std::string bytes = encode_all(chosen, lost);
      if (bytes.size() <= static_cast<std::size_t>(rule.max_bytes))
        return {std::move(bytes), static_cast<std::int64_t>(room), lost};
    }
  }
};

LayerMaker::LayerMaker(const Layer& layer, int zoom) : m_state(std::make_unique<State>(layer, zoom)) {}
LayerMaker::~LayerMaker() = default;
LayerMaker::LayerMaker(LayerMaker&&) noexcept = default;
LayerMaker& LayerMaker::operator=(LayerMaker&&) noexcept = default;

const std::vector<std::string>& LayerMaker::keys() const {
  return m_state->keys;
}

LayerTile LayerMaker::make(std::vector<Item>& items, std::int64_t dropped) {
  State& state = *m_state;
  state.kept.clear();
  std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.id < b.id; });
  const std::int64_t lost = dropped + state.generalise(items);
  if (items.empty()) return {{}, 0, lost};
  if (!state.surely_fits(items)) return state.within_budget(items, lost);
  std::string bytes = state.encode_all(items, lost);
  return {std::move(bytes), stay(items), lost};
}

}  // namespace ritchi::tiling
