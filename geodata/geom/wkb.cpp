#include "geodata/geom/wkb.hpp"

#include <cmath>

#include "geodata/geom/byte_reader.hpp"
#include "geodata/geom/byte_writer.hpp"

namespace ritchi::geom {
namespace {

constexpr std::uint32_t ewkb_z = 0x80000000;
constexpr std::uint32_t ewkb_m = 0x40000000;
constexpr std::uint32_t ewkb_srid = 0x20000000;
constexpr std::uint32_t multi_offset = 3;
constexpr std::uint32_t last_simple = 6;
constexpr std::uint32_t last_known = 17;  // collections, curves, surfaces, TINs and triangles
// Byte order and type of a member, and a count or one coordinate pair at least.
constexpr std::size_t smallest_member = 9;

struct Type {
  std::uint32_t base = 0;  // 1 … 6
  unsigned extra = 0;      // doubles per point after x and y
};

Type read_type(ByteReader& in) {
  const std::uint8_t order = in.u8();
  if (order > 1) in.fail("unknown byte order");
  in.set_big_endian(order == 0);
  const std::uint32_t code = in.u32();
  if ((code & ewkb_srid) != 0) in.skip(4);
  bool z = (code & ewkb_z) != 0;
  bool m = (code & ewkb_m) != 0;
  const std::uint32_t plain = code & ~(ewkb_z | ewkb_m | ewkb_srid);
  const std::uint32_t dimension = plain / 1000;
  if (dimension > 3) in.fail("unknown geometry type");
  z = z || dimension == 1 || dimension == 3;
  m = m || dimension >= 2;
  Type type{plain % 1000, (z ? 1u : 0u) + (m ? 1u : 0u)};
  if (type.base == 0 || type.base > last_known) in.fail("unknown geometry type");
  if (type.base > last_simple) {
    throw base::Error(base::ErrorKind::unsupported,
                      "geometry type " + std::to_string(type.base) + " is not supported", {},
                      "convert to points, lines or polygons (collections split, curves to segments)");
  }
  return type;
}

void read_path(ByteReader& in, unsigned extra, Geometry& out) {
  const std::uint32_t n = in.count((2 + extra) * sizeof(double));
  in.points(n, extra, out.points);
  out.end_ring();
}

void read_simple(ByteReader& in, const Type& type, Geometry& out) {
  if (type.base == 1) {
    in.points(1, type.extra, out.points);
    const Point p = out.points.back();
    if (std::isnan(p.x) && std::isnan(p.y)) out.points.pop_back();  // POINT EMPTY
    return;
  }
  if (type.base == 2) {
    read_path(in, type.extra, out);
    if (out.points.size() == out.ring_begin(out.ring_ends.size() - 1)) out.ring_ends.pop_back();
    return;
  }
  const std::uint32_t rings = in.count(4);
  for (std::uint32_t i = 0; i < rings; ++i) {
    const std::size_t before = out.points.size();
    read_path(in, type.extra, out);
    if (out.points.size() == before) in.fail("a ring without points");
  }
  if (rings != 0) out.end_part();
}

}  // namespace

void decode_wkb(std::span<const std::byte> wkb, Geometry& out) {
  out.clear();
  ByteReader in(wkb, "WKB geometry");
  Type type = read_type(in);
  out.multi = type.base > multi_offset;
  if (out.multi) type.base -= multi_offset;
  out.kind = static_cast<Kind>(type.base - 1);
  if (!out.multi) {
    read_simple(in, type, out);
  } else {
    const std::uint32_t members = in.count(smallest_member);
    for (std::uint32_t i = 0; i < members; ++i) {
      const Type member = read_type(in);
      if (member.base != type.base) in.fail("a member of another type");
      read_simple(in, member, out);
    }
  }
  if (in.remaining() != 0) in.fail("bytes after the geometry");
}

std::string encode_wkb(const Geometry& geometry) {
  const std::size_t parts = geometry.kind == Kind::point  ? geometry.points.size()
                            : geometry.kind == Kind::line ? geometry.ring_ends.size()
                                                          : geometry.part_ends.size();
  const std::uint32_t base = static_cast<std::uint32_t>(geometry.kind) + 1;
  std::string out;
  out.reserve(9 + geometry.points.size() * sizeof(Point) + geometry.ring_ends.size() * 4 + parts * 9);
  ByteWriter writer(out);
  const auto head = [&](std::uint32_t type) {
    writer.u8(1);
    writer.u32(type);
  };
  const auto path = [&](std::size_t ring) {
    const std::size_t begin = geometry.ring_begin(ring);
    writer.u32(geometry.ring_ends[ring] - begin);
    writer.points(geometry.points.data() + begin, geometry.ring_ends[ring] - begin);
  };
  const auto body = [&](std::size_t part) {
    if (geometry.kind == Kind::point) {
      writer.points(&geometry.points[part], 1);
    } else if (geometry.kind == Kind::line) {
      path(part);
    } else {
      writer.u32(geometry.part_ends[part] - geometry.part_begin(part));
      for (std::size_t ring = geometry.part_begin(part); ring < geometry.part_ends[part]; ++ring) path(ring);
    }
  };
  // WKB has no plain empty point.
  const bool multi = geometry.multi || parts > 1 || (parts == 0 && geometry.kind == Kind::point);
  if (multi) {
    head(base + multi_offset);
    writer.u32(parts);
    for (std::size_t part = 0; part < parts; ++part) {
      head(base);
      body(part);
    }
  } else {
    head(base);
    if (parts == 0) {
      writer.u32(0);
    } else {
      body(0);
    }
  }
  return out;
}

}  // namespace ritchi::geom
