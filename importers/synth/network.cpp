#include "importers/synth/network.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "importers/synth/random.hpp"

namespace ritchi::synth {
namespace {

constexpr double trunk_piece_m = 200;
constexpr double gap_share = 0.08;  // streets without a pipe

void measure(Pipe& pipe) {
  pipe.length_m = 0;
  for (int i = 1; i < pipe.size; ++i) {
    const geom::Point a = pipe.points[static_cast<std::size_t>(i - 1)];
    const geom::Point b = pipe.points[static_cast<std::size_t>(i)];
    pipe.length_m += std::sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
  }
}

}  // namespace

std::int64_t most_pipes_per_cell(const NetworkRules& rules) {
  const std::int64_t streets = 2 * (rules.reach_steps / rules.street_every) + 1;
  return streets * 2 * rules.reach_steps * 2 * 88 / 100;
}

Network::Network(const Region& region, std::uint64_t seed, const NetworkRules& rules, std::int64_t pipes)
    : m_region(region),
      m_seed(seed),
      m_rules(rules),
      m_cells(region.cells_of(false, true, true)),
      m_spread(Spread::over_first(
          holds(), pipes,
          static_cast<double>(rules.usual_per_cell) / static_cast<double>(most_pipes_per_cell(rules)))),
      m_is_served(static_cast<std::size_t>(region.cells())) {
  if (region.outlines) m_spread.keep_reserve();
  for (std::size_t i = 0; i < m_spread.active(); ++i)
    m_is_served[static_cast<std::size_t>(m_cells[i])] = true;
}

std::vector<std::int64_t> Network::holds() const {
  std::vector<std::int64_t> holds;
  for (const int cell : m_cells)
    holds.push_back(most_pipes_per_cell(m_rules) * m_region.room(cell) / whole_room);
  return holds;
}

void Network::add(std::vector<Laid>& to, int cell, Pipe pipe) const {
  const int municipality = m_region.holder(cell, {pipe.points.data(), static_cast<std::size_t>(pipe.size)});
  if (municipality < 0) return;
  measure(pipe);
  to.push_back({pipe, municipality});
}

bool Network::is_served(int column, int row) const {
  return m_region.land_at(column, row) != Land::sea && column < m_region.columns && row < m_region.rows &&
         m_is_served[static_cast<std::size_t>(m_region.cell(column, row))];
}

geom::Point Network::node(int cell, int i, int j) const {
  Random random(
      m_seed,
      {key(Stream::network), m_rules.salt, static_cast<std::uint64_t>(std::stoi(m_region.prefecture_code)),
       static_cast<std::uint64_t>(cell), static_cast<std::uint64_t>((i + 100) * 1000 + j + 100)});
  const double u = i * m_rules.step_m + m_rules.aside_m + random.between(-8.0, 8.0);
  const double v = j * m_rules.step_m + m_rules.aside_m + random.between(-8.0, 8.0);
  return frame_of(m_region, cell, m_seed).at(u, v);
}

std::vector<Network::Laid> Network::grid(int cell, int reach, bool with_trunks) const {
  std::vector<Laid> pipes;
  Random random(m_seed, {key(Stream::network), m_rules.salt,
                         static_cast<std::uint64_t>(std::stoi(m_region.prefecture_code)),
                         static_cast<std::uint64_t>(cell)});
  // From the middle outward: 0, 1, -1, 2, -2 … so that what is left out lies at the edge.
  const int streets = 2 * (reach / m_rules.street_every) + 1;
  for (int number = 0; number < streets; ++number) {
    const int street = (number % 2 == 0 ? -number : number + 1) / 2 * m_rules.street_every;
    for (const bool across : {true, false})
      for (int i = street == 0 && with_trunks ? -m_rules.reach_steps : -reach;
           i < (street == 0 && with_trunks ? m_rules.reach_steps : reach); ++i) {
        const bool gap = random.chance(gap_share);
        const bool bent = random.chance(0.25);
        const double bend = random.between(-6.0, 6.0);
        if (gap && street != 0) continue;
        Pipe pipe;
        pipe.kind = street == 0 ? PipeKind::main : PipeKind::branch;
        const geom::Point a = across ? node(cell, i, street) : node(cell, street, i);
        const geom::Point b = across ? node(cell, i + 1, street) : node(cell, street, i + 1);
        pipe.points = {a, b, b};
        if (bent) {
          const double length = std::sqrt((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y));
          pipe.points[1] = {(a.x + b.x) / 2 - (b.y - a.y) / length * bend,
                            (a.y + b.y) / 2 + (b.x - a.x) / length * bend};
          pipe.size = 3;
        }
        add(pipes, cell, pipe);
      }
  }
  return pipes;
}

// To the served neighbours in the east and the south, from the end of one main to that of the next.
void Network::add_trunks(std::vector<Laid>& to, int cell) const {
  const int column = cell % m_region.columns;
  const int row = cell / m_region.columns;
  const int reach = m_rules.reach_steps;
  for (const bool east : {true, false}) {
    const int next_column = column + (east ? 1 : 0);
    const int next_row = row + (east ? 0 : 1);
    if (next_column >= m_region.columns || next_row >= m_region.rows || !is_served(next_column, next_row))
      continue;
    const int next = m_region.cell(next_column, next_row);
    const geom::Point from = east ? node(cell, reach, 0) : node(cell, 0, -reach);
    const geom::Point till = east ? node(next, -reach, 0) : node(next, 0, reach);
    const double length =
        std::sqrt((till.x - from.x) * (till.x - from.x) + (till.y - from.y) * (till.y - from.y));
    const int pieces = std::max(1, static_cast<int>(length / trunk_piece_m));
    for (int k = 0; k < pieces; ++k) {
      const double s = static_cast<double>(k) / pieces;
      const double t = static_cast<double>(k + 1) / pieces;
      Pipe pipe;
      pipe.kind = PipeKind::transmission;
      pipe.points[0] = {from.x + (till.x - from.x) * s, from.y + (till.y - from.y) * s};
      pipe.points[1] = {from.x + (till.x - from.x) * t, from.y + (till.y - from.y) * t};
      pipe.points[2] = pipe.points[1];
      add(to, cell, pipe);
    }
  }
}

std::vector<Network::Laid> Network::next_cell() {
  std::vector<Laid> pipes;
  while (pipes.empty() && m_spread.left() > 0 && m_at < m_cells.size()) {
    const int cell = m_cells[m_at++];
    const auto wanted = static_cast<std::size_t>(m_spread.next());
    if (wanted == 0) continue;
    add_trunks(pipes, cell);
    if (pipes.size() > wanted / 4) pipes.clear();  // too few pipes for trunks to make sense
    const std::size_t trunks = pipes.size();
    std::vector<Laid> streets;
    // The smallest town that needs that many pipes; where there are trunks its mains reach out to them.
    for (int reach = 1; reach <= m_rules.reach_steps; ++reach) {
      streets = grid(cell, reach, trunks > 0);
      if (streets.size() + trunks >= wanted) break;
    }
    streets.resize(std::min(streets.size(), wanted - trunks));
    pipes.insert(pipes.end(), streets.begin(), streets.end());
    m_spread.took(static_cast<std::int64_t>(pipes.size()));
  }
  return pipes;
}

}  // namespace ritchi::synth
