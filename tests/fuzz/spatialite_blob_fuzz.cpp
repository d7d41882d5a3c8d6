// rooms: geodata_geom
// Any bytes to the SpatiaLite decoder: a geometry that encodes and decodes to itself, or an error.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "geodata/base/error.hpp"
#include "geodata/geom/spatialite_blob.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ritchi;
  const auto blob = std::as_bytes(std::span(data, size));
  geom::Geometry first;
  try {
    geom::decode_spatialite_bounds(blob);
  } catch (const base::Error&) {
  }
  try {
    geom::decode_spatialite(blob, first);
  } catch (const base::Error&) {
    return 0;
  }
  std::string written;
  geom::encode_spatialite(first, 6668, written);
  geom::Geometry second;
  geom::decode_spatialite(std::as_bytes(std::span(written.data(), written.size())), second);
  if (!(first == second)) std::abort();
  return 0;
}
