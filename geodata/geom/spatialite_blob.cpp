#include "geodata/geom/spatialite_blob.hpp"

#include <cmath>

#include "geodata/geom/byte_reader.hpp"
#include "geodata/geom/byte_writer.hpp"

namespace ritchi::geom {
namespace {

constexpr std::uint8_t mark_start = 0x00;
constexpr std::uint8_t mark_mbr = 0x7C;
constexpr std::uint8_t mark_entity = 0x69;
constexpr std::uint8_t mark_end = 0xFE;
// SpatiaLite 5 may store points in a shorter form, told apart by its byte-order mark.
constexpr std::uint8_t tiny_big = 0x80;
constexpr std::uint8_t tiny_little = 0x81;

constexpr std::uint32_t class_point = 1;
constexpr std::uint32_t class_line = 2;
constexpr std::uint32_t class_polygon = 3;
constexpr std::uint32_t multi_offset = 3;
constexpr std::uint32_t class_collection = 7;
constexpr std::uint32_t compressed_offset = 1'000'000;

std::uint32_t simple_class(Kind kind) {
  return kind == Kind::point ? class_point : kind == Kind::line ? class_line : class_polygon;
}

struct Class {
  std::uint32_t base = 0;  // 1 … 7
  unsigned dimension = 0;  // 0 XY, 1 XYZ, 2 XYM, 3 XYZM
  bool compressed = false;

  unsigned extra() const { return dimension == 0 ? 0 : dimension == 3 ? 2 : 1; }
  bool has_z() const { return dimension == 1 || dimension == 3; }
  bool has_m() const { return dimension >= 2; }
};

Class read_class(ByteReader& in) {
  std::uint32_t code = in.u32();
  Class result;
  result.compressed = code >= compressed_offset;
  if (result.compressed) code -= compressed_offset;
  result.dimension = code / 1000;
  result.base = code % 1000;
  const bool may_be_compressed = result.base == class_line || result.base == class_polygon;
  if (result.dimension > 3 || result.base < class_point || result.base > class_collection ||
      (result.compressed && !may_be_compressed)) {
    in.fail("unknown geometry class");
  }
  if (result.base == class_collection) {
    throw base::Error(base::ErrorKind::unsupported, "geometry collections are not supported", {},
                      "split the collection into its points, lines and polygons");
  }
  return result;
}

struct Header {
  int srid = 0;
  Box box;
  unsigned tiny_dimension = 0;
  bool tiny = false;
};

Header read_header(ByteReader& in) {
  if (in.u8() != mark_start) in.fail("no start mark (is it a SpatiaLite geometry?)");
  Header header;
  const std::uint8_t order = in.u8();
  header.tiny = order == tiny_big || order == tiny_little;
  if (!header.tiny && order > 1) in.fail("unknown byte order");
  in.set_big_endian(order == 0 || order == tiny_big);
  header.srid = static_cast<int>(in.u32());
  if (header.tiny) {
    const std::uint8_t type = in.u8();
    if (type < 1 || type > 4) in.fail("unknown geometry class");
    header.tiny_dimension = type - 1u;
    return header;
  }
  header.box.min_x = in.f64();
  header.box.min_y = in.f64();
  header.box.max_x = in.f64();
  header.box.max_y = in.f64();
  if (in.u8() != mark_mbr) in.fail("no mark after the bounds");
  return header;
}

// Inner vertices are float steps from the one before; first and last are whole, M is never compressed.
void read_compressed(ByteReader& in, std::uint32_t n, const Class& type, std::vector<Point>& out) {
  const std::size_t inner_size = 8u + (type.has_z() ? 4u : 0u) + (type.has_m() ? 8u : 0u);
  const std::size_t whole_size = (2u + type.extra()) * 8u;
  const std::uint64_t ends = n < 2 ? n : 2;
  if (in.remaining() < ends * whole_size || (in.remaining() - ends * whole_size) / inner_size < n - ends) {
    in.fail("truncated in the coordinates");
  }
  out.reserve(out.size() + n);
  Point last;
  for (std::uint32_t i = 0; i < n; ++i) {
    if (i == 0 || i + 1 == n) {
      last.x = in.f64();
      last.y = in.f64();
      in.skip(type.extra() * 8u);
    } else {
      last.x += static_cast<double>(in.f32());
      last.y += static_cast<double>(in.f32());
      in.skip(inner_size - 8u);
    }
    out.push_back(last);
  }
}

void read_path(ByteReader& in, const Class& type, Geometry& out) {
  const std::uint32_t n = in.count(type.compressed ? 8 : (2 + type.extra()) * 8u);
  if (n == 0) in.fail("a line or ring without points");
  if (type.compressed) {
    read_compressed(in, n, type, out.points);
  } else {
    in.points(n, type.extra(), out.points);
  }
  out.end_ring();
}

void read_entity(ByteReader& in, const Class& type, Geometry& out) {
  if (type.base == class_point) {
    in.points(1, type.extra(), out.points);
  } else if (type.base == class_line) {
    read_path(in, type, out);
  } else {
    const std::uint32_t rings = in.count(4);
    if (rings == 0) in.fail("a polygon without rings");
    for (std::uint32_t i = 0; i < rings; ++i) read_path(in, type, out);
    out.end_part();
  }
}

void read_body(ByteReader& in, Geometry& out) {
  Class type = read_class(in);
  out.multi = type.base > multi_offset;
  if (out.multi) type.base -= multi_offset;
  out.kind = type.base == class_point ? Kind::point : type.base == class_line ? Kind::line : Kind::polygon;
  if (!out.multi) {
    read_entity(in, type, out);
    return;
  }
  const std::uint32_t entities = in.count(9);
  if (entities == 0) in.fail("a multi geometry without parts");
  for (std::uint32_t i = 0; i < entities; ++i) {
    if (in.u8() != mark_entity) in.fail("no mark before a part");
    const Class part = read_class(in);
    if (part.base != type.base || part.dimension != type.dimension) in.fail("a part of another class");
    read_entity(in, part, out);
  }
}

// x * 0 is 0 for every finite x and NaN otherwise, so one sum tells for all.
bool all_finite(const std::vector<Point>& points) {
  double sum = 0;
  for (const Point& p : points) sum += p.x * 0 + p.y * 0;
  return sum == 0;
}

void write_entity(ByteWriter& out, const Geometry& g, std::size_t part) {
  if (g.kind == Kind::point) {
    out.points(&g.points[part], 1);
    return;
  }
  const auto path = [&](std::size_t ring) {
    const std::size_t begin = g.ring_begin(ring);
    const std::size_t n = g.ring_ends[ring] - begin;
    out.u32(n);
    out.points(g.points.data() + begin, n);
  };
  if (g.kind == Kind::line) {
    path(part);
    return;
  }
  out.u32(g.part_ends[part] - g.part_begin(part));
  for (std::size_t ring = g.part_begin(part); ring < g.part_ends[part]; ++ring) path(ring);
}

}  // namespace

void encode_spatialite(const Geometry& geometry, int srid, std::string& out) {
  out.clear();
  const std::size_t parts = geometry.kind == Kind::point  ? geometry.points.size()
                            : geometry.kind == Kind::line ? geometry.ring_ends.size()
                                                          : geometry.part_ends.size();
  if (geometry.empty() || parts == 0) {
    throw base::Error(base::ErrorKind::bad_input, "an empty geometry has no stored form", {}, "store NULL");
  }
  if (!all_finite(geometry.points)) {
    throw base::Error(base::ErrorKind::bad_input, "a coordinate is not a finite number");
  }
  const bool multi = geometry.multi || parts > 1;
  out.reserve(64 + geometry.points.size() * sizeof(Point) + geometry.ring_ends.size() * 4 + parts * 9);
  ByteWriter writer(out);
  writer.u8(mark_start);
  writer.u8(1);
  writer.i32(srid);
  const Box box = geometry.bounds();
  for (const double edge : {box.min_x, box.min_y, box.max_x, box.max_y}) writer.f64(edge);
  writer.u8(mark_mbr);
  const std::uint32_t type = simple_class(geometry.kind);
  if (!multi) {
    writer.u32(type);
    write_entity(writer, geometry, 0);
  } else {
    writer.u32(type + multi_offset);
    writer.u32(parts);
    for (std::size_t part = 0; part < parts; ++part) {
      writer.u8(mark_entity);
      writer.u32(type);
      write_entity(writer, geometry, part);
    }
  }
  writer.u8(mark_end);
}

void decode_spatialite(std::span<const std::byte> blob, Geometry& out) {
  out.clear();
  ByteReader in(blob, "SpatiaLite geometry");
  const Header header = read_header(in);
  if (header.tiny) {
    out.kind = Kind::point;
    out.multi = false;
    in.points(1, Class{class_point, header.tiny_dimension, false}.extra(), out.points);
  } else {
    read_body(in, out);
  }
  if (in.u8() != mark_end) in.fail("no end mark");
  if (in.remaining() != 0) in.fail("bytes after the end mark");
  if (!all_finite(out.points)) in.fail("a coordinate is not a finite number");
}

Box decode_spatialite_bounds(std::span<const std::byte> blob) {
  ByteReader in(blob, "SpatiaLite geometry");
  Header header = read_header(in);
  if (header.tiny) {
    const double x = in.f64();
    header.box.add(Point{x, in.f64()});
  }
  const Box& b = header.box;
  // Written so that NaN fails it too.
  if (!(b.min_x <= b.max_x && b.min_y <= b.max_y && std::isfinite(b.max_x - b.min_x) &&
        std::isfinite(b.max_y - b.min_y))) {
    in.fail("the bounds are not a box");
  }
  return header.box;
}

int decode_spatialite_type(std::span<const std::byte> blob) {
  ByteReader in(blob, "SpatiaLite geometry");
  return read_header(in).tiny ? static_cast<int>(class_point) : static_cast<int>(read_class(in).base);
}

int decode_spatialite_srid(std::span<const std::byte> blob) {
  ByteReader in(blob, "SpatiaLite geometry");
  return read_header(in).srid;
}

}  // namespace ritchi::geom
