#include "importers/synth/network.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "geodata/base/error.hpp"
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

Network::Network(const Region& region, std::uint64_t seed, const NetworkRules& rules, std::int64_t pipes)
    : m_region(region), m_seed(seed), m_rules(rules), m_is_served(static_cast<std::size_t>(region.cells())) {
  const std::vector<int> cells = region.cells_of(false, true, true);
  const auto available = static_cast<std::int64_t>(cells.size());
  // A cell's streets less the gaps, at most.
  const std::int64_t streets = 2 * (rules.reach_steps / rules.street_every) + 1;
  const std::int64_t room = streets * 2 * rules.reach_steps * 2 * 88 / 100;
  if (pipes > available * room)
    throw base::Error(base::ErrorKind::bad_input,
                      std::to_string(pipes) + " pipes find no room in " + region.prefecture, "--scale",
                      "use a smaller scale; ritchi synth --help names the limits");
  const std::int64_t usual = std::min<std::int64_t>(rules.usual_per_cell, room);
  std::int64_t active = std::min(available, (pipes + usual - 1) / usual);
  std::int64_t left = pipes;
  for (std::int64_t i = 0; i < active; ++i) {
    const std::int64_t here = (left + active - i - 1) / (active - i);
    m_served.push_back({cells[static_cast<std::size_t>(i)], here});
    m_is_served[static_cast<std::size_t>(m_served.back().cell)] = true;
    left -= here;
  }
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

std::vector<Pipe> Network::grid(int cell, int reach, bool with_trunks) const {
  std::vector<Pipe> pipes;
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
        measure(pipe);
        pipes.push_back(pipe);
      }
  }
  return pipes;
}

// To the served neighbours in the east and the south, from the end of one main to that of the next.
void Network::add_trunks(std::vector<Pipe>& to, int cell) const {
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
      measure(pipe);
      to.push_back(pipe);
    }
  }
}

std::vector<Pipe> Network::pipes_of(const Served& served) const {
  const auto wanted = static_cast<std::size_t>(served.pipes);
  std::vector<Pipe> pipes;
  add_trunks(pipes, served.cell);
  if (pipes.size() > wanted / 4) pipes.clear();  // too few pipes for trunks to make sense
  const std::size_t trunks = pipes.size();
  std::vector<Pipe> streets;
  // The smallest town that needs that many pipes; where there are trunks its mains reach out to them.
  for (int reach = 1; reach <= m_rules.reach_steps; ++reach) {
    streets = grid(served.cell, reach, trunks > 0);
    if (streets.size() + trunks >= wanted) break;
  }
  if (streets.size() + trunks < wanted)
    throw base::Error(base::ErrorKind::internal, "a cell has no room for its share of the pipes");
  streets.resize(wanted - trunks);
  pipes.insert(pipes.end(), streets.begin(), streets.end());
  return pipes;
}

}  // namespace ritchi::synth
