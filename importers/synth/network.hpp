// A pipe network: a grid of streets in each served cell, mains through the middle, trunks from cell to cell.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "importers/synth/region.hpp"

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
  double step_m = 110;   // length of a pipe
  int street_every = 1;  // steps between streets
  int reach_steps = 16;  // streets' reach from the cell's middle
  double aside_m = 0;    // shift against other networks
  int usual_per_cell = 1000;
};

class Network {
 public:
  struct Served {
    int cell = 0;
    std::int64_t pipes = 0;
  };
  // Throws Error(bad_input) when the region has no room for that many pipes.
  Network(const Region& region, std::uint64_t seed, const NetworkRules& rules, std::int64_t pipes);

  const std::vector<Served>& served() const { return m_served; }
  // Trunks first, then street by street.
  std::vector<Pipe> pipes_of(const Served& served) const;

 private:
  // With trunks, the mains reach to the cell's edge however small the town.
  std::vector<Pipe> grid(int cell, int reach, bool with_trunks) const;
  void add_trunks(std::vector<Pipe>& to, int cell) const;
  geom::Point node(int cell, int i, int j) const;
  bool is_served(int column, int row) const;

  const Region& m_region;
  std::uint64_t m_seed;
  NetworkRules m_rules;
  std::vector<Served> m_served;
  std::vector<bool> m_is_served;
};

}  // namespace ritchi::synth
