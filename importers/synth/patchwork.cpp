#include "importers/synth/patchwork.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "importers/synth/random.hpp"
#include "importers/synth/zoning.hpp"

namespace ritchi::synth {
namespace {

// Invented borders swing about the straight edge between a cell's corners: land this far from the cell's
// middle is land, whatever the swing.
constexpr double lowland_reach_m = 1800;
constexpr double hill_reach_m = 1500;

}  // namespace

PatchRules natural_patches(int count) {
  PatchRules rules;
  for (int i = 0; i <= count; ++i) rules.lines.push_back(-cell_m / 2 + cell_m * i / count);
  rules.wobble = 0.3;
  return rules;
}

PatchRules planning_patches() {
  PatchRules rules;
  rules.lines.push_back(-cell_m / 2);
  for (int i = 0; i <= zoning_quarters; ++i) rules.lines.push_back(-zoning_reach_m + i * zoning_quarter_m);
  rules.lines.push_back(cell_m / 2);
  return rules;
}

Patchwork::Patchwork(const Region& region, std::uint64_t seed, PatchRules rules)
    : m_region(region), m_seed(seed), m_rules(std::move(rules)) {}

geom::Point Patchwork::place(Corner corner) const {
  const int n = steps();
  const int column = std::min(corner.x / n, m_region.columns - 1);
  const int line = std::min(corner.y / n, m_region.rows - 1);
  const auto i = static_cast<std::size_t>(corner.x - column * n);
  const auto j = static_cast<std::size_t>(corner.y - line * n);
  double u = m_rules.lines[i];
  double v = m_rules.lines[j];
  if (m_rules.wobble > 0) {
    Random random(m_seed,
                  {key(Stream::patch), static_cast<std::uint64_t>(std::stoi(m_region.prefecture_code)),
                   static_cast<std::uint64_t>(n), static_cast<std::uint64_t>(corner.x),
                   static_cast<std::uint64_t>(corner.y)});
    const double most = m_rules.wobble * cell_m / n;
    u += random.between(-most, most);
    v += random.between(-most, most);
  }
  return frame_of(m_region, m_region.cell(column, m_region.rows - 1 - line), m_seed).at(u, v);
}

Patchwork::Corner Patchwork::south_west(const Patch& patch) const {
  return {patch.cell % m_region.columns * steps() + patch.column,
          (m_region.rows - 1 - patch.cell / m_region.columns) * steps() + patch.row};
}

Ring Patchwork::ring(const Patch& patch) const {
  const Corner at = south_west(patch);
  return {place(at), place({at.x + 1, at.y}), place({at.x + 1, at.y + 1}), place({at.x, at.y + 1})};
}

bool Patchwork::is_beside_sea(const Patch& patch) const {
  const double most = m_rules.wobble * cell_m / steps();
  const bool hills = m_region.land[static_cast<std::size_t>(patch.cell)] == Land::mountain;
  const double reach = (hills ? hill_reach_m : lowland_reach_m) + 1;
  const auto side = [&](int index) {
    if (m_rules.lines[static_cast<std::size_t>(index)] - most < -reach) return -1;
    return m_rules.lines[static_cast<std::size_t>(index) + 1] + most > reach ? 1 : 0;
  };
  const int east = side(patch.column);
  const int north = side(patch.row);
  const int column = patch.cell % m_region.columns;
  const int row = patch.cell / m_region.columns;
  const auto is_sea = [&](int dx, int dy) { return m_region.municipality_at(column + dx, row - dy) < 0; };
  return is_sea(east, 0) || is_sea(0, north) || is_sea(east, north);
}

int Patchwork::holder(const Patch& patch) const {
  if (!m_region.outlines) {
    if (is_beside_sea(patch)) return -1;
    return m_region.municipality[static_cast<std::size_t>(patch.cell)];
  }
  const Outlines& outlines = *m_region.outlines;
  const Corner corner = south_west(patch);
  int owner = outlines.owner(patch.middle);
  if (owner < 0 && !m_rules.beyond_coast) return -1;
  for (const int dx : {0, 1})
    for (const int dy : {0, 1}) {
      const int here = outlines.owner(place({corner.x + dx, corner.y + dy}));
      if (here < 0 && !m_rules.beyond_coast) return -1;
      if (owner < 0) owner = here;
    }
  return owner;
}

// The grid of patches with a kind, and the walk round the pieces. Edges have their land on the left.
class Patchwork::Tracing {
 public:
  explicit Tracing(const Patchwork& work)
      : m_work(work),
        m_n(work.steps()),
        m_columns(work.m_region.columns * m_n),
        m_rows(work.m_region.rows * m_n),
        m_kinds(static_cast<std::size_t>(m_columns) * static_cast<std::size_t>(m_rows), -1),
        m_edges(static_cast<std::size_t>(m_columns + 1) * static_cast<std::size_t>(m_rows + 1), 0) {}

  void set(int x, int y, int kind) { m_kinds[patch(x, y)] = kind; }

  std::vector<Piece> trace() {
    std::vector<Piece> pieces;
    for (int y = 0; y < m_rows; ++y)
      for (int x = 0; x < m_columns; ++x) {
        const int kind = m_kinds[patch(x, y)];
        if (kind >= 0) pieces.push_back({kind, piece(x, y, kind)});
      }
    return pieces;
  }

 private:
  enum Direction { east, north, west, south };
  static constexpr std::array<int, 4> step_x{1, 0, -1, 0};
  static constexpr std::array<int, 4> step_y{0, 1, 0, -1};

  std::size_t patch(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(m_columns) + static_cast<std::size_t>(x);
  }
  std::uint8_t& edges(Corner at) {
    return m_edges[static_cast<std::size_t>(at.y) * static_cast<std::size_t>(m_columns + 1) +
                   static_cast<std::size_t>(at.x)];
  }
  bool is(int x, int y, int kind) const {
    return x >= 0 && y >= 0 && x < m_columns && y < m_rows && m_kinds[patch(x, y)] == kind;
  }

  // The piece that a patch belongs to; takes its patches away. While it is gathered they are marked.
  Area piece(int first_x, int first_y, int kind) {
    constexpr int gathered = -2;
    std::vector<Corner> members{{first_x, first_y}};
    set(first_x, first_y, gathered);
    for (std::size_t i = 0; i < members.size(); ++i)
      for (std::size_t d = 0; d < 4; ++d) {
        const int x = members[i].x + step_x[d];
        const int y = members[i].y + step_y[d];
        if (!is(x, y, kind)) continue;
        set(x, y, gathered);
        members.push_back({x, y});
      }
    std::vector<std::pair<Corner, Direction>> starts;
    const auto border = [&](Corner from, Direction direction) {
      edges(from) = static_cast<std::uint8_t>(edges(from) | (1U << direction));
      starts.emplace_back(from, direction);
    };
    for (const Corner m : members) {
      if (!is(m.x, m.y - 1, gathered)) border({m.x, m.y}, east);
      if (!is(m.x + 1, m.y, gathered)) border({m.x + 1, m.y}, north);
      if (!is(m.x, m.y + 1, gathered)) border({m.x + 1, m.y + 1}, west);
      if (!is(m.x - 1, m.y, gathered)) border({m.x, m.y + 1}, south);
    }
    Area area;
    for (const auto& [from, direction] : starts) {
      if ((edges(from) & (1U << direction)) == 0) continue;
      bool is_shell = false;
      Ring ring = walk(from, direction, is_shell);
      area.insert(is_shell ? area.begin() : area.end(), std::move(ring));
    }
    for (const Corner m : members) set(m.x, m.y, -1);
    return area;
  }

  // Where two edges go on, the right one is taken: then what touches in a point are two rings.
  Ring walk(Corner from, Direction direction, bool& is_shell) {
    Ring ring;
    std::int64_t doubled_area = 0;
    Corner at = from;
    for (Direction next = direction;;) {
      edges(at) = static_cast<std::uint8_t>(edges(at) & ~(1U << next));
      // Every corner, also on a straight line: what is straight in the plane bends in degrees, and neighbours
      // are to bend alike.
      ring.push_back(m_work.place(at));
      const Corner to{at.x + step_x[next], at.y + step_y[next]};
      doubled_area += std::int64_t{at.x} * to.y - std::int64_t{to.x} * at.y;
      at = to;
      const Direction came = next;
      const auto turned = [&](int by) { return static_cast<Direction>((came + by) % 4); };
      const auto goes = [&](Direction d) { return (edges(at) & (1U << d)) != 0; };
      if (goes(turned(3)))
        next = turned(3);
      else if (goes(came))
        next = came;
      else if (goes(turned(1)))
        next = turned(1);
      else
        break;
    }
    is_shell = doubled_area > 0;
    return ring;
  }

  const Patchwork& m_work;
  int m_n;
  int m_columns;
  int m_rows;
  std::vector<int> m_kinds;
  std::vector<std::uint8_t> m_edges;
};

std::vector<Patchwork::Piece> Patchwork::pieces(std::span<const int> cells, const Kinds& kind_of) const {
  Tracing tracing(*this);
  const int n = steps();
  for (const int cell : cells) {
    const CellFrame frame = frame_of(m_region, cell, m_seed);
    const int column = cell % m_region.columns;
    const int line = m_region.rows - 1 - cell / m_region.columns;
    for (int row = 0; row < n; ++row)
      for (int i = 0; i < n; ++i) {
        const auto middle = [&](int index) {
          const auto at = static_cast<std::size_t>(index);
          return (m_rules.lines[at] + m_rules.lines[at + 1]) / 2;
        };
        Patch patch{cell, i, row, 0, frame.at(middle(i), middle(row))};
        patch.municipality = holder(patch);
        if (patch.municipality < 0) continue;
        const int kind = kind_of(patch);
        if (kind >= 0) tracing.set(column * n + i, line * n + row, kind);
      }
  }
  return tracing.trace();
}

std::vector<Area> Patchwork::areas(std::span<const int> cells,
                                   const std::function<bool(const Patch&)>& chosen) const {
  std::vector<Area> found;
  for (Piece& piece : pieces(cells, [&](const Patch& patch) { return chosen(patch) ? 0 : -1; }))
    found.push_back(std::move(piece.area));
  return found;
}

}  // namespace ritchi::synth
