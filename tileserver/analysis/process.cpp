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

const char* name_of(Format format) noexcept {
  switch (format) {
    case Format::geojson:
      return "geojson";
    case Format::csv:
      return "csv";
    case Format::html:
      return "html";
    case Format::json:
      break;
  }
  return "json";
}

std::optional<Format> format_named(std::string_view name) noexcept {
  for (const Format format : {Format::json, Format::geojson, Format::csv, Format::html})
    if (name == name_of(format)) return format;
  return std::nullopt;
}

}  // namespace ritchi::analysis
