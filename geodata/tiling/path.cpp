#include "geodata/tiling/path.hpp"

#include "geodata/base/error.hpp"
#include "geodata/geom/grid_rings.hpp"
#include "geodata/tiling/wire.hpp"

namespace ritchi::tiling {
namespace {

constexpr std::uint32_t move_to = 1;
constexpr std::uint32_t line_to = 2;
constexpr std::uint32_t close_path = 7;
constexpr unsigned command_bits = 3;

// Writes commands with coordinates relative to the last point.
class Pen {
 public:
  explicit Pen(std::string& out) : m_out(out) {}
  void start(std::uint32_t command, std::size_t count) {
    put_varint(m_out, command | (static_cast<std::uint32_t>(count) << command_bits));
  }
  void point(geom::TilePoint at) {
    put_varint(m_out, zigzag(at.x - m_at.x));
    put_varint(m_out, zigzag(at.y - m_at.y));
    m_at = at;
  }

 private:
  std::string& m_out;
  geom::TilePoint m_at;
};

[[noreturn]] void fail() {
  throw base::Error(base::ErrorKind::damaged, "a shape in a tile has commands out of order");
}

class PathReader {
 public:
  PathReader(geom::Kind kind, std::string_view path, geom::TileGeometry& out)
      : m_reader(path), m_kind(kind), m_out(out) {}

  void run() {
    while (!m_reader.at_end()) {
      const std::uint64_t word = m_reader.varint();
      const auto command = static_cast<std::uint32_t>(word) & ((1U << command_bits) - 1);
      const std::uint64_t count = word >> command_bits;
      if (command == close_path) {
        close_ring();
      } else if (command == move_to || command == line_to) {
        if (command == move_to && m_kind != geom::Kind::point) end_line();
        for (std::uint64_t i = 0; i < count; ++i) point();
      } else {
        fail();
      }
    }
    end_line();
    if (m_kind == geom::Kind::polygon && !m_out.ring_ends.empty())
      m_out.part_ends.push_back(static_cast<std::uint32_t>(m_out.ring_ends.size()));
  }

 private:
  void point() {
    m_at.x = moved(m_at.x);
    m_at.y = moved(m_at.y);
    m_out.points.push_back(m_at);
  }
  // Whatever the bytes are, no sum of two coordinates runs over where these are worked on.
  std::int32_t moved(std::int32_t from) {
    constexpr std::int64_t most = 1 << 24;
    const std::int64_t to = std::int64_t{from} + unzigzag(static_cast<std::uint32_t>(m_reader.varint()));
    if (to < -most || to > most) fail();
    return static_cast<std::int32_t>(to);
  }
  std::size_t begin() const { return m_out.ring_ends.empty() ? 0 : m_out.ring_ends.back(); }
  void end_line() {
    if (m_kind == geom::Kind::line && m_out.points.size() > begin())
      m_out.ring_ends.push_back(static_cast<std::uint32_t>(m_out.points.size()));
  }
  void close_ring() {
    if (m_kind != geom::Kind::polygon || m_out.points.size() < begin() + 3) fail();
    const bool shell = geom::doubled_area(&m_out.points[begin()], m_out.points.size() - begin()) > 0;
    if (shell && !m_out.ring_ends.empty())
      m_out.part_ends.push_back(static_cast<std::uint32_t>(m_out.ring_ends.size()));
    m_out.ring_ends.push_back(static_cast<std::uint32_t>(m_out.points.size()));
  }

  WireReader m_reader;
  geom::Kind m_kind;
  geom::TileGeometry& m_out;
  geom::TilePoint m_at;
};

}  // namespace

void encode_path(const geom::TileGeometry& shape, std::string& out) {
  Pen pen(out);
  if (shape.kind == geom::Kind::point) {
    pen.start(move_to, shape.points.size());
    for (const geom::TilePoint& at : shape.points) pen.point(at);
    return;
  }
  std::size_t begin = 0;
  for (const std::uint32_t end : shape.ring_ends) {
    pen.start(move_to, 1);
    pen.point(shape.points[begin]);
    pen.start(line_to, end - begin - 1);
    for (std::size_t i = begin + 1; i < end; ++i) pen.point(shape.points[i]);
    if (shape.kind == geom::Kind::polygon) pen.start(close_path, 1);
    begin = end;
  }
}

void decode_path(geom::Kind kind, std::string_view path, geom::TileGeometry& out) {
  out.clear();
  out.kind = kind;
  PathReader(kind, path, out).run();
}

}  // namespace ritchi::tiling
