#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "geodata/tiling/generalise.hpp"
#include "geodata/tiling/path.hpp"

namespace ritchi::tiling {
namespace {

using geom::TilePoint;
using Line = std::vector<TilePoint>;

// One stretch of a feature's line in this tile.
struct Stretch {
  const Item* item = nullptr;
  bool first_of_item = false;  // it alone brings the feature's amounts, so that none is counted twice
  Line line;
  bool used = false;
};

std::uint64_t key_of(TilePoint at) {
  return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(at.x)) << 32U) |
         static_cast<std::uint32_t>(at.y);
}

class Chains {
 public:
  explicit Chains(std::vector<Stretch> stretches) : m_stretches(std::move(stretches)) {
    for (std::size_t i = 0; i < m_stretches.size(); ++i) {
      m_at_end[key_of(m_stretches[i].line.front())].push_back(i);
      m_at_end[key_of(m_stretches[i].line.back())].push_back(i);
    }
  }

  struct Chain {
    Line line;
    std::vector<const Stretch*> members;
  };

  // Chains by their first stretch.
  std::vector<Chain> all() {
    std::vector<Chain> out;
    for (Stretch& start : m_stretches) {
      if (start.used) continue;
      start.used = true;
      Chain chain{start.line, {&start}};
      extend(chain);
      std::reverse(chain.line.begin(), chain.line.end());
      extend(chain);
      std::reverse(chain.line.begin(), chain.line.end());
      out.push_back(std::move(chain));
    }
    return out;
  }

 private:
  void extend(Chain& chain) {
    for (;;) {
      const std::vector<std::size_t>& meeting = m_at_end[key_of(chain.line.back())];
      if (meeting.size() != 2 || meeting[0] == meeting[1]) return;
      Stretch* next = nullptr;
      for (const std::size_t i : meeting)
        if (!m_stretches[i].used) next = &m_stretches[i];
      if (next == nullptr) return;
      next->used = true;
      if (next->line.front() == chain.line.back())
        chain.line.insert(chain.line.end(), next->line.begin() + 1, next->line.end());
      else
        chain.line.insert(chain.line.end(), next->line.rbegin() + 1, next->line.rend());
      chain.members.push_back(next);
    }
  }

  std::vector<Stretch> m_stretches;
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> m_at_end;
};

// Features of which a stretch is in one chain with another feature.
std::set<const Item*> touched_by_others(const std::vector<Chains::Chain>& chains) {
  std::set<const Item*> out;
  for (const Chains::Chain& chain : chains) {
    const Item* first = chain.members.front()->item;
    if (std::all_of(chain.members.begin(), chain.members.end(),
                    [first](const Stretch* member) { return member->item == first; }))
      continue;
    for (const Stretch* member : chain.members) out.insert(member->item);
  }
  return out;
}

Item joined(const Chains::Chain& chain, const ValueList& shared, const AggregatePlan& plan, Kept& kept) {
  Aggregate all(plan);
  ValueList values;
  for (const Stretch* member : chain.members) {
    if (!member->first_of_item) continue;
    take_values(member->item->values, values);
    all.add(values);
  }
  Item out;
  out.form = Form::line;
  geom::TileGeometry shape;
  shape.kind = geom::Kind::line;
  shape.points = chain.line;
  shape.ring_ends.push_back(static_cast<std::uint32_t>(chain.line.size()));
  encode_path(shape, kept.emplace_back());
  out.path = kept.back();
  out.values = kept.emplace_back(all.values(shared));
  return out;
}

struct Group {
  ValueList shared;
  std::vector<Stretch> stretches;
};

}  // namespace

Shared shared_values(const std::vector<std::size_t>& by, const ValueList& values) {
  Shared out;
  for (const std::size_t key : by) {
    if (key >= out.values.size()) out.values.resize(key + 1);
    if (key < values.size()) out.values[key] = values[key];
    put_value(out.key, out.values[key]);
  }
  return out;
}

void join_lines(const std::vector<std::size_t>& by, const AggregatePlan& plan, std::vector<Item>& items,
                Kept& kept) {
  std::vector<Item> out;
  std::map<std::string, Group> groups;
  ValueList values;
  geom::TileGeometry shape;
  for (const Item& item : items) {
    if (item.form != Form::line) {
      out.push_back(item);
      continue;
    }
    take_values(item.values, values);
    Shared shared = shared_values(by, values);
    Group& group = groups[shared.key];
    group.shared = std::move(shared.values);
    decode_path(geom::Kind::line, item.path, shape);
    std::size_t begin = 0;
    for (const std::uint32_t end : shape.ring_ends) {
      group.stretches.push_back({&item, begin == 0,
                                 Line(shape.points.begin() + static_cast<std::ptrdiff_t>(begin),
                                      shape.points.begin() + static_cast<std::ptrdiff_t>(end)),
                                 false});
      begin = end;
    }
  }
  for (auto& [key, group] : groups) {
    Chains chains(std::move(group.stretches));
    const std::vector<Chains::Chain> found = chains.all();
    const std::set<const Item*> touched = touched_by_others(found);
    std::set<const Item*> whole;  // features that stay what they are
    for (const Chains::Chain& chain : found) {
      const Item* first = chain.members.front()->item;
      if (touched.contains(first))
        out.push_back(joined(chain, group.shared, plan, kept));
      else if (whole.insert(first).second)
        out.push_back(*first);
    }
  }
  items = std::move(out);
}

}  // namespace ritchi::tiling
