#include "importers/core/import_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "importers/core/report_lines.hpp"

namespace ritchi::importers {
namespace {

const char* name_of(ImportReport::Outcome outcome) {
  switch (outcome) {
    case ImportReport::Outcome::published:
      return "published";
    case ImportReport::Outcome::unchanged:
      return "unchanged";
    case ImportReport::Outcome::dry_run:
      return "dry_run";
    case ImportReport::Outcome::refused:
      return "refused";
  }
  return "";
}

std::string shortened(const std::string& text) {
  constexpr std::size_t longest = 60;
  if (text.size() <= longest) return text;
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

nlohmann::json reasons_json(const ImportReport& report) {
  nlohmann::json out = nlohmann::json::array();
  for (const auto& reason : report.reasons.most_frequent(3))
    out.push_back({{"count", reason.count},
                   {"field", reason.example.field},
                   {"reason", reason.example.reason.en},
                   {"remedy", reason.example.remedy.en},
                   {"record", reason.example_record},
                   {"value", shortened(reason.example.value)}});
  return out;
}

}  // namespace

nlohmann::json to_json(const ImportReport& report) {
  const auto& info = report.dataset;
  nlohmann::json out{{"outcome", name_of(report.outcome)},
                     {"layer", info.layer},
                     {"partition", info.partition},
                     {"profile", info.profile},
                     {"read", report.read},
                     {"accepted", report.accepted},
                     {"rejected", report.rejected},
                     {"skipped", nlohmann::json::object()},
                     {"features", report.features},
                     {"merged_away", report.merged_away},
                     {"duplicate_rows", report.duplicate_rows},
                     {"deletions", report.deletions},
                     {"synthetic", report.synthetic},
                     {"repaired", report.repaired},
                     {"repaired_area_change_m2", report.repaired_area_change_m2},
                     {"z_dropped", report.z_dropped},
                     {"without_place", report.without_place},
                     {"place_withheld", report.place_withheld},
                     {"unknown_values", report.unknown_values},
                     {"normalised", report.normalised},
                     {"reference_systems", report.reference_systems},
                     {"encoding", report.encoding},
                     {"unfed_attributes", report.unfed_attributes},
                     {"checks", to_json(report.checks)},
                     {"unused_columns", report.unused_columns},
                     {"reasons", reasons_json(report)},
                     {"seconds", report.seconds}};
  out["notes"] = nlohmann::json::array();
  for (const auto& note : report.notes) out["notes"].push_back(note.en);
  for (const auto& [reason, count] : report.skipped) out["skipped"][reason] = count;
  if (!info.whole.revision.empty()) out["revision"] = info.whole.revision;
  if (!info.as_of.empty()) out["as_of"] = info.as_of;
  if (!info.input_sha256.empty()) out["input_sha256"] = info.input_sha256;
  if (!info.whole.extent.empty())
    out["extent"] = {info.whole.extent.min_x, info.whole.extent.min_y, info.whole.extent.max_x,
                     info.whole.extent.max_y};
  if (const auto& changes = report.changes; !changes.from.empty())
    out["changes"] = {{"from", changes.from},
                      {"inserted", changes.inserted},
                      {"changed", changes.changed},
                      {"removed", changes.removed}};
  if (!report.facts.empty()) out["facts"] = nlohmann::json::array();
  for (const auto& facts : report.facts) {
    nlohmann::json entry{{"layer", facts.layer},
                         {"partition", facts.partition},
                         {"features", facts.features},
                         {"columns_computed", facts.columns},
                         {"features_computed", facts.features_computed},
                         {"unusable", facts.unusable},
                         {"seconds", facts.seconds}};
    if (!facts.failure.empty()) entry["failure"] = facts.failure;
    if (!facts.failure.empty()) entry["remedy"] = facts.remedy;
    out["facts"].push_back(std::move(entry));
  }
  if (!report.refusal.empty()) out["refusal"] = report.refusal.en;
  if (!report.rejects_file.empty()) out["rejects_file"] = report.rejects_file;
  if (!report.retry_command.empty()) out["retry_command"] = report.retry_command;
  return out;
}

namespace {

void add_outcome(Lines& out, const ImportReport& report) {
  const auto& info = report.dataset;
  out.go_on(fmt::format("{}/{}: ", info.layer, info.partition.empty() ? "-" : info.partition));
  switch (report.outcome) {
    case ImportReport::Outcome::published:
      return out.go_on(out.say("published revision {}", "公開しました（改訂 {}）", info.whole.revision));
    case ImportReport::Outcome::unchanged:
      return out.go_on(out.say("unchanged, revision {} is published already",
                               "変更はありません（改訂 {} が公開済みです）", info.whole.revision));
    case ImportReport::Outcome::dry_run:
      return out.go_on(out.say("dry run, nothing written", "試しに読みました。何も書き込んでいません"));
    case ImportReport::Outcome::refused:
      return out.go_on(
          out.say("nothing published: {}", "公開していません: {}", out.in_words(report.refusal)));
  }
}

void add_counts(Lines& out, const ImportReport& report) {
  out.add("records read {}, accepted {}, rejected {}", "読んだレコード {}、採用 {}、不採用 {}", report.read,
          report.accepted, report.rejected);
  for (const auto& [reason, count] : report.skipped)
    out.go_on(out.say(", skipped {} ({})", "、対象外 {}（{}）", count, reason));
  out.add("features {}", "地物 {}", report.features);
  if (report.merged_away != 0)
    out.go_on(out.say(" ({} rows joined to others of the same key)", "（同じキーの {} 行を統合）",
                      report.merged_away));
  if (report.duplicate_rows != 0)
    out.go_on(out.say(", rows that repeat another and count once {}", "、同じ内容の行（1 件と数える） {}",
                      report.duplicate_rows));
  if (report.synthetic != 0)
    out.go_on(out.say(", of them synthetic {}", "、うち架空のもの {}", report.synthetic));
  if (report.without_place != 0)
    out.go_on(out.say(", without a place {}", "、位置のないもの {}", report.without_place));
  if (report.deletions != 0) out.go_on(out.say(", deletions {}", "、削除 {}", report.deletions));
  if (const auto& changes = report.changes; !changes.from.empty())
    out.add("against revision {}: inserted {}, changed {}, removed {}",
            "改訂 {} との違い: 追加 {}、変更 {}、削除 {}", changes.from, changes.inserted, changes.changed,
            changes.removed);
}

void add_readings(Lines& out, const ImportReport& report) {
  for (const auto& [field, values] : report.unknown_values)
    for (const auto& [value, count] : values)
      out.add("{}: {} means unknown: {}", "{}: 「{}」は不明の意味 {} 件", field, value, count);
  for (const auto& [field, steps] : report.normalised)
    for (const auto& [step, count] : steps)
      out.add("{}: {} normalised: {}", "{}: 表記をそろえた（{}） {} 件", field, step, count);
}

void add_reasons(Lines& out, const ImportReport& report) {
  const auto reasons = report.reasons.most_frequent(3);
  if (reasons.empty()) return;
  out.add("most frequent reasons for rejection:", "不採用の主な理由:");
  for (const auto& reason : reasons) {
    out.add("  {} × {} {}", "  {} 件 {}: {}", reason.count, reason.example.field,
            out.in_words(reason.example.reason));
    out.go_on(out.say(", for example {}", "。例: {}", reason.example_record));
    if (!reason.example.value.empty())
      out.go_on(out.say(": '{}'", "「{}」", shortened(reason.example.value)));
    if (!reason.example.remedy.empty())
      out.add("    remedy: {}", "    対処: {}", out.in_words(reason.example.remedy));
  }
}

void add_shapes(Lines& out, const ImportReport& report) {
  if (report.place_withheld != 0)
    out.add("places withheld because they are not exact: {}", "正確でないため出さない位置: {}",
            report.place_withheld);
  if (report.repaired != 0)
    out.add("shapes repaired {} (area changed by {:.3f} m2 in all)",
            "修復した形状 {}（面積の変化は合計 {:.3f} m2）", report.repaired, report.repaired_area_change_m2);
  if (report.z_dropped != 0) out.add("heights left out {}", "高さを除いた形状 {}", report.z_dropped);
  for (const auto& [crs, operation] : report.reference_systems)
    out.add("reference system {}: {}", "座標系 {}: {}", crs, operation);
}

void add_columns(Lines& out, const ImportReport& report) {
  if (!report.encoding.empty()) out.add("text encoding {}", "文字コード {}", report.encoding);
  if (!report.unused_columns.empty())
    out.add("columns not used: {}", "使わなかった列: {}",
            fmt::to_string(fmt::join(report.unused_columns, ", ")));
  if (!report.unfed_attributes.empty())
    out.add("attributes without a column: {}", "対応する列のない属性: {}",
            fmt::to_string(fmt::join(report.unfed_attributes, ", ")));
  add_checks(out, report.checks);
  for (const auto& note : report.notes) out.add("note: {}", "備考: {}", out.in_words(note));
}

void add_facts(Lines& out, const ImportReport& report) {
  for (const auto& facts : report.facts) {
    if (!facts.failure.empty()) {
      out.add("the facts of {}/{} stay as they were: {} ({})", "{}/{} の算出項目は前のままです: {}（{}）",
              facts.layer, facts.partition, facts.failure, facts.remedy);
      continue;
    }
    out.add("facts of {}/{}: {} columns computed for {} of {} features, {:.2f} s",
            "{}/{} の算出項目: {} 列を {} 件分計算（全 {} 件、{:.2f} 秒）", facts.layer, facts.partition,
            facts.columns, facts.features_computed, facts.features, facts.seconds);
    if (facts.unusable != 0)
      out.go_on(out.say(", shapes that cannot be used {}", "、使えない形状 {}", facts.unusable));
  }
}

void add_rejects(Lines& out, const ImportReport& report) {
  if (report.rejects_file.empty()) return;
  out.add("rejects: {}", "不採用ファイル: {}", report.rejects_file);
  if (report.outcome == ImportReport::Outcome::published ||
      report.outcome == ImportReport::Outcome::unchanged)
    out.add("when they are corrected there: {}", "直したら次のように取り込みます: {}", report.retry_command);
  else if (report.outcome == ImportReport::Outcome::refused)
    out.add("correct the source and import it again, or allow more with --max-rejects",
            "元のファイルを直して取り込み直すか、--max-rejects で限度を上げてください");
}

}  // namespace

std::string to_text(const ImportReport& report, std::string_view language) {
  Lines out(language);
  add_outcome(out, report);
  add_counts(out, report);
  add_reasons(out, report);
  add_shapes(out, report);
  add_readings(out, report);
  add_columns(out, report);
  add_facts(out, report);
  add_rejects(out, report);
  out.add("{:.2f} s\n", "{:.2f} 秒\n", report.seconds);
  return out.text();
}

int exit_code(const std::vector<ImportReport>& reports) {
  using Outcome = ImportReport::Outcome;
  const bool any = std::any_of(reports.begin(), reports.end(),
                               [](const auto& r) { return r.outcome != Outcome::refused; });
  if (!any) return 1;
  const bool rejects = std::any_of(reports.begin(), reports.end(), [](const auto& r) {
    return r.outcome == Outcome::refused || (r.rejected != 0 && r.outcome != Outcome::unchanged);
  });
  return rejects ? 3 : 0;
}

}  // namespace ritchi::importers
