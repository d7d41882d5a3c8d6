#include "tileserver/analysis/process.hpp"

#include <chrono>

#include "geodata/filter/instant.hpp"

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

std::string today_in_japan() {
  const auto there = std::chrono::system_clock::now() + std::chrono::hours(9);  // no summer time
  return filter::day_text(std::chrono::floor<std::chrono::days>(there).time_since_epoch().count());
}

}  // namespace ritchi::analysis
