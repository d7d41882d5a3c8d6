#include "importers/synth/shapefile.hpp"

#include <bit>

#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"

namespace ritchi::synth {
namespace {

void append_big(std::string& to, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) to += static_cast<char>((value >> shift) & 255);
}
void append_little(std::string& to, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) to += static_cast<char>((value >> (8 * i)) & 255);
}
void append_double(std::string& to, double value) {
  append_little(to, std::bit_cast<std::uint64_t>(value), 8);
}

void append_box(std::string& to, const geom::Box& box) {
  append_double(to, box.min_x);
  append_double(to, box.min_y);
  append_double(to, box.max_x);
  append_double(to, box.max_y);
}

constexpr std::uint64_t header_bytes = 100;
constexpr int shape_polygon = 5;

std::string main_header(std::uint64_t file_bytes, const geom::Box& box) {
  std::string head;
  append_big(head, 9994);
  for (int i = 0; i < 5; ++i) append_big(head, 0);
  append_big(head, static_cast<std::uint32_t>(file_bytes / 2));
  append_little(head, 1000, 4);
  append_little(head, shape_polygon, 4);
  append_box(head, box);
  for (int i = 0; i < 4; ++i) append_double(head, 0);
  return head;
}

std::string dbf_header(const std::vector<DbfField>& fields, std::int64_t rows) {
  std::size_t row_bytes = 1;
  for (const DbfField& field : fields) row_bytes += static_cast<std::size_t>(field.width);
  std::string head;
  head += static_cast<char>(3);
  head += static_cast<char>(125);  // a fixed day: 2025-04-01
  head += static_cast<char>(4);
  head += static_cast<char>(1);
  append_little(head, static_cast<std::uint64_t>(rows), 4);
  append_little(head, 32 + 32 * fields.size() + 1, 2);
  append_little(head, row_bytes, 2);
  head.append(20, '\0');  // no language driver: the reader must know that it is CP932
  for (const DbfField& field : fields) {
    std::string name = field.name.substr(0, 10);
    name.resize(11, '\0');
    head += name;
    head += field.type;
    head.append(4, '\0');
    head += static_cast<char>(field.width);
    head += static_cast<char>(field.decimals);
    head.append(14, '\0');
  }
  head += '\r';
  return head;
}

}  // namespace

const char* const jgd2000_projection =
    R"(GEOGCS["GCS_JGD_2000",DATUM["D_JGD_2000",SPHEROID["GRS_1980",6378137.0,298.257222101]],)"
    R"(PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]])";

PolygonShapefile::PolygonShapefile(const std::filesystem::path& path, std::vector<DbfField> fields,
                                   std::string_view projection)
    : m_fields(std::move(fields)),
      m_shp(path.string() + ".shp"),
      m_shx(path.string() + ".shx"),
      m_dbf(path.string() + ".dbf") {
  m_shp.write(main_header(header_bytes, {}));
  m_shx.write(main_header(header_bytes, {}));
  m_dbf.write(dbf_header(m_fields, 0));
  TextFile prj(path.string() + ".prj");
  prj.write(projection);
  prj.close();
}

void PolygonShapefile::add(const std::vector<geom::Point>& ring, const std::vector<std::string>& values) {
  add({&ring, 1}, values);
}

void PolygonShapefile::add(std::span<const std::vector<geom::Point>> rings,
                           const std::vector<std::string>& values) {
  geom::Box box;
  std::size_t points = 0;
  for (const auto& ring : rings) {
    for (const geom::Point p : ring) box.add(p);
    points += ring.size();
  }
  m_box.add(box);

  const auto content_bytes = static_cast<std::uint32_t>(4 + 32 + 4 + 4 + 4 * rings.size() + 16 * points);
  std::string index;
  append_big(index, static_cast<std::uint32_t>(m_shp.position() / 2));
  append_big(index, content_bytes / 2);
  m_shx.write(index);

  std::string shape;
  append_big(shape, static_cast<std::uint32_t>(++m_count));
  append_big(shape, content_bytes / 2);
  append_little(shape, shape_polygon, 4);
  append_box(shape, box);
  append_little(shape, rings.size(), 4);
  append_little(shape, points, 4);
  std::size_t first = 0;
  for (const auto& ring : rings) {
    append_little(shape, first, 4);
    first += ring.size();
  }
  for (const auto& ring : rings)
    for (const geom::Point p : ring) {
      append_double(shape, p.x);
      append_double(shape, p.y);
    }
  m_shp.write(shape);

  std::string row(1, ' ');
  for (std::size_t i = 0; i < m_fields.size(); ++i) {
    const auto bytes = base::encode(values[i], "CP932");
    const auto width = static_cast<std::size_t>(m_fields[i].width);
    if (!bytes || bytes->size() > width)
      throw base::Error(base::ErrorKind::internal,
                        "'" + values[i] + "' does not fit into column " + m_fields[i].name);
    const std::string blanks(width - bytes->size(), ' ');
    row += m_fields[i].type == 'N' ? blanks + *bytes : *bytes + blanks;
  }
  m_dbf.write(row);
}

void PolygonShapefile::close() {
  const std::uint64_t shp_bytes = m_shp.position();
  const std::uint64_t shx_bytes = m_shx.position();
  m_dbf.write("\x1a");
  m_shp.seek(0);
  m_shp.write(main_header(shp_bytes, m_box));
  m_shx.seek(0);
  m_shx.write(main_header(shx_bytes, m_box));
  m_dbf.seek(0);
  m_dbf.write(dbf_header(m_fields, m_count));
  m_shp.close();
  m_shx.close();
  m_dbf.close();
}

}  // namespace ritchi::synth
