// CityGML 2.0 with i-UR extensions as PLATEAU publishes it: the frame of the file; members come from the
// caller.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "geodata/geom/geometry.hpp"
#include "importers/synth/text_file.hpp"

namespace ritchi::synth {

class CityGmlFile {
 public:
  // The envelope is written as given: first axis first (northing, or latitude).
  CityGmlFile(const std::filesystem::path& path, int epsg, geom::Point lower, geom::Point upper,
              int decimals);
  // A member's text from its opening to its closing element.
  void add(std::string_view member);
  void close();

 private:
  TextFile m_file;
};

// Every member says that it is invented.
constexpr std::string_view synthetic_description = "<gml:description>synthetic</gml:description>";

}  // namespace ritchi::synth
