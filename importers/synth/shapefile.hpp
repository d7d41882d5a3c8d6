// An ESRI shapefile of polygons written front to back: .shp, .shx, .dbf in CP932, .prj, and no .cpg (as KSJ
// has it).
//
// Own code rather than GDAL's, because a planted defect must reach the file as it is, and no byte may depend
// on the day (the DBF header has a date) or on a library's version.
#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/geom/geometry.hpp"
#include "importers/synth/text_file.hpp"

namespace ritchi::synth {

struct DbfField {
  std::string name;  // up to 10 letters
  char type = 'C';   // C text, N number
  int width = 10;    // bytes
  int decimals = 0;
};

class PolygonShapefile {
 public:
  // path without extension.
  PolygonShapefile(const std::filesystem::path& path, std::vector<DbfField> fields,
                   std::string_view projection);
  // One polygon of one closed ring in file coordinates, clockwise; values in the order of the fields, UTF-8.
  void add(const std::vector<geom::Point>& ring, const std::vector<std::string>& values);
  // The same of several rings: the shell, then its holes, which wind the other way.
  void add(std::span<const std::vector<geom::Point>> rings, const std::vector<std::string>& values);
  void close();
  std::int64_t count() const { return m_count; }

 private:
  std::vector<DbfField> m_fields;
  TextFile m_shp;
  TextFile m_shx;
  TextFile m_dbf;
  geom::Box m_box;
  std::int64_t m_count = 0;
};

extern const char* const jgd2000_projection;

}  // namespace ritchi::synth
