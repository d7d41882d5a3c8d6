// Makes few features of many in one tile: points clustered, lines joined, tiny polygons merged.
//
// Each takes the items of a tile by id and leaves those that are to be drawn, in an order that depends on the
// items alone. New paths and values are kept in `kept`.
#pragma once
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "geodata/catalogue/generalisation.hpp"
#include "geodata/tiling/aggregate.hpp"
#include "geodata/tiling/item.hpp"

namespace ritchi::tiling {

using Kept = std::deque<std::string>;

// Items fall into cells by their place; those of neighbouring tiles that share a cell with this tile's buffer
// must be among them, so that a cluster is the same in every tile. A point that is alone stays as it is.
void cluster(const catalogue::Cluster& rule, const AggregatePlan& plan, std::vector<Item>& items, Kept& kept);

// Lines that share values under `by` are joined where two, and only two, of them end at one point.
void join_lines(const std::vector<std::size_t>& by, const AggregatePlan& plan, std::vector<Item>& items,
                Kept& kept);

// Small polygons become squares of at least least_area whose areas add up to theirs, but for less than one
// square for each combination of values of `by`. Returns how many could not be shown.
std::int64_t merge_small(const std::vector<std::size_t>& by, double least_area, const AggregatePlan& plan,
                         std::vector<Item>& items, Kept& kept);

// The values of a list under these keys, the others unknown, and all in one text to compare by.
struct Shared {
  ValueList values;
  std::string key;
};
Shared shared_values(const std::vector<std::size_t>& by, const ValueList& values);

}  // namespace ritchi::tiling
