#include "geodata/facts/packed_tree.hpp"

#include <cmath>
#include <utility>

#include "geodata/geom/geodesic_distance.hpp"

namespace ritchi::facts {

std::vector<std::uint32_t> PackedTree::build(std::span<const geom::Box> items) {
  const std::size_t n = items.size();
  // Twice the middle of a box, and its number: equal ones keep the order of the items.
  using Key = std::pair<double, std::uint32_t>;
  std::vector<Key> keys(n);
  for (std::size_t i = 0; i < n; ++i)
    keys[i] = {items[i].min_x + items[i].max_x, static_cast<std::uint32_t>(i)};
  std::sort(keys.begin(), keys.end());
  const auto slices = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(n) / fanout)));
  const std::size_t in_slice = slices == 0 ? 1 : (n + slices - 1) / slices;
  for (Key& key : keys) key.first = items[key.second].min_y + items[key.second].max_y;
  for (std::size_t from = 0; from < n; from += in_slice)
    std::sort(keys.begin() + static_cast<std::ptrdiff_t>(from),
              keys.begin() + static_cast<std::ptrdiff_t>(std::min(n, from + in_slice)));
  std::vector<std::uint32_t> order(n);
  std::vector<Node> level(n);
  for (std::size_t i = 0; i < n; ++i) {
    order[i] = keys[i].second;
    level[i] = {items[order[i]], geom::least_cosine(items[order[i]])};
  }
  m_levels.clear();
  m_levels.push_back(std::move(level));
  while (m_levels.back().size() > 1) {
    const auto& below = m_levels.back();
    std::vector<Node> above;
    for (std::size_t from = 0; from < below.size(); from += fanout) {
      Node node = below[from];
      for (std::size_t i = from + 1; i < std::min(below.size(), from + fanout); ++i) {
        node.box.add(below[i].box);
        node.cosine = std::min(node.cosine, below[i].cosine);
      }
      above.push_back(node);
    }
    m_levels.push_back(std::move(above));
  }
  return order;
}

}  // namespace ritchi::facts
