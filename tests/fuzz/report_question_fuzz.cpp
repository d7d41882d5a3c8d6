// rooms: tileserver_analysis
// Any text as the polygon of a constraint report: one valid polygon near Japan, or an error that says where.
#include "geodata/base/error.hpp"
#include "geodata/geom/geodesic.hpp"
#include "geodata/geom/validity.hpp"
#include "tests/fuzz/require.hpp"
#include "tileserver/analysis/process_inputs.hpp"
#include "tileserver/analysis/report_question.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ritchi;
  try {
    const auto read = analysis::parse_strictly({reinterpret_cast<const char*>(data), size}, "inputs/polygon");
    const geom::Geometry polygon = analysis::read_report_polygon(read, "inputs/polygon");
    fuzz::require(!geom::why_invalid(polygon), "a polygon that is taken is valid");
    fuzz::require(geom::area_m2(polygon) <= analysis::largest_report_m2, "and no larger than allowed");
  } catch (const base::Error& error) {
    fuzz::require(error.kind() == base::ErrorKind::bad_input || error.kind() == base::ErrorKind::too_large,
                  "bad input is the asker's");
    fuzz::require(error.where().starts_with("inputs/polygon"), "an error says where");
  }
  return 0;
}
