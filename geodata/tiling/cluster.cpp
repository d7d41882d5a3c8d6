#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "geodata/tiling/generalise.hpp"
#include "geodata/tiling/path.hpp"
#include "geodata/tiling/tile_grid.hpp"

namespace ritchi::tiling {
namespace {

struct Cell {
  std::vector<const Item*> members;
};

int floor_divide(int value, int by) {
  return value >= 0 ? value / by : -((by - 1 - value) / by);
}

// Without its far edges: cells that begin there are not all known.
bool in_buffered_tile(geom::TilePoint at) {
  constexpr int far_edge = tile_extent + tile_buffer;
  return at.x >= -tile_buffer && at.x < far_edge && at.y >= -tile_buffer && at.y < far_edge;
}

geom::TilePoint middle_of(const std::vector<const Item*>& members, const std::vector<std::int64_t>& weights) {
  double x = 0;
  double y = 0;
  double all = 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto weight = static_cast<double>(weights[i]);
    x += weight * members[i]->place.x;
    y += weight * members[i]->place.y;
    all += weight;
  }
  return {static_cast<std::int32_t>(std::floor(x / all)), static_cast<std::int32_t>(std::floor(y / all))};
}

Item clustered(const std::vector<const Item*>& members, const AggregatePlan& plan, Kept& kept) {
  Aggregate all(plan);
  std::vector<std::int64_t> weights;
  ValueList values;
  for (const Item* member : members) {
    const std::int64_t before = all.count();
    take_values(member->values, values);
    all.add(values);
    weights.push_back(std::max<std::int64_t>(1, all.count() - before));
  }
  Item out;
  out.form = Form::point;
  out.place = middle_of(members, weights);
  geom::TileGeometry shape;
  shape.points.push_back(out.place);
  encode_path(shape, kept.emplace_back());
  out.path = kept.back();
  out.values = kept.emplace_back(all.values({}));
  return out;
}

}  // namespace

void cluster(const catalogue::Cluster& rule, const AggregatePlan& plan, std::vector<Item>& items,
             Kept& kept) {
  std::map<std::pair<int, int>, Cell> cells;
  std::vector<Item> out;
  for (const Item& item : items)
    cells[{floor_divide(item.place.y, rule.cell), floor_divide(item.place.x, rule.cell)}].members.push_back(
        &item);
  for (const auto& [at, cell] : cells) {
    const bool alone = cell.members.size() == 1 && !cell.members.front()->path.empty();
    Item made = alone ? *cell.members.front() : clustered(cell.members, plan, kept);
    if (in_buffered_tile(made.place)) out.push_back(made);
  }
  items = std::move(out);
}

}  // namespace ritchi::tiling
