// A constraint report as GeoJSON: the land, and of each layer the parts that lie on it.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "tileserver/analysis/process_geometry.hpp"
#include "tileserver/analysis/report.hpp"

namespace ritchi::analysis {
namespace {

using nlohmann::json;

void append_feature(std::string& out, const geom::Geometry& shape, const json& properties) {
  out += R"({"type":"Feature","geometry":)";
  append_geojson(out, shape);
  out += R"(,"properties":)" + properties.dump(-1, ' ', false, json::error_handler_t::replace) + "}";
}

}  // namespace

std::string geojson_text(const Report& report, const Context& context) {
  std::string out = R"({"type":"FeatureCollection","features":[)";
  json land{{"role", "land"}, {"area_m2", report.area_m2}, {"as_of", report.question.as_of}};
  for (const TopicFound& topic : report.topics)
    if (topic.has_verdict) land["verdicts"][topic.topic->id] = name_of(topic.verdict);
  append_feature(out, report.question.polygon, land);
  for (const std::string& id : report.layer_order) {
    const LayerFound& layer = report.layers.at(id);
    for (const OverlapFound& found : layer.overlaps) {
      json properties = values_json(shown_values(found.feature, *layer.layer, context.catalogue));
      properties["role"] = "overlap";
      properties["layer"] = id;
      properties["feature_id"] = found.feature.id;
      properties["name"] = title_of(found.feature, *layer.layer);
      properties["synthetic"] = found.feature.synthetic;
      properties["area_m2"] = found.area_m2;
      properties["share"] = found.share;
      properties["validity"] = name_of(found.validity);
      out += ',';
      append_feature(out, found.part, properties);
    }
  }
  json rest{{"as_of", report.question.as_of},
            {"warnings", report.warnings},
            {"notice", general_notice(context.language)},
            {"datasets", json::array()}};
  for (const auto* info : report.datasets)
    rest["datasets"].push_back({{"layer", info->layer},
                                {"partition", info->partition},
                                {"as_of", info->as_of},
                                {"source", info->source_name},
                                {"licence", info->licence},
                                {"attribution", info->attribution}});
  // Members of its own beside those of GeoJSON.
  const std::string members = rest.dump(-1, ' ', false, json::error_handler_t::replace);
  return out + "]," + members.substr(1);
}

}  // namespace ritchi::analysis
