// rooms: geodata_geom
// Any bytes to the WKB decoder: a geometry that survives validation and writing, or an error.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "geodata/base/error.hpp"
#include "geodata/geom/wkb.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ritchi;
  geom::Geometry first;
  try {
    geom::decode_wkb(std::as_bytes(std::span(data, size)), first);
  } catch (const base::Error&) {
    return 0;
  }
  // Compared as bytes: coordinates of WKB may be NaN.
  const std::string written = geom::encode_wkb(first);
  geom::Geometry second;
  geom::decode_wkb(std::as_bytes(std::span(written.data(), written.size())), second);
  if (geom::encode_wkb(second) != written) std::abort();
  return 0;
}
