#include "geodata/geom/tile_id.hpp"

#include <array>
#include <bit>

namespace ritchi::geom {
namespace {

// How the curve lies inside a square: as at the top, mirrored at the diagonal (1), turned by 180° (2), both.
constexpr unsigned mirrored = 1;
constexpr unsigned turned = 2;
constexpr int levels_per_step = 4;
constexpr unsigned step_size = 1U << (2 * levels_per_step);
constexpr unsigned step_mask = (1U << levels_per_step) - 1;

struct Step {
  std::uint8_t out = 0;  // digits of the curve, or x and y in half a byte each
  std::uint8_t next = 0;
};
using Table = std::array<std::array<Step, step_size>, 4>;

struct Tables {
  Table to_curve{};    // by lie and xxxxyyyy
  Table from_curve{};  // by lie and digits
};

// Follows four levels of quadrants for every lie and every way through them, once, at compile time.
constexpr Tables make_tables() {
  Tables out;
  for (unsigned start = 0; start < 4; ++start) {
    for (unsigned xy = 0; xy < step_size; ++xy) {
      unsigned lie = start;
      unsigned digits = 0;
      for (int level = levels_per_step - 1; level >= 0; --level) {
        const unsigned flip = (lie & turned) != 0 ? 1 : 0;
        const unsigned x = ((xy >> (level + levels_per_step)) & 1U) ^ flip;
        const unsigned y = ((xy >> level) & 1U) ^ flip;
        const unsigned column = (lie & mirrored) != 0 ? y : x;
        const unsigned row = (lie & mirrored) != 0 ? x : y;
        digits = digits << 2U | ((3 * column) ^ row);
        if (row == 0) lie ^= mirrored | (column == 1 ? turned : 0U);
      }
      out.to_curve[start][xy] = {static_cast<std::uint8_t>(digits), static_cast<std::uint8_t>(lie)};
      out.from_curve[start][digits] = {static_cast<std::uint8_t>(xy), static_cast<std::uint8_t>(lie)};
    }
  }
  return out;
}

constexpr Tables tables = make_tables();

constexpr int steps_of(int zoom) {
  return (zoom + levels_per_step - 1) / levels_per_step;
}

// Steps begin with levels that are not there: each passes through the first quadrant, which mirrors.
constexpr unsigned first_lie(int zoom) {
  return (steps_of(zoom) * levels_per_step - zoom) % 2 == 0 ? 0 : mirrored;
}

}  // namespace

std::uint64_t tile_number(TileId tile) {
  std::uint64_t on_curve = 0;
  unsigned lie = first_lie(tile.z);
  for (int step = steps_of(tile.z) - 1; step >= 0; --step) {
    const int shift = step * levels_per_step;
    const unsigned xy = ((tile.x >> shift) & step_mask) << levels_per_step | ((tile.y >> shift) & step_mask);
    const Step& found = tables.to_curve[lie][xy];
    on_curve = on_curve << (2 * levels_per_step) | found.out;
    lie = found.next;
  }
  return first_tile_number(tile.z) + on_curve;
}

std::optional<TileId> tile_of_number(std::uint64_t number) {
  if (number >= first_tile_number(max_numbered_zoom + 1)) return std::nullopt;
  TileId out;
  out.z = static_cast<int>(std::bit_width(3 * number + 1) - 1) / 2;
  const std::uint64_t on_curve = number - first_tile_number(out.z);
  unsigned lie = first_lie(out.z);
  for (int step = steps_of(out.z) - 1; step >= 0; --step) {
    const auto digits = static_cast<unsigned>(on_curve >> (2 * levels_per_step * step)) & (step_size - 1);
    const Step& found = tables.from_curve[lie][digits];
    out.x = out.x << levels_per_step | static_cast<unsigned>(found.out >> levels_per_step);
    out.y = out.y << levels_per_step | (found.out & step_mask);
    lie = found.next;
  }
  return out;
}

}  // namespace ritchi::geom
