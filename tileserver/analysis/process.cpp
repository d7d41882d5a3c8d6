#include "tileserver/analysis/process.hpp"

namespace ritchi::analysis {

const char* media_type_of(Format format) noexcept {
  switch (format) {
    case Format::geojson:
      return "application/geo+json";
    case Format::csv:
      return "text/csv; charset=utf-8";
    case Format::html:
      return "text/html; charset=utf-8";
    case Format::json:
      break;
  }
  return "application/json";
}

}  // namespace ritchi::analysis
