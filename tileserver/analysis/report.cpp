#include "tileserver/analysis/report.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ritchi::analysis {
namespace {

void add_datasets(const store::Snapshot& snapshot, const std::string& layer, const geom::Box* near,
                  Report& report) {
  const auto* view = snapshot.find(layer);
  if (view == nullptr) return;
  for (const auto& dataset : view->datasets) {
    const auto& info = dataset->info();
    if (near != nullptr && !info.open.extent.intersects(*near) && info.covers.empty()) continue;
    if (std::find(report.datasets.begin(), report.datasets.end(), &info) == report.datasets.end())
      report.datasets.push_back(&info);
  }
}

void collect_datasets(const Context& context, Report& report) {
  const geom::Box box = report.question.polygon.bounds();
  if (report.question.site) add_datasets(*context.snapshot, report.question.site->layer, &box, report);
  add_datasets(*context.snapshot, "municipalities", &box, report);
  for (const std::string& layer : report.layer_order) add_datasets(*context.snapshot, layer, &box, report);
  for (const NearFound& near : report.nearest) {
    if (!near.distance_m) continue;
    geom::Box around = box;
    around.add(near.to);
    add_datasets(*context.snapshot, near.layer, &around, report);
  }
}

void collect_shown(const Context& context, Report& report) {
  const geom::Box box = report.question.polygon.bounds();
  for (const auto& [id, layer] : report.layers) {
    std::set<std::int64_t> ids;
    for (const OverlapFound& found : layer.overlaps) ids.insert(found.feature.id);
    if (const auto* view = context.snapshot->find(id)) add_shown(*view, ids, box, context, report.shown);
  }
  if (report.question.site && !report.question.site->is_public)
    if (const auto* view = context.snapshot->find(report.question.site->layer))
      add_shown(*view, {report.question.site->id}, box, context, report.shown);
  std::sort(report.shown.begin(), report.shown.end());
  report.shown.erase(std::unique(report.shown.begin(), report.shown.end()), report.shown.end());
}

void warn(const Context& context, Report& report) {
  const bool ja = context.language != "en";
  const auto say = [&](std::string japanese, std::string english) {
    report.warnings.push_back(ja ? std::move(japanese) : std::move(english));
  };
  if (report.municipalities.empty())
    say("市区町村の境界データがない場所です。データの対象範囲を確認できません。",
        "No boundaries of municipalities are published here: where data are complete cannot be told.");
  double inside = 0;
  for (const auto& place : report.municipalities) inside += place.share;
  if (!report.municipalities.empty() && inside < 0.999)
    say("市区町村の境界の外（海など）にかかっています。",
        "Part of the land lies beyond all municipalities, such as in the sea.");
  if (std::any_of(report.datasets.begin(), report.datasets.end(),
                  [](const auto* info) { return info->open.synthetic_rows > 0; }))
    say("合成データ（架空の内容）を含みます。実在の土地の判断には使えません。",
        "Synthetic data are among these: nothing here is true of the real place.");
  for (const auto& [id, layer] : report.layers)
    if (!layer.as_of.empty() && layer.as_of > report.question.as_of)
      say(fmt::format("「{}」のデータは基準日より後（{}）のものです。", layer.title.ja, layer.as_of),
          fmt::format("Data of '{}' are of a later day ({}) than the one asked about.", layer.title.en,
                      layer.as_of));
}

// Of what was found, whatever else is not known.
bool needs_a_procedure(const TopicFound& topic) {
  return std::any_of(topic.rules.begin(), topic.rules.end(), [](const RuleFound& found) {
    return found.rule->kind == catalogue::RuleKind::rule && !found.dates_unknown &&
           found.rule->verdict == catalogue::RuleVerdict::procedure;
  });
}

}  // namespace

Report make_report(ReportQuestion question, const Context& context) {
  Report out;
  out.question = std::move(question);
  facts::Overlap overlap(out.question.polygon);
  out.area_m2 = overlap.polygon_area_m2();
  const facts::Coverage coverage(context.snapshot);
  out.municipalities = coverage.municipalities(out.question.polygon);
  out.layer_order = layers_of_rules(context.catalogue);
  for (const std::string& layer : out.layer_order)
    out.layers.emplace(layer,
                       find_overlaps(layer, out.question, context, coverage, out.municipalities, overlap));
  out.topics = judge(out.question, context, out.layers, overlap);
  out.nearest = find_nearest(out.question, context, out.shown);
  out.neighbours = find_neighbours(out.question, context, out.municipalities);
  collect_datasets(context, out);
  collect_shown(context, out);
  warn(context, out);
  return out;
}

std::string general_notice(const std::string& language) {
  return language == "en"
             ? "This report lists what published data show. It is no permission and no assurance that one "
               "will be given: ask the authorities named here."
             : "この報告は公表データに基づく確認結果であり、許認可やその見込みを示すものではありません。必ず"
               "記載の"
               "窓口に確認してください。";
}

std::string spoken(const TopicFound& topic, const Report& report, const std::string& language) {
  const bool ja = language != "en";
  const std::string& day = report.question.as_of;
  switch (topic.verdict) {
    case Verdict::blocked:
      return ja ? "原則として認められない区域などが含まれています。例外の有無を窓口に確認してください。"
                : "Some of the land is where this is not permitted in principle: ask the authorities about "
                  "exceptions.";
    case Verdict::procedure:
      if (topic.eased)
        return ja ? "原則として認められない区域ですが、促進区域の制度による別の手続があります。窓口に確認して"
                    "くだ"
                    "さい。"
                  : "Not permitted in principle, but a promotion zone opens another procedure here: ask the "
                    "authorities.";
      return ja ? "手続が必要です。窓口に確認してください。" : "Procedures are needed: ask the authorities.";
    case Verdict::unknown: {
      std::string layers;
      for (const LayerFound* layer : topic.lacking)
        layers += (layers.empty() ? "" : ja ? "、" : ", ") + layer->title.in(language);
      if (layers.empty())
        return ja ? fmt::format("{} 時点の規定が登録されていないため、判断できません。", day)
                  : fmt::format("What held on {} is not recorded here, so this cannot be told.", day);
      if (needs_a_procedure(topic))
        return ja ? fmt::format(
                        "手続が必要です。ほかに、この場所を網羅するデータがない（{}"
                        "）ため、見つかったものがすべて"
                        "とは言えません。",
                        layers)
                  : fmt::format(
                        "Procedures are needed, and there may be more: no data cover all of this "
                        "place ({}).",
                        layers);
      return ja ? fmt::format("この場所を網羅するデータがありません（{}）。該当なしとは言えません。", layers)
                : fmt::format(
                      "No data cover all of this place ({}): that is not to say that there is "
                      "nothing.",
                      layers);
    }
    case Verdict::clear:
      break;
  }
  return ja ? fmt::format("{} 時点の公表データでは該当が見つかりませんでした。窓口でも確認してください。",
                          day)
            : fmt::format(
                  "Nothing was found in the published data as of {}; ask the authorities all the "
                  "same.",
                  day);
}

}  // namespace ritchi::analysis
