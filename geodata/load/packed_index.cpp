#include "geodata/load/packed_index.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace ritchi::load {
namespace {

constexpr std::size_t sort_memory = 8U << 20;
constexpr std::uint32_t most_cells = 51;  // RTREE_MAXCELLS
constexpr std::size_t cell_size = 8 + 4 * sizeof(float);
constexpr std::size_t node_size = 4 + most_cells * cell_size;

// The largest float not above, and the smallest not below: an index may find too much, never too little.
float down(double value) {
  const auto near = static_cast<float>(value);
  return static_cast<double>(near) > value ? std::nextafter(near, -std::numeric_limits<float>::infinity())
                                           : near;
}
float up(double value) {
  const auto near = static_cast<float>(value);
  return static_cast<double>(near) < value ? std::nextafter(near, std::numeric_limits<float>::infinity())
                                           : near;
}

struct Cell {
  std::int64_t id = 0;  // a row, or in upper levels a node
  std::array<float, 4> box{std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(),
                           std::numeric_limits<float>::infinity(),
                           -std::numeric_limits<float>::infinity()};  // min x, max x, min y, max y
  void add(const Cell& other) {
    box[0] = std::min(box[0], other.box[0]);
    box[1] = std::max(box[1], other.box[1]);
    box[2] = std::min(box[2], other.box[2]);
    box[3] = std::max(box[3], other.box[3]);
  }
};

// Distance along the Hilbert curve of order 32 over the whole earth (Warren, Hacker's Delight, 2nd ed.,
// section 16-2).
std::uint64_t hilbert(const geom::Box& box) {
  const auto grid = [](double value, double least, double span) {
    const double share = std::clamp((value - least) / span, 0.0, 1.0);
    return static_cast<std::uint32_t>(share * 4294967295.0);
  };
  std::uint32_t x = grid((box.min_x + box.max_x) / 2, -180, 360);
  std::uint32_t y = grid((box.min_y + box.max_y) / 2, -90, 180);
  std::uint64_t distance = 0;
  for (std::uint32_t bit = 1U << 31; bit != 0; bit >>= 1) {
    const std::uint32_t right = (x & bit) != 0 ? 1 : 0;
    const std::uint32_t upper = (y & bit) != 0 ? 1 : 0;
    distance = (distance << 2) | ((3 * right) ^ upper);
    if (upper == 0) {
      if (right == 1) {
        x = ~x;
        y = ~y;
      }
      std::swap(x, y);
    }
  }
  return distance;
}

void put_big_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

class NodeWriter {
 public:
  NodeWriter(const store::Connection& connection, const std::string& index,
             const std::filesystem::path& folder)
      : m_rows(folder, sort_memory),
        m_node(connection.prepare("INSERT OR REPLACE INTO " + store::sql_name(index + "_node") +
                                  " VALUES (?1, ?2)")),
        m_parent(
            connection.prepare("INSERT INTO " + store::sql_name(index + "_parent") + " VALUES (?1, ?2)")),
        m_row(connection.prepare("INSERT INTO " + store::sql_name(index + "_rowid") + " VALUES (?1, ?2)")) {}

  // Returns the cell by which the level above refers to this node.
  Cell write(std::int64_t number, const std::vector<Cell>& cells, int depth, bool leaf) {
    m_bytes.clear();
    put_big_endian(m_bytes, static_cast<std::uint64_t>(depth), 2);  // read in the root only
    put_big_endian(m_bytes, cells.size(), 2);
    Cell whole;
    whole.id = number;
    for (const Cell& cell : cells) {
      put_big_endian(m_bytes, static_cast<std::uint64_t>(cell.id), 8);
      for (const float edge : cell.box) put_big_endian(m_bytes, std::bit_cast<std::uint32_t>(edge), 4);
      whole.add(cell);
      if (leaf)
        m_rows.add(static_cast<std::uint64_t>(cell.id),
                   {reinterpret_cast<const char*>(&number), sizeof number});
      else
        insert(m_parent, cell.id, number);
    }
    m_bytes.resize(node_size, '\0');
    m_node.bind(1, number);
    m_node.bind_blob(2, m_bytes);
    m_node.run();
    return whole;
  }

  // In which leaf each row is, by row: in the order of the leaves every page would be written many times.
  void write_rows() {
    m_rows.rewind();
    std::uint64_t row = 0;
    std::string_view bytes;
    while (m_rows.next(row, bytes)) {
      std::int64_t leaf = 0;
      std::memcpy(&leaf, bytes.data(), sizeof leaf);
      insert(m_row, static_cast<std::int64_t>(row), leaf);
    }
  }

 private:
  static void insert(store::Statement& into, std::int64_t key, std::int64_t node) {
    into.bind(1, key);
    into.bind(2, node);
    into.run();
  }

  ExternalSort m_rows;
  store::Statement m_node, m_parent, m_row;
  std::string m_bytes;
};

// How many of `items` belong into the next of `nodes`: even shares, so that no node is nearly empty.
std::size_t share(std::size_t items, std::size_t nodes) {
  return (items + nodes - 1) / nodes;
}
std::size_t nodes_for(std::size_t items) {
  return (items + most_cells - 1) / most_cells;
}

}  // namespace

PackedIndex::PackedIndex(const std::filesystem::path& folder)
    : m_folder(folder), m_boxes(folder, sort_memory) {}

void PackedIndex::add(std::int64_t rowid, const geom::Box& box) {
  Cell cell;
  cell.id = rowid;
  cell.box = {down(box.min_x), up(box.max_x), down(box.min_y), up(box.max_y)};
  m_boxes.add(hilbert(box), {reinterpret_cast<const char*>(&cell), sizeof cell});
  ++m_size;
}

void PackedIndex::write(const store::Connection& connection, const std::string& index) {
  if (m_size == 0) return;
  NodeWriter writer(connection, index, m_folder);
  std::int64_t number = 1;  // the root's; others count on from it
  std::vector<Cell> cells;
  std::vector<Cell> above;
  std::uint64_t key = 0;
  std::string_view bytes;
  m_boxes.rewind();
  auto items = static_cast<std::size_t>(m_size);
  int depth = 0;
  for (std::size_t nodes = nodes_for(items); nodes > 0; --nodes) {
    cells.clear();
    for (std::size_t wanted = share(items, nodes); wanted > 0 && m_boxes.next(key, bytes); --wanted)
      std::memcpy(&cells.emplace_back(), bytes.data(), sizeof(Cell));
    items -= cells.size();
    const bool is_root = m_size <= most_cells;
    above.push_back(writer.write(is_root ? 1 : ++number, cells, depth, true));
  }
  writer.write_rows();
  while (above.size() > 1) {
    ++depth;
    std::vector<Cell> below = std::move(above);
    above.clear();
    std::size_t at = 0;
    const bool is_root = below.size() <= most_cells;
    for (std::size_t nodes = nodes_for(below.size()); nodes > 0; --nodes) {
      const std::size_t wanted = share(below.size() - at, nodes);
      cells.assign(below.begin() + static_cast<std::ptrdiff_t>(at),
                   below.begin() + static_cast<std::ptrdiff_t>(at + wanted));
      at += wanted;
      above.push_back(writer.write(is_root ? 1 : ++number, cells, depth, false));
    }
  }
}

}  // namespace ritchi::load
