// rooms: geodata_filter
// Any text as a filter of CQL2 JSON: a predicate whose normal form means the same, or an error that helps.
#include "tests/fuzz/cql2_fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ritchi;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  fuzz::check_filter([&](const catalogue::Layer& layer) { return filter::parse_json(text, layer); });
  return 0;
}
