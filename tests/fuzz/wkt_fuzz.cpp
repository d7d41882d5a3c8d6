// rooms: importers_core GDAL::GDAL
// Any text as well-known text: a whole flat geometry, or the reason why there is none.
#include <cpl_error.h>

#include "importers/core/gdal_geometry.hpp"
#include "tests/fuzz/import_shapes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ritchi;
  CPLSetErrorHandler(CPLQuietErrorHandler);
  geom::Geometry shape;
  bool has_z = false;
  constexpr std::uint64_t most = 1000;
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto fault = importers::flatten_wkt(text, most, shape, has_z)) {
    fuzz::require(!fault->empty(), "a fault has a reason");
    return 0;
  }
  fuzz::check_shape(shape);
  return 0;
}
