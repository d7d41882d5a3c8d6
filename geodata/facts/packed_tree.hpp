// Boxes in a tree of full nodes, packed by sort-tile-recursive: level 0 is of the items, the last has one
// node.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "geodata/geom/geometry.hpp"

namespace ritchi::facts {

class PackedTree {
 public:
  static constexpr std::size_t fanout = 16;

  struct Node {
    geom::Box box;
    double cosine = 0;  // the least of its latitudes
  };

  // Returns the order in which the items are to be kept.
  std::vector<std::uint32_t> build(std::span<const geom::Box> items);

  bool empty() const { return m_levels.empty() || m_levels.front().empty(); }
  std::size_t top() const { return m_levels.size() - 1; }
  std::size_t items() const { return m_levels.empty() ? 0 : m_levels.front().size(); }
  const Node& node(std::size_t level, std::size_t at) const { return m_levels[level][at]; }
  std::size_t first_child(std::size_t at) const { return at * fanout; }
  std::size_t end_of_children(std::size_t level, std::size_t at) const {
    return std::min(m_levels[level - 1].size(), (at + 1) * fanout);
  }

  // The items whose boxes meet a box.
  template <class Take>
  void meeting(const geom::Box& box, const Take& take) const {
    if (!empty()) meeting(box, take, top(), 0);
  }

 private:
  template <class Take>
  void meeting(const geom::Box& box, const Take& take, std::size_t level, std::size_t at) const {
    if (!m_levels[level][at].box.intersects(box)) return;
    if (level == 0) return take(at);
    for (std::size_t i = first_child(at); i < end_of_children(level, at); ++i)
      meeting(box, take, level - 1, i);
  }

  std::vector<std::vector<Node>> m_levels;
};

}  // namespace ritchi::facts
