// A pipe network: a grid of streets in each served cell, mains through the middle, trunks from cell to cell.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "importers/synth/region.hpp"
#include "importers/synth/spread.hpp"

namespace ritchi::synth {

enum class PipeKind { transmission, main, branch };

struct Pipe {
  std::array<geom::Point, 3> points;  // plane metres
  int size = 2;
  PipeKind kind = PipeKind::branch;
  double length_m = 0;
};

struct NetworkRules {
  std::uint64_t salt = 0;
  double step_m = 110;        // length of a pipe
  int street_every = 1;       // steps between streets
  int reach_steps = 16;       // streets' reach from the cell's middle
  double aside_m = 0;         // shift against other networks
  int usual_per_cell = 1000;  // pipes; more where there are more
};

// Drinking water in every street; industrial water in wider meshes beside it.
constexpr NetworkRules drinking_rules{1, 110, 1, 16, 0, 1000};
constexpr NetworkRules industrial_rules{2, 400 / 3.0, 3, 13, 35, 200};

// A cell's streets less the gaps, at most.
std::int64_t most_pipes_per_cell(const NetworkRules& rules);

class Network {
 public:
  // A pipe and the municipality in which it lies.
  struct Laid {
    Pipe pipe;
    int municipality = 0;
  };
  Network(const Region& region, std::uint64_t seed, const NetworkRules& rules, std::int64_t pipes);

  // The next served cell's pipes, trunks first, then street by street; none after the last. Only pipes that
  // lie within one municipality are laid; those that find no room in a cell are laid in later ones.
  std::vector<Laid> next_cell();
  int cell() const { return m_cells[m_at - 1]; }         // of the last next_cell()
  std::int64_t left() const { return m_spread.left(); }  // pipes that found no room, at the end

 private:
  std::vector<std::int64_t> holds() const;  // pipes in each of m_cells, at most
  // With trunks, the mains reach to the cell's edge however small the town.
  std::vector<Laid> grid(int cell, int reach, bool with_trunks) const;
  void add(std::vector<Laid>& to, int cell, Pipe pipe) const;
  void add_trunks(std::vector<Laid>& to, int cell) const;
  geom::Point node(int cell, int i, int j) const;
  bool is_served(int column, int row) const;

  const Region& m_region;
  std::uint64_t m_seed;
  NetworkRules m_rules;
  std::vector<int> m_cells;  // nearest to the heart first
  Spread m_spread;
  std::size_t m_at = 0;
  std::vector<bool> m_is_served;
};

}  // namespace ritchi::synth
