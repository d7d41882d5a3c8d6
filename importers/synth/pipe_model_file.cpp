#include "importers/synth/pipes.hpp"

namespace ritchi::synth {
namespace {

// Trunks run into the next cell.
geom::Point south_west(const Region& region, int cell) {
  const geom::Point centre = region.centre(cell);
  return {centre.y - 1.5 * cell_m, centre.x - cell_m / 2};
}
geom::Point north_east(const Region& region, int cell) {
  const geom::Point centre = region.centre(cell);
  return {centre.y + cell_m / 2, centre.x + 1.5 * cell_m};
}

void append_position(std::string& to, geom::Point metres) {
  append_fixed(to, metres.y, 4);
  to += ' ';
  append_fixed(to, metres.x, 4);
  to += " 0";
}

}  // namespace

PipeModelFile::PipeModelFile(const std::filesystem::path& path, const Region& region, int cell)
    : m_file(path, region.plane.compound_epsg(), south_west(region, cell), north_east(region, cell), 4) {}

void PipeModelFile::add_member(const char* element, const char* name, const char* geometry_type,
                               const std::string& geometry, Laid laid, Random& ids) {
  const std::string start = std::string("\t\t<uro:") + element + " gml:id=\"unf_" +
                            uuid(ids.next(), ids.next()) + "\">\n\t\t\t" +
                            std::string(synthetic_description) + "\n\t\t\t<gml:name>" + name;
  m_file.add(start +
             "</gml:name>\n"
             "\t\t\t<core:creationDate>2025-03-21</core:creationDate>\n"
             "\t\t\t<uro:frnDmAttribute>\n"
             "\t\t\t\t<uro:DmGeometricAttribute>\n"
             "\t\t\t\t\t<uro:dmCode codeSpace=\"../../codelists/Common_dmCode.xml\">0001</uro:dmCode>\n"
             "\t\t\t\t\t<uro:geometryType codeSpace=\"../../codelists/Common_geometryType.xml\">" +
             geometry_type +
             "</uro:geometryType>\n"
             "\t\t\t\t\t<uro:mapLevel codeSpace=\"../../codelists/Common_MapLevel.xml\">2500</uro:mapLevel>\n"
             "\t\t\t\t\t<uro:shapeType codeSpace=\"../../codelists/Common_shapeType.xml\">0</uro:shapeType>\n"
             "\t\t\t\t\t<uro:lod0Geometry>\n" +
             geometry +
             "\t\t\t\t\t</uro:lod0Geometry>\n"
             "\t\t\t\t</uro:DmGeometricAttribute>\n"
             "\t\t\t</uro:frnDmAttribute>\n"
             "\t\t\t<uro:year>" +
             (laid.known ? std::to_string(laid.year) : "0001") + "</uro:year>\n\t\t</uro:" + element + ">\n");
}

void PipeModelFile::add(const Pipe& pipe, Laid laid, Random& ids) {
  std::string line =
      "\t\t\t\t\t\t<gml:MultiCurve>\n\t\t\t\t\t\t\t<gml:curveMembers>\n\t\t\t\t\t\t\t\t<gml:Curve>\n"
      "\t\t\t\t\t\t\t\t\t<gml:segments>\n\t\t\t\t\t\t\t\t\t\t<gml:LineStringSegment>\n"
      "\t\t\t\t\t\t\t\t\t\t\t<gml:posList>";
  for (int i = 0; i < pipe.size; ++i) {
    if (i != 0) line += ' ';
    append_position(line, pipe.points[static_cast<std::size_t>(i)]);
  }
  line +=
      "</gml:posList>\n\t\t\t\t\t\t\t\t\t\t</gml:LineStringSegment>\n\t\t\t\t\t\t\t\t\t</gml:segments>\n"
      "\t\t\t\t\t\t\t\t</gml:Curve>\n\t\t\t\t\t\t\t</gml:curveMembers>\n\t\t\t\t\t\t</gml:MultiCurve>\n";
  if (m_pipes % 25 == 0) {
    std::string point = "\t\t\t\t\t\t<gml:Point>\n\t\t\t\t\t\t\t<gml:pos>";
    append_position(point, pipe.points[0]);
    add_member("Handhole", "水道その他", "E5", point + "</gml:pos>\n\t\t\t\t\t\t</gml:Point>\n", laid, ids);
    ++m_handholes;
  }
  add_member("WaterPipe", "水道管路", "E2", line, laid, ids);
  if (!laid.known) ++m_years_unknown;
  ++m_pipes;
}

}  // namespace ritchi::synth
