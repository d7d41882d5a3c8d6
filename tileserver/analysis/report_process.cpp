#include "tileserver/analysis/report_process.hpp"

#include <nlohmann/json.hpp>

#include "tileserver/analysis/report.hpp"

namespace ritchi::analysis {
namespace {

using nlohmann::json;

json text(const char* ja, const char* en) {
  return {{"ja", ja}, {"en", en}};
}

json inputs() {
  const json id{{"type", "integer"}, {"minimum", 1}};
  return {
      {"site",
       {{"title", text("用地", "Site")},
        {"description", text("用地の番号、または layer と id。polygon とどちらか一つ。",
                             "A site's id, or layer and id; either this or polygon.")},
        {"minOccurs", 0},
        {"schema",
         {{"oneOf", json::array({id,
                                 {{"type", "object"},
                                  {"required", json::array({"id"})},
                                  {"additionalProperties", false},
                                  {"properties",
                                   {{"layer", {{"type", "string"}, {"default", "factory_sites"}}},
                                    {"id", id}}}}})}}}}},
      {"polygon",
       {{"title", text("範囲", "Land")},
        {"description",
         text("GeoJSON の Polygon・MultiPolygon・Feature・FeatureCollection（経度・緯度）。10 万頂点、1,000 "
              "km² まで。",
              "GeoJSON Polygon, MultiPolygon, Feature or FeatureCollection, longitude first; at most 100,000 "
              "vertices and 1,000 km².")},
        {"minOccurs", 0},
        {"schema", {{"type", "object"}, {"required", json::array({"type"})}}}}},
      {"as_of",
       {{"title", text("基準日", "As of")},
        {"description", text("この日に有効な規定と区域で判定します。省略時は今日。",
                             "Rules and zones that hold on this day; today where it is left out.")},
        {"minOccurs", 0},
        {"schema", {{"type", "string"}, {"format", "date"}}}}}};
}

}  // namespace

Process constraint_report() {
  Process out;
  out.id = "constraint-report";
  out.title = {"立地の制約の確認", "What stands in the way"};
  out.description = {
      "用地または描いた範囲にかかる規制区域の面積と割合、必要な手続と窓口、周辺のインフラを、出典と基準日とと"
      "もに示します"
      "。",
      "Which zones lie on a site or a drawn polygon, with areas and shares, the procedures and authorities, "
      "and the "
      "infrastructure nearby, each with its source and date."};
  out.inputs = inputs();
  out.outputs = {{"report", {{"title", text("報告", "Report")}, {"schema", {{"type", "object"}}}}}};
  out.formats = report_formats;
  out.run = [](const json& question, const Context& context, Format format) {
    Report report = make_report(read_report_question(question, context), context);
    Answer answer;
    answer.media_type = media_type_of(format);
    answer.body = format == Format::html      ? html_text(report, context)
                  : format == Format::geojson ? geojson_text(report, context)
                                              : json_text(report, context, question);
    answer.shown = std::move(report.shown);
    return answer;
  };
  return out;
}

}  // namespace ritchi::analysis
