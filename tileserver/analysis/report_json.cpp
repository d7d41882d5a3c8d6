// A constraint report as JSON.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tileserver/analysis/process_links.hpp"
#include "tileserver/analysis/report.hpp"
#include "tileserver/analysis/report_process.hpp"

namespace ritchi::analysis {
namespace {

using nlohmann::json;

// Of a layer with very many: the largest ones; counts and sums are of all.
constexpr std::size_t most_overlaps = 500;

double metres(double value) {
  return std::round(value * 10) / 10;
}
double m2(double area) {
  return std::round(area * 100) / 100;
}
double share(double value) {
  return std::round(value * 1e6) / 1e6;
}

json text_or_null(const std::string& text) {
  return text.empty() ? json(nullptr) : json(text);
}

class Writer {
 public:
  Writer(const Report& report, const Context& context) : m_report(report), m_context(context) {}

  json write(const json& inputs) const {
    const Report& r = m_report;
    json out{{"process", "constraint-report"},
             {"as_of", r.question.as_of},
             {"site", nullptr},
             {"area_m2", m2(r.area_m2)},
             {"municipalities", json::array()},
             {"verdicts", json::array()},
             {"layers", json::array()},
             {"rules", json::array()},
             {"incentives", json::array()},
             {"nearest", json::array()},
             {"neighbouring_zones", json::array()},
             {"datasets", json::array()},
             {"warnings", r.warnings},
             {"notice", general_notice(m_context.language)}};
    if (const auto& site = r.question.site)
      out["site"] = {{"layer", site->layer}, {"id", site->id}, {"name", text_or_null(site->title)}};
    for (const auto& place : r.municipalities)
      out["municipalities"].push_back(
          {{"code", place.code}, {"name", text_or_null(place.name)}, {"share", share(place.share)}});
    for (const TopicFound& topic : r.topics) {
      if (topic.has_verdict) out["verdicts"].push_back(verdict(topic));
      for (const RuleFound& found : topic.rules)
        out[found.rule->kind == catalogue::RuleKind::incentive ? "incentives" : "rules"].push_back(
            rule(found));
    }
    for (const std::string& id : r.layer_order) out["layers"].push_back(layer(r.layers.at(id)));
    for (const NearFound& near : r.nearest) out["nearest"].push_back(nearest(near));
    for (const NeighbourFound& zone : r.neighbours) out["neighbouring_zones"].push_back(neighbour(zone));
    for (const auto* info : r.datasets) out["datasets"].push_back(dataset(*info));
    std::vector<std::string> warnings = r.warnings;
    json links =
        question_links(m_context, "constraint-report", inputs, report_formats, Format::json, warnings);
    out["warnings"] = warnings;
    if (!links.empty()) out["links"] = std::move(links);
    return out;
  }

 private:
  const std::string& word(const catalogue::Title& title) const { return title.in(m_context.language); }

  json verdict(const TopicFound& topic) const {
    json out{{"topic", topic.topic->id},
             {"title", title_json(topic.topic->title)},
             {"verdict", name_of(topic.verdict)},
             {"text", spoken(topic, m_report, m_context.language)},
             {"eased", topic.eased},
             {"rules", json::array()},
             {"lacking", json::array()},
             {"unknown", json::array()}};
    for (const RuleFound& found : topic.rules) {
      if (found.rule->kind == catalogue::RuleKind::incentive) continue;
      out["rules"].push_back(found.rule->id);
      if (!found.rule->missing.ja.empty()) out["unknown"].push_back(word(found.rule->missing));
    }
    for (const LayerFound* layer : topic.lacking)
      out["lacking"].push_back({{"layer", layer->id}, {"coverage", facts::name_of(layer->coverage)}});
    return out;
  }

  static json thresholds(const RuleFound& found) {
    json out = json::array();
    for (const auto& threshold : found.rule->thresholds) {
      json one{{"measure", name_of(threshold.of)}, {"value", m2(found.measures.of(threshold.of))}};
      if (threshold.at_least) one["at_least"] = *threshold.at_least;
      if (threshold.more_than) one["more_than"] = *threshold.more_than;
      if (threshold.at_most) one["at_most"] = *threshold.at_most;
      if (threshold.less_than) one["less_than"] = *threshold.less_than;
      out.push_back(std::move(one));
    }
    return out;
  }

  json rule(const RuleFound& found) const {
    const auto& rule = *found.rule;
    json out{{"id", rule.id},
             {"topic", rule.topic},
             {"kind", name_of(rule.kind)},
             {"title", title_json(rule.title)},
             {"legal_basis", word(rule.legal_basis)},
             {"authority", word(rule.authority)},
             {"procedure", word(rule.procedure)},
             {"layer", text_or_null(rule.layer)},
             {"thresholds", thresholds(found)},
             {"valid_from", text_or_null(rule.valid_from)},
             {"valid_to", text_or_null(rule.valid_to)},
             {"source",
              {{"title", word(rule.source.title)},
               {"url", text_or_null(rule.source.url)},
               {"date", rule.source.date}}}};
    if (!rule.note.ja.empty()) out["note"] = word(rule.note);
    if (!rule.layer.empty()) {
      out["area_m2"] = m2(found.measures.overlap_m2);
      out["share"] = share(found.measures.of(catalogue::Measure::overlap_share));
      if (found.at_least) out["at_least"] = true;
    }
    if (rule.kind == catalogue::RuleKind::incentive) return out;
    out["outcome"] = found.dates_unknown || rule.verdict == catalogue::RuleVerdict::notice ? "unknown"
                     : found.eased()                                                       ? "procedure"
                                     : name_of(rule.verdict);
    if (!rule.missing.ja.empty()) out["missing"] = word(rule.missing);
    if (found.dates_unknown) out["missing"] = word({"基準日の時点で有効な規定", "what held on that day"});
    if (!found.eased_by.empty()) {
      out["eased_share"] = share(found.eased_share);
      for (const auto* easing : found.eased_by) out["eased_by"].push_back(easing->id);
    }
    return out;
  }

  json layer(const LayerFound& found) const {
    json out{{"layer", found.id},
             {"title", title_json(found.title)},
             {"coverage", facts::name_of(found.coverage)},
             {"as_of", text_or_null(found.as_of)},
             {"count", found.overlaps.size()},
             {"area_m2", m2(found.united_m2)},
             {"share", share(found.share)},
             {"kinds", json::array()},
             {"overlaps", json::array()}};
    if (found.at_least()) out["at_least"] = true;
    for (const KindFound& kind : found.kinds)
      out["kinds"].push_back({{"code", text_or_null(kind.code)},
                              {"title", title_json(kind.title)},
                              {"count", kind.count},
                              {"area_m2", m2(kind.area_m2)}});
    for (const OverlapFound& overlap : found.overlaps) {
      if (out["overlaps"].size() == most_overlaps) break;
      out["overlaps"].push_back(this->overlap(overlap, *found.layer));
    }
    if (found.overlaps.size() > most_overlaps)
      out["overlaps_left_out"] = found.overlaps.size() - most_overlaps;
    return out;
  }

  json overlap(const OverlapFound& found, const catalogue::Layer& layer) const {
    return {{"id", found.feature.id},
            {"source_id", found.feature.source_id},
            {"title", text_or_null(title_of(found.feature, layer))},
            {"synthetic", found.feature.synthetic},
            {"attributes", values_json(shown_values(found.feature, layer, m_context.catalogue))},
            {"area_m2", m2(found.area_m2)},
            {"share", share(found.share)},
            {"validity", name_of(found.validity)},
            {"valid_from", text_or_null(found.valid_from)},
            {"valid_to", text_or_null(found.valid_to)}};
  }

  static json nearest(const NearFound& found) {
    json out{{"kind", found.kind},         {"title", title_json(found.title)},  {"layer", found.layer},
             {"has_data", found.has_data}, {"looked_within_m", found.within_m}, {"distance_m", nullptr}};
    if (!found.distance_m) return out;
    out["distance_m"] = metres(*found.distance_m);
    out["id"] = found.id;
    out["name"] = text_or_null(found.name);
    out["attributes"] = values_json(found.values);
    out["at"] = {found.to.x, found.to.y};
    return out;
  }

  static json neighbour(const NeighbourFound& zone) {
    return {{"layer", zone.layer}, {"municipality_code", zone.municipality_code},
            {"kind", zone.kind},   {"title", title_json(zone.kind_title)},
            {"count", zone.count}, {"distance_m", metres(zone.distance_m)}};
  }

  static json dataset(const store::DatasetInfo& info) {
    return {{"layer", info.layer},
            {"partition", info.partition},
            {"revision", info.open.revision},
            {"as_of", text_or_null(info.as_of)},
            {"source", info.source_name},
            {"source_url", text_or_null(info.source_url)},
            {"licence", info.licence},
            {"attribution", info.attribution},
            {"covers", info.covers},
            {"synthetic", info.open.synthetic_rows > 0}};
  }

  const Report& m_report;
  const Context& m_context;
};

}  // namespace

std::string json_text(const Report& report, const Context& context, const json& inputs) {
  return Writer(report, context).write(inputs).dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace ritchi::analysis
