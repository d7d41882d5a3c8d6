#include "importers/core/message.hpp"

#include <cstdlib>

#include "geodata/base/error.hpp"

namespace ritchi::importers {

std::string chosen_language(const std::string& given) {
  if (!given.empty()) {
    if (given != "ja" && given != "en")
      throw base::Error(base::ErrorKind::bad_input, "'" + given + "' is neither ja nor en", "--lang")
          .in_japanese("「" + given + "」は ja でも en でもありません");
    return given;
  }
  for (const char* name : {"RITCHI_LANG", "LC_ALL", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return std::string_view(value).starts_with("ja") ? "ja" : "en";
  }
  return "en";
}

}  // namespace ritchi::importers
