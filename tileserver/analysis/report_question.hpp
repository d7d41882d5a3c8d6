// What a constraint report is asked about: a site by its id, or land that somebody draws or uploads.
#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "tileserver/analysis/process.hpp"

namespace ritchi::analysis {

// The feature that the question names.
struct ReportSite {
  std::string layer;
  std::int64_t id = 0;
  std::string title;
  bool is_public = true;
};

struct ReportQuestion {
  geom::Geometry polygon;  // valid, EPSG:6668
  std::optional<ReportSite> site;
  std::string as_of;  // YYYY-MM-DD
};

inline constexpr double largest_report_m2 = 1e9;

// {"site": id | {"layer", "id"}} or {"polygon": GeoJSON}, and "as_of". Throws Error naming the input.
ReportQuestion read_report_question(const nlohmann::json& inputs, const Context& context);

// The same of a bare polygon, without the world around it.
geom::Geometry read_report_polygon(const nlohmann::json& geojson, const std::string& where);

}  // namespace ritchi::analysis
