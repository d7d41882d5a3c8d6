// rooms: importers_core GDAL::GDAL
// Any bytes as text of any encoding, as JSON with commas too many, and as a dBASE table.
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"
#include "importers/core/dbf_numbers.hpp"
#include "importers/core/text_decoder.hpp"
#include "importers/core/trailing_commas.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace ritchi;
using fuzz::require;

void decode(std::string_view bytes) {
  for (const char* encoding : {"CP932", "UTF-8", "EUC-JP", "ISO-2022-JP", "UTF-16LE"}) {
    importers::TextDecoder decoder(encoding);
    const auto text = decoder.decode(bytes);
    if (!text) continue;
    require(base::is_utf8(*text), "decoded text is UTF-8");
    if (std::string_view(encoding) == "UTF-8") require(*text == bytes, "UTF-8 is kept as it is");
    if (std::string_view(encoding) == "CP932") {
      const auto back = base::encode(*text, "CP932");
      require(back && base::decode(*back, "CP932") == text, "CP932 survives the way there and back");
    }
  }
  const std::string name = importers::encoding_name(bytes);
  require(importers::encoding_name(name) == name, "the name of an encoding is stable");
  try {
    importers::TextDecoder named(std::string(bytes.substr(0, bytes.find('\0'))));
  } catch (const base::Error& error) {
    require(error.kind() == base::ErrorKind::bad_input, "an unknown encoding is bad input");
  }
  for (const char c : importers::printable(bytes)) require(c >= 0x20 && c < 0x7F, "printable is ASCII");
}

void commas(const std::string& text) {
  const std::string once = importers::without_trailing_commas(text);
  require(once.size() == text.size(), "commas become blanks");
  require(importers::without_trailing_commas(once) == once, "nothing is left to take away");
  // The JSON parser takes a NUL for the end of its input.
  if (text.find('\0') == std::string::npos && nlohmann::json::accept(text))
    require(once == text, "valid JSON stays as it is");
}

void table(std::string_view bytes) {
  const fuzz::NamedBytes file(bytes);
  auto dbf = importers::DbfNumbers::open(file.name());
  if (!dbf) return;
  for (const std::int64_t row : {std::int64_t{0}, std::int64_t{1}, std::int64_t{1000}, std::int64_t{1} << 40})
    for (std::size_t field = 0; field <= dbf->fields(); ++field)
      require(dbf->text(row, field).size() <= 255, "a number of dBASE is short");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  switch (input.choice(3)) {
    case 0:
      decode(input.rest());
      break;
    case 1:
      commas(std::string(input.rest()));
      break;
    default:
      table(input.rest());
  }
  return 0;
}
