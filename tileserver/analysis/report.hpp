// Everything that a constraint report says, before it is written out in some format.
#pragma once
#include <string>
#include <vector>

#include "tileserver/analysis/report_nearby.hpp"
#include "tileserver/analysis/report_rules.hpp"

namespace ritchi::analysis {

struct Report {
  ReportQuestion question;
  double area_m2 = 0;
  std::vector<facts::PlaceShare> municipalities;
  std::vector<std::string> layer_order;
  LayersFound layers;
  std::vector<TopicFound> topics;
  std::vector<NearFound> nearest;
  std::vector<NeighbourFound> neighbours;
  std::vector<const store::DatasetInfo*> datasets;  // that had a say, by layer and partition
  std::vector<std::string> warnings;                // in the caller's language
  std::vector<store::ShownFeature> shown;
};

// The report holds parts of the context's snapshot and catalogue.
Report make_report(ReportQuestion question, const Context& context);

// What a verdict means, in words that promise nothing.
std::string spoken(const TopicFound& topic, const Report& report, const std::string& language);
// That a report is no permission.
std::string general_notice(const std::string& language);

std::string json_text(const Report& report, const Context& context, const nlohmann::json& inputs);
// The overlapping parts as features, after the land itself.
std::string geojson_text(const Report& report, const Context& context);
// A page to print on A4.
std::string html_text(const Report& report, const Context& context);

// The land and what lies on it, as an SVG element.
std::string sketch_svg(const Report& report, const std::string& language);

}  // namespace ritchi::analysis
