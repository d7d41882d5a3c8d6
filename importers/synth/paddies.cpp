#include "importers/synth/paddies.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "importers/synth/random.hpp"

namespace ritchi::synth {
namespace {

constexpr double road_m = 8;   // half of the cell's main roads, along both axes
constexpr double path_m = 6;   // between strips
constexpr double canal_m = 5;  // between blocks of a strip

int sign_u(int quarter) {
  return quarter == 0 || quarter == 3 ? 1 : -1;
}
int sign_v(int quarter) {
  return quarter < 2 ? 1 : -1;
}

}  // namespace

PaddyCell::PaddyCell(const Region& region, int cell, std::uint64_t seed)
    : m_frame(frame_of(region, cell, seed)),
      m_seed(seed),
      m_place(static_cast<std::uint64_t>(std::stoi(region.prefecture_code)) * 1'000'000 +
              static_cast<std::uint64_t>(cell)) {
  Random random(seed, {key(Stream::farmland), m_place});
  for (int quarter = 0; quarter < 4; ++quarter) {
    double v = road_m;
    for (int index = 0;; ++index) {
      Strip strip;
      strip.quarter = quarter;
      strip.index = index;
      strip.v = v;
      const double kind = random.real();
      if (kind >= 0.40 && kind < 0.85) {
        strip.depth = 50;
        strip.width = 20;
        strip.columns_per_block = 18;
      } else if (kind >= 0.85) {
        strip.depth = 40;
        strip.width = 40;
        strip.columns_per_block = 8;
        strip.paddy = false;
      }
      strip.blue = random.chance(strip.paddy ? 0.92 : 0.55);
      v += 2 * strip.depth + path_m;
      if (v > cell_reach_m) break;
      const double length = cell_reach_m - road_m;
      strip.blocks =
          static_cast<int>(std::lround(length / (strip.columns_per_block * strip.width + canal_m)));
      strip.columns_per_block = static_cast<int>((length / strip.blocks - canal_m) / strip.width);
      m_strips.push_back(strip);
    }
  }
  // From the middle of the cell outward: what a small scale leaves empty lies at the edge.
  std::stable_sort(m_strips.begin(), m_strips.end(),
                   [](const Strip& a, const Strip& b) { return a.v < b.v; });
}

int PaddyCell::capacity() const {
  int sum = 0;
  for (const Strip& strip : m_strips) sum += strip.parcels();
  return sum;
}

geom::Point PaddyCell::at(int quarter, double u, double v) const {
  return m_frame.at(sign_u(quarter) * u, sign_v(quarter) * v);
}

geom::Point PaddyCell::corner(const Strip& strip, int block, int column, int row) const {
  Random random(m_seed, {key(Stream::parcel), m_place, static_cast<std::uint64_t>(strip.quarter),
                         static_cast<std::uint64_t>(strip.index), static_cast<std::uint64_t>(block),
                         static_cast<std::uint64_t>(column * 3 + row)});
  const double u = road_m + block * (strip.columns_per_block * strip.width + canal_m) + column * strip.width;
  const double v = strip.v + row * strip.depth;
  return at(strip.quarter, u + random.between(-1.5, 1.5), v + random.between(-1.5, 1.5));
}

Parcel PaddyCell::parcel(const Strip& strip, int number) const {
  Parcel parcel;
  parcel.quarter = strip.quarter;
  parcel.strip = strip.index;
  parcel.number = number;
  parcel.paddy = strip.paddy;
  const int in_block = number % (strip.columns_per_block * 2);
  const int block = number / (strip.columns_per_block * 2);
  const int column = in_block / 2;
  const int row = in_block % 2;
  parcel.ring = {corner(strip, block, column, row), corner(strip, block, column + 1, row),
                 corner(strip, block, column + 1, row + 1), corner(strip, block, column, row + 1)};
  if (sign_u(strip.quarter) * sign_v(strip.quarter) < 0) std::swap(parcel.ring[1], parcel.ring[3]);
  return parcel;
}

Ring PaddyCell::outline(const Strip& strip, int first_block, int last_block) const {
  const double inner = strip.v - path_m / 2;
  const double outer = strip.v + 2 * strip.depth + path_m / 2;
  const double block_m = strip.columns_per_block * strip.width + canal_m;
  const double near = first_block == 0 ? road_m / 2 : road_m + first_block * block_m - canal_m / 2;
  const double far =
      last_block == strip.blocks - 1 ? cell_reach_m + 2 : road_m + (last_block + 1) * block_m - canal_m / 2;
  Ring ring{at(strip.quarter, near, inner), at(strip.quarter, far, inner), at(strip.quarter, far, outer),
            at(strip.quarter, near, outer)};
  if (sign_u(strip.quarter) * sign_v(strip.quarter) < 0) std::swap(ring[1], ring[3]);
  return ring;
}

Ring PaddyCell::outline_part(int row, int first_column, int last_column) const {
  constexpr double tile_m = 2 * cell_reach_m / outline_tiles;
  const double west = -cell_reach_m + first_column * tile_m;
  const double east = -cell_reach_m + (last_column + 1) * tile_m;
  const double south = -cell_reach_m + row * tile_m;
  const double north = south + tile_m;
  return {m_frame.at(west, south), m_frame.at(east, south), m_frame.at(east, north), m_frame.at(west, north)};
}

Ring PaddyCell::outline() const {
  Random random(m_seed, {key(Stream::zone), m_place});
  constexpr int steps = 6;
  const double reach = cell_reach_m + 10;
  Ring ring;
  for (int side = 0; side < 4; ++side)
    for (int k = 0; k < steps; ++k) {
      const double along = -reach + 2 * reach * k / steps;
      const double out = reach + (k == 0 ? 0 : random.between(0.0, 60.0));
      switch (side) {
        case 0:
          ring.push_back(m_frame.at(along, -out));
          break;
        case 1:
          ring.push_back(m_frame.at(out, along));
          break;
        case 2:
          ring.push_back(m_frame.at(-along, out));
          break;
        default:
          ring.push_back(m_frame.at(-out, -along));
          break;
      }
    }
  return ring;
}

}  // namespace ritchi::synth
