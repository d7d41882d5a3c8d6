// GeoJSON written feature by feature: as one collection (KSJ's way) or one feature per line.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/geom/geometry.hpp"
#include "importers/synth/plane.hpp"
#include "importers/synth/text_file.hpp"

namespace ritchi::synth {

using Ring = std::vector<geom::Point>;  // plane metres, not closed
using Area = std::vector<Ring>;         // the shell, then its holes

// Builds one feature's text; keys and values are appended in the order of the calls.
class FeatureText {
 public:
  void start();
  void text(std::string_view name, std::string_view value);
  void number(std::string_view name, std::int64_t value);
  void number(std::string_view name, double value, int decimals);
  void null(std::string_view name);
  void raw(std::string_view name, std::string_view json);
  void point(geom::Point degrees);
  // Rings in plane metres, the shell first; written closed, in degrees with 9 decimals.
  void polygon(const Plane& plane, const Area& rings, bool as_multi = false);
  void polygons(const Plane& plane, const std::vector<Area>& areas);
  void line(const Plane& plane, const std::vector<geom::Point>& metres);
  void ring(const Plane& plane, const geom::Point* points, std::size_t count);  // a polygon of one ring
  void part(const geom::Geometry& degrees, std::size_t which);  // one polygon of a geometry in degrees
  const std::string& finish();                                  // without line break

 private:
  void name(std::string_view name);
  void end_properties();
  void append_ring(const Plane& plane, const geom::Point* points, std::size_t count);
  std::string m_text;
  bool m_first = true;
};

class GeoJsonFile {
 public:
  enum class Form { collection, lines };
  GeoJsonFile(const std::filesystem::path& path, Form form, std::string_view name = {});
  void add(const std::string& feature);
  void close();
  std::int64_t count() const { return m_count; }

 private:
  TextFile m_file;
  Form m_form;
  std::int64_t m_count = 0;
};

}  // namespace ritchi::synth
