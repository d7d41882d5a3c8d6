#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "geodata/tiling/generalise.hpp"
#include "geodata/tiling/path.hpp"
#include "geodata/tiling/tile_grid.hpp"

namespace ritchi::tiling {
namespace {

// Places near each other are near each other in this order too (Morton's).
std::uint64_t interleaved(geom::TilePoint at) {
  std::uint64_t out = 0;
  const auto x = static_cast<std::uint64_t>(std::clamp(at.x, 0, tile_extent));
  const auto y = static_cast<std::uint64_t>(std::clamp(at.y, 0, tile_extent));
  for (unsigned bit = 0; bit < 13; ++bit)
    out |= ((x >> bit) & 1U) << (2 * bit) | ((y >> bit) & 1U) << (2 * bit + 1);
  return out;
}

std::string square_path(geom::TilePoint middle, int side) {
  const int x = std::clamp(middle.x - side / 2, 0, tile_extent - side);
  const int y = std::clamp(middle.y - side / 2, 0, tile_extent - side);
  geom::TileGeometry shape;
  shape.kind = geom::Kind::polygon;
  shape.points = {{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}};
  shape.ring_ends = {4};
  shape.part_ends = {1};
  std::string out;
  encode_path(shape, out);
  return out;
}

class Squares {
 public:
  Squares(double least_area, const AggregatePlan& plan, std::vector<Item>& out, Kept& kept)
      : m_least(std::max(least_area, 4.0)), m_plan(plan), m_out(out), m_kept(kept) {}

  // What does not fill a square is rounded to one or to none.
  std::int64_t of(const ValueList& shared, std::vector<const Item*>& members) {
    std::stable_sort(members.begin(), members.end(), [](const Item* a, const Item* b) {
      return interleaved(a->place) < interleaved(b->place);
    });
    Aggregate waiting(m_plan);
    double area = 0;
    ValueList values;
    for (const Item* member : members) {
      take_values(member->values, values);
      waiting.add(values);
      area += member->area;
      if (area < m_least) continue;
      const int side = std::min(static_cast<int>(std::sqrt(area)), tile_extent);
      put(shared, waiting, member->place, side);
      area -= static_cast<double>(side) * side;
      waiting = Aggregate(m_plan);
    }
    if (waiting.count() == 0) return 0;
    if (area < m_least / 2) return waiting.count();
    put(shared, waiting, members.back()->place, static_cast<int>(std::lround(std::sqrt(m_least))));
    return 0;
  }

 private:
  void put(const ValueList& shared, const Aggregate& of, geom::TilePoint at, int side) {
    Item out;
    out.form = Form::polygon;
    out.path = m_kept.emplace_back(square_path(at, side));
    out.values = m_kept.emplace_back(of.values(shared));
    m_out.push_back(out);
  }

  double m_least;
  const AggregatePlan& m_plan;
  std::vector<Item>& m_out;
  Kept& m_kept;
};

struct Group {
  ValueList shared;
  std::vector<const Item*> members;
};

}  // namespace

std::int64_t merge_small(const std::vector<std::size_t>& by, double least_area, const AggregatePlan& plan,
                         std::vector<Item>& items, Kept& kept) {
  std::vector<Item> out;
  std::map<std::string, Group> groups;
  ValueList values;
  for (const Item& item : items) {
    if (item.form != Form::small) {
      out.push_back(item);
      continue;
    }
    take_values(item.values, values);
    Shared shared = shared_values(by, values);
    Group& group = groups[shared.key];
    group.shared = std::move(shared.values);
    group.members.push_back(&item);
  }
  std::int64_t lost = 0;
  Squares squares(least_area, plan, out, kept);
  for (auto& [key, group] : groups) lost += squares.of(group.shared, group.members);
  items = std::move(out);
  return lost;
}

}  // namespace ritchi::tiling
