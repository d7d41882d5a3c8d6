#include "importers/core/gdal_values.hpp"

#include <cpl_conv.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <memory>

namespace ritchi::importers {
namespace {

struct CplFree {
  void operator()(void* memory) const { CPLFree(memory); }
};

std::string date_time(const OGRFeature& feature, int field, bool with_time) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, zone = 0;
  float second = 0;
  if (feature.GetFieldAsDateTime(field, &year, &month, &day, &hour, &minute, &second, &zone) == FALSE)
    return {};
  if (!with_time) return fmt::format("{:04}-{:02}-{:02}", year, month, day);
  using namespace std::chrono;
  const sys_days date{std::chrono::year{year} / month / day};
  const auto millis = static_cast<long>(std::lround(static_cast<double>(second) * 1000));
  // 100 is UTC, each unit a quarter of an hour east of it; 0 and 1 say nothing that can be relied on.
  const int offset_minutes = zone > 1 ? (zone - 100) * 15 : 0;
  const auto instant =
      sys_time<milliseconds>(date) + hours(hour) + minutes(minute - offset_minutes) + milliseconds(millis);
  const auto day_part = floor<days>(instant);
  const year_month_day ymd{day_part};
  const hh_mm_ss time{instant - day_part};
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(ymd.year()),
                                 static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                                 time.hours().count(), time.minutes().count(), time.seconds().count());
  if (const auto rest = time.subseconds().count(); rest != 0) text += fmt::format(".{:03}", rest);
  return text + "Z";
}

}  // namespace

catalogue::LayerGeometry kind_of(OGRwkbGeometryType type) {
  switch (wkbFlatten(OGR_GT_GetLinear(type))) {
    case wkbPoint:
    case wkbMultiPoint:
      return catalogue::LayerGeometry::point;
    case wkbLineString:
    case wkbMultiLineString:
      return catalogue::LayerGeometry::line;
    case wkbPolygon:
    case wkbMultiPolygon:
      return catalogue::LayerGeometry::polygon;
    default:
      return catalogue::LayerGeometry::any;
  }
}

catalogue::AttributeType type_of(const OGRFieldDefn& field) {
  using catalogue::AttributeType;
  switch (field.GetType()) {
    case OFTInteger:
      return field.GetSubType() == OFSTBoolean ? AttributeType::boolean : AttributeType::integer;
    case OFTInteger64:
      return AttributeType::integer;
    case OFTReal:
      return AttributeType::real;
    case OFTDate:
      return AttributeType::date;
    case OFTDateTime:
      return AttributeType::datetime;
    default:
      return AttributeType::text;
  }
}

catalogue::Value value_of(const OGRFeature& feature, int field) {
  if (!feature.IsFieldSetAndNotNull(field)) return {};
  const OGRFieldDefn* defn = feature.GetFieldDefnRef(field);
  switch (defn->GetType()) {
    case OFTInteger:
      if (defn->GetSubType() == OFSTBoolean) return feature.GetFieldAsInteger(field) != 0;
      return std::int64_t{feature.GetFieldAsInteger(field)};
    case OFTInteger64:
      return std::int64_t{feature.GetFieldAsInteger64(field)};
    case OFTReal:
      return feature.GetFieldAsDouble(field);
    case OFTDate:
      return date_time(feature, field, false);
    case OFTDateTime:
      return date_time(feature, field, true);
    case OFTIntegerList:
    case OFTInteger64List:
    case OFTRealList:
    case OFTStringList: {
      const std::unique_ptr<char, CplFree> json(feature.GetFieldAsSerializedJSon(field));
      return std::string(json ? json.get() : "[]");
    }
    default:
      return std::string(feature.GetFieldAsString(field));
  }
}

std::string crs_of(const OGRSpatialReference* system) {
  if (system == nullptr || system->IsEmpty() != FALSE) return {};
  const std::unique_ptr<OGRSpatialReference> copy(system->Clone());
  copy->AutoIdentifyEPSG();
  const char* authority = copy->GetAuthorityName(nullptr);
  const char* code = copy->GetAuthorityCode(nullptr);
  if (authority != nullptr && code != nullptr && std::string_view(authority) == "EPSG")
    return std::string("EPSG:") + code;
  if (authority != nullptr && code != nullptr && std::string_view(code) == "CRS84") return "EPSG:4326";
  char* text = nullptr;
  const char* const options[] = {"FORMAT=WKT2_2019", nullptr};
  copy->exportToWkt(&text, options);
  const std::unique_ptr<char, CplFree> owner(text);
  return text == nullptr ? std::string() : std::string(text);
}

}  // namespace ritchi::importers
