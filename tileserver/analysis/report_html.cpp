// A constraint report as a page to print on A4: its own style sheet, no script, nothing loaded.
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "geodata/base/text.hpp"
#include "tileserver/analysis/report.hpp"
#include "tileserver/analysis/report_style.hpp"

namespace ritchi::analysis {
namespace {

using base::escape_html;

// Of more features than these a page shows sums by kind alone.
constexpr std::size_t most_rows = 8;

std::string hectares(double m2) {
  return m2 >= 10000 ? fmt::format("{:.2f} ha", m2 / 10000) : fmt::format("{:.0f} m²", m2);
}
std::string percent(double share) {
  return share > 0 && share < 0.001 ? "< 0.1 %" : fmt::format("{:.1f} %", share * 100);
}
std::string kilometres(double metres) {
  return metres >= 1000 ? fmt::format("{:.1f} km", metres / 1000) : fmt::format("{:.0f} m", metres);
}

class Page {
 public:
  Page(const Report& report, const Context& context)
      : m_report(report), m_context(context), m_ja(context.language != "en") {}

  std::string write() {
    head();
    verdicts();
    m_out += "<figure>" + sketch_svg(m_report, m_context.language) + "</figure></header>\n";
    // On paper, what follows is set in two columns.
    m_out += "<div class=\"columns\">";
    rules(catalogue::RuleKind::rule, say("該当する規定", "Rules that apply"));
    layers();
    rules(catalogue::RuleKind::incentive,
          say("この場所で使える可能性のある支援制度", "Incentives that may be open here"));
    nearest();
    neighbours();
    sources();
    m_out += "</div></main></body></html>\n";
    return std::move(m_out);
  }

 private:
  std::string perhaps_more(bool at_least, std::string text) const {
    if (!at_least) return text;
    return m_ja ? text + " 以上" : "≥ " + text;
  }
  std::string say(const char* ja, const char* en) const { return m_ja ? ja : en; }
  std::string word(const catalogue::Title& title) const { return escape_html(title.in(m_context.language)); }
  void section(const std::string& title) { m_out += "<section><h2>" + escape_html(title) + "</h2>"; }
  void end() { m_out += "</section>\n"; }

  void head() {
    const std::string title = say("立地の制約の確認", "What stands in the way");
    m_out = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'; base-uri "
        "'none'; form-action 'none'\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{}</title>"
        "<style>{}</style></head><body><main>\n",
        m_ja ? "ja" : "en", report_style_hash(), title, report_style());
    const auto& site = m_report.question.site;
    const std::string name =
        site && !site->title.empty() ? site->title : say("指定した範囲", "Land as drawn");
    m_out += fmt::format("<header><p class=\"kind\">{}</p><h1>{}</h1><dl>", title, escape_html(name));
    row(say("面積（測地）", "Area (geodesic)"), hectares(m_report.area_m2));
    std::string places;
    for (const auto& place : m_report.municipalities)
      places += (places.empty() ? "" : say("、", ", ")) + place.name + " (" + place.code + ")" +
                (place.share < 0.9995 ? " " + percent(place.share) : "");
    row(say("所在", "Municipality"), places.empty() ? say("不明", "not known") : places);
    row(say("基準日", "As of"), m_report.question.as_of);
    if (site) row(say("番号", "Id"), site->layer + " / " + std::to_string(site->id));
    m_out += fmt::format("</dl><p class=\"notice\">{}</p>", general_notice(m_context.language));
    for (const std::string& warning : m_report.warnings)
      m_out += "<p class=\"warning\">" + escape_html(warning) + "</p>";
  }

  void row(const std::string& name, const std::string& value) {
    m_out += "<div><dt>" + escape_html(name) + "</dt><dd>" + escape_html(value) + "</dd></div>";
  }

  std::string badge(Verdict verdict) const {
    const std::string text = verdict == Verdict::blocked     ? say("原則不可", "blocked in principle")
                             : verdict == Verdict::procedure ? say("手続あり", "procedure")
                             : verdict == Verdict::unknown   ? say("不明", "unknown")
                                                             : say("該当なし", "nothing found");
    return fmt::format("<span class=\"badge {}\">{}</span>", name_of(verdict), text);
  }

  // Topics of which the same is said are told together, in the place of the first.
  void verdicts() {
    section(say("分野ごとの結果", "By topic"));
    m_out += "<table class=\"verdicts\"><tbody>";
    std::vector<std::pair<std::string, std::string>> rows;  // what is said, of which topics
    for (const TopicFound& topic : m_report.topics) {
      if (!topic.has_verdict) continue;
      const std::string said = "<td>" + badge(topic.verdict) + "</td><td>" +
                               escape_html(spoken(topic, m_report, m_context.language)) + "</td>";
      const auto same =
          std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.first == said; });
      if (same == rows.end())
        rows.emplace_back(said, word(topic.topic->title));
      else
        same->second += say("、", ", ") + word(topic.topic->title);
    }
    for (const auto& [said, topics] : rows)
      m_out += "<tr><th scope=\"row\">" + topics + "</th>" + said + "</tr>";
    m_out += "</tbody></table>";
    end();
  }

  std::string thresholds(const RuleFound& found) const {
    std::string out;
    for (const auto& threshold : found.rule->thresholds) {
      const bool is_share = threshold.of == catalogue::Measure::overlap_share;
      const double value = found.measures.of(threshold.of);
      const bool at_least = found.at_least && threshold.of != catalogue::Measure::site_m2;
      const auto shown = [&](double number) { return is_share ? percent(number) : hectares(number); };
      const auto add = [&](const std::optional<double>& bound, const char* ja, const char* en) {
        if (bound)
          out += fmt::format(" {} ({} {})", perhaps_more(at_least, shown(value)), shown(*bound), say(ja, en));
      };
      add(threshold.at_least, "以上", "or more");
      add(threshold.more_than, "超", "exceeded");
      add(threshold.at_most, "以下", "or less");
      add(threshold.less_than, "未満", "not reached");
    }
    return out;
  }

  std::string outcome(const RuleFound& found) const {
    if (found.rule->kind == catalogue::RuleKind::incentive) return {};
    if (found.dates_unknown || found.rule->verdict == catalogue::RuleVerdict::notice)
      return badge(Verdict::unknown);
    if (found.rule->verdict == catalogue::RuleVerdict::blocked && !found.eased())
      return badge(Verdict::blocked);
    return badge(Verdict::procedure);
  }

  void rule(const RuleFound& found) {
    const auto& rule = *found.rule;
    m_out += fmt::format("<article><h3>{} {}</h3><p>{}</p>", word(rule.title), outcome(found),
                         word(rule.procedure));
    if (found.dates_unknown)
      m_out += "<p class=\"warning\">" +
               say("基準日の時点で有効な規定は登録されていません。",
                   "What held on the day asked about is not recorded.") +
               "</p>";
    if (!rule.missing.ja.empty())
      m_out += "<p class=\"warning\">" + say("データにない事項: ", "Not in any data: ") + word(rule.missing) +
               "</p>";
    if (!found.eased_by.empty()) {
      std::string names;
      for (const auto* easing : found.eased_by)
        names += (names.empty() ? "" : say("、", ", ")) + word(easing->title);
      m_out += fmt::format("<p>{}: {} ({})</p>", say("別の手続", "Another procedure"), names,
                           percent(found.eased_share));
    }
    m_out += "<dl>";
    if (!rule.layer.empty())
      row(say("該当する面積", "Area concerned"),
          perhaps_more(found.at_least, hectares(found.measures.overlap_m2) + " (" +
                                           percent(found.measures.of(catalogue::Measure::overlap_share)) +
                                           ")"));
    if (!rule.thresholds.empty()) row(say("基準", "Threshold"), thresholds(found));
    row(say("根拠", "Legal basis"), rule.legal_basis.in(m_context.language));
    row(say("窓口", "Ask"), rule.authority.in(m_context.language));
    if (!rule.valid_from.empty() || !rule.valid_to.empty())
      row(say("適用期間", "In force"), rule.valid_from + " – " + rule.valid_to);
    row(say("出典", "Source"), rule.source.title.in(m_context.language) + " (" + rule.source.date + ")");
    if (!rule.note.ja.empty()) row(say("備考", "Note"), rule.note.in(m_context.language));
    m_out += "</dl></article>";
  }

  void rules(catalogue::RuleKind kind, const std::string& title) {
    bool any = false;
    for (const TopicFound& topic : m_report.topics)
      for (const RuleFound& found : topic.rules) {
        if (found.rule->kind != kind) continue;
        if (!any) section(title);
        any = true;
        rule(found);
      }
    if (any) end();
  }

  std::string coverage(facts::Covered covered) const {
    return covered == facts::Covered::all      ? say("全域", "all of it")
           : covered == facts::Covered::partly ? say("一部・不明", "in part or not stated")
                                               : say("データなし", "no data");
  }

  void layers() {
    section(say("かかる区域", "What lies on it"));
    std::string nothing;
    bool any = false;
    for (const std::string& id : m_report.layer_order) {
      const LayerFound& found = m_report.layers.at(id);
      if (found.overlaps.empty()) {
        nothing += (nothing.empty() ? "" : say("、", "; ")) + word(found.title) + data_of(found);
        continue;
      }
      if (!any)
        m_out += fmt::format(
            "<table><thead><tr><th>{}</th><th class=\"n\">{}</th><th class=\"n\">{}</th></tr></thead><tbody>",
            say("区域・地物（データの範囲・時点）", "Zone or feature (data cover, as of)"),
            say("面積", "Area"), say("割合", "Share"));
      any = true;
      layer(found);
    }
    if (any) m_out += "</tbody></table>";
    if (!nothing.empty())
      m_out +=
          "<p><b>" +
          say("何も見つからなかったもの（データの範囲・時点）: ", "Nothing found (data cover, as of): ") +
          "</b>" + nothing + "</p>";
    end();
  }

  // For which part of the land there are data, and of when.
  std::string data_of(const LayerFound& found) const {
    return say("（", " (") + coverage(found.coverage) +
           (found.as_of.empty() ? "" : say("・", ", ") + escape_html(found.as_of)) + say("）", ")");
  }

  void layer(const LayerFound& found) {
    m_out += fmt::format(
        "<tr class=\"layer\"><th scope=\"row\">{}<span>{}</span></th><td class=\"n\">{}</td><td "
        "class=\"n\">{}</td></tr>",
        word(found.title), data_of(found), perhaps_more(found.at_least(), hectares(found.united_m2)),
        perhaps_more(found.at_least(), percent(found.share)));
    if (found.overlaps.size() > most_rows) {
      for (const KindFound& kind : found.kinds)
        m_out += fmt::format("<tr><td>{} {} × {}</td><td class=\"n\">{}</td><td></td></tr>", say("計", "all"),
                             word(kind.title), kind.count, hectares(kind.area_m2));
      return;
    }
    for (const OverlapFound& overlap : found.overlaps) {
      std::string text = title_of(overlap.feature, *found.layer);
      for (const ShownValue& value : shown_values(overlap.feature, *found.layer, m_context.catalogue))
        if (!value.words.ja.empty() || value.attribute->type == catalogue::AttributeType::date)
          text += (text.empty() ? "" : say("・", ", ")) + analysis::spoken(value, m_context.language);
      if (overlap.validity == Validity::not_yet) text += say("（基準日より後）", " (not yet in force)");
      if (overlap.validity == Validity::ended) text += say("（終了）", " (ended)");
      m_out += fmt::format("<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
                           escape_html(text.empty() ? "#" + std::to_string(overlap.feature.id) : text),
                           hectares(overlap.area_m2), percent(overlap.share));
    }
  }

  void nearest() {
    section(
        say("周辺のインフラ（範囲の端からの測地線距離）", "Infrastructure nearby (geodesic, from the edge)"));
    m_out += "<table class=\"nearest\"><tbody>";
    for (const NearFound& near : m_report.nearest) {
      std::string text = near.name;
      for (const ShownValue& value : near.values)
        text += (text.empty() ? "" : say("・", ", ")) + value.attribute->title.in(m_context.language) + " " +
                analysis::spoken(value, m_context.language);
      if (!near.distance_m)
        text = near.has_data
                   ? fmt::format("{} {}", kilometres(near.within_m), say("以内になし", "around: none"))
                   : say("データなし（不明）", "no data (unknown)");
      m_out += fmt::format("<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td>{}</td></tr>",
                           word(near.title), near.distance_m ? kilometres(*near.distance_m) : "–",
                           escape_html(text));
    }
    m_out += "</tbody></table>";
    end();
  }

  void neighbours() {
    if (m_report.neighbours.empty()) return;
    const double within_km = m_context.catalogue.surroundings().neighbours_within_m / 1000;
    section(m_ja ? fmt::format("{:g} km 以内にある隣の市区町村の区域", within_km)
                 : fmt::format("Zones of neighbouring municipalities within {:g} km", within_km));
    m_out += "<table><tbody>";
    for (const NeighbourFound& zone : m_report.neighbours)
      m_out += fmt::format("<tr><th scope=\"row\">{}</th><td>{}: {} × {}</td><td class=\"n\">{}</td></tr>",
                           escape_html(zone.municipality_code), word(zone.layer_title), word(zone.kind_title),
                           zone.count, kilometres(zone.distance_m));
    m_out += "</tbody></table>";
    end();
  }

  // Under what one may use them, then what is used under it: many data come under the same terms.
  void sources() {
    section(say("データの出典", "Sources of the data"));
    std::vector<std::pair<std::string, std::string>> groups;
    for (const auto* info : m_report.datasets) {
      const auto* layer = m_context.catalogue.find_layer(info->layer);
      const std::string terms =
          (info->licence.empty() ? say("利用条件の記載なし", "No licence stated")
                                 : say("利用条件 ", "Licence ") + escape_html(info->licence)) +
          (info->attribution.empty() ? "" : say("、", ", ") + escape_html(info->attribution));
      const std::string data = fmt::format(
          "<span>{} ({}):</span> {}{}", layer == nullptr ? escape_html(info->layer) : word(layer->title),
          escape_html(info->partition), escape_html(info->source_name),
          info->as_of.empty() ? "" : say("、時点 ", ", as of ") + escape_html(info->as_of));
      const auto same =
          std::find_if(groups.begin(), groups.end(), [&](const auto& group) { return group.first == terms; });
      if (same == groups.end())
        groups.emplace_back(terms, data);
      else
        same->second += "; " + data;
    }
    for (const auto& [terms, data] : groups)
      m_out += "<p class=\"sources\"><b>" + terms + ":</b> " + data + "</p>";
    end();
  }

  const Report& m_report;
  const Context& m_context;
  bool m_ja;
  std::string m_out;
};

}  // namespace

std::string html_text(const Report& report, const Context& context) {
  return Page(report, context).write();
}

}  // namespace ritchi::analysis
