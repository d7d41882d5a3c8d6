#include "importers/synth/citygml.hpp"

namespace ritchi::synth {

CityGmlFile::CityGmlFile(const std::filesystem::path& path, int epsg, geom::Point lower, geom::Point upper,
                         int decimals)
    : m_file(path) {
  std::string head =
      R"(<?xml version="1.0" encoding="UTF-8"?>
<core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0" xmlns:gml="http://www.opengis.net/gml" xmlns:frn="http://www.opengis.net/citygml/cityfurniture/2.0" xmlns:luse="http://www.opengis.net/citygml/landuse/2.0" xmlns:uro="https://www.geospatial.jp/iur/uro/3.1" xmlns:urf="https://www.geospatial.jp/iur/urf/2.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
	<gml:boundedBy>
		<gml:Envelope srsName="http://www.opengis.net/def/crs/EPSG/0/)";
  head += std::to_string(epsg) + "\" srsDimension=\"3\">\n\t\t\t<gml:lowerCorner>";
  append_fixed(head, lower.x, decimals);
  head += ' ';
  append_fixed(head, lower.y, decimals);
  head += " 0</gml:lowerCorner>\n\t\t\t<gml:upperCorner>";
  append_fixed(head, upper.x, decimals);
  head += ' ';
  append_fixed(head, upper.y, decimals);
  head += " 0</gml:upperCorner>\n\t\t</gml:Envelope>\n\t</gml:boundedBy>\n";
  m_file.write(head);
}

void CityGmlFile::add(std::string_view member) {
  m_file.write("\t<core:cityObjectMember>\n");
  m_file.write(member);
  m_file.write("\t</core:cityObjectMember>\n");
}

void CityGmlFile::close() {
  m_file.write("</core:CityModel>\n");
  m_file.close();
}

}  // namespace ritchi::synth
