#include "importers/core/import_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

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

std::string counts_text(const CountsByField& counts, const char* pattern) {
  std::string out;
  for (const auto& [field, values] : counts)
    for (const auto& [value, count] : values)
      out += "\n  " + fmt::format(fmt::runtime(pattern), field, value, count);
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
                     {"notes", report.notes},
                     {"checks", to_json(report.checks)},
                     {"seconds", report.seconds}};
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
  if (!report.refusal.empty()) out["refusal"] = report.refusal;
  if (!report.rejects_file.empty()) out["rejects_file"] = report.rejects_file;
  return out;
}

std::string to_text(const ImportReport& report) {
  const auto& info = report.dataset;
  std::string out = fmt::format("{}/{}: ", info.layer, info.partition.empty() ? "-" : info.partition);
  switch (report.outcome) {
    case ImportReport::Outcome::published:
      out += fmt::format("published revision {}", info.whole.revision);
      break;
    case ImportReport::Outcome::unchanged:
      out += fmt::format("unchanged, revision {} is published already", info.whole.revision);
      break;
    case ImportReport::Outcome::dry_run:
      out += "dry run, nothing written";
      break;
    case ImportReport::Outcome::refused:
      out += "nothing published: " + report.refusal;
      break;
  }
  out += fmt::format("\n  records read {}, accepted {}, rejected {}", report.read, report.accepted,
                     report.rejected);
  for (const auto& [reason, count] : report.skipped) out += fmt::format(", skipped {} ({})", count, reason);
  out += fmt::format("\n  features {}", report.features);
  if (report.merged_away != 0)
    out += fmt::format(" ({} rows joined to others of the same key)", report.merged_away);
  if (report.duplicate_rows != 0)
    out += fmt::format(", rows that repeat another and count once {}", report.duplicate_rows);
  if (report.synthetic != 0) out += fmt::format(", of them synthetic {}", report.synthetic);
  if (report.without_place != 0) out += fmt::format(", without a place {}", report.without_place);
  if (report.deletions != 0) out += fmt::format(", deletions {}", report.deletions);
  if (const auto& changes = report.changes; !changes.from.empty())
    out += fmt::format("\n  against revision {}: inserted {}, changed {}, removed {}", changes.from,
                       changes.inserted, changes.changed, changes.removed);
  if (report.place_withheld != 0)
    out += fmt::format("\n  places withheld because they are not exact: {}", report.place_withheld);
  if (report.repaired != 0)
    out += fmt::format("\n  shapes repaired {} (area changed by {:.3f} m2 in all)", report.repaired,
                       report.repaired_area_change_m2);
  if (report.z_dropped != 0) out += fmt::format("\n  heights left out {}", report.z_dropped);
  out += counts_text(report.unknown_values, "{}: {} means unknown: {}");
  out += counts_text(report.normalised, "{}: {} normalised: {}");
  for (const auto& [crs, operation] : report.reference_systems)
    out += fmt::format("\n  reference system {}: {}", crs, operation);
  if (!report.encoding.empty()) out += "\n  text encoding " + report.encoding;
  if (!report.unfed_attributes.empty())
    out += fmt::format("\n  attributes without a column: {}", fmt::join(report.unfed_attributes, ", "));
  out += to_text(report.checks);
  for (const auto& note : report.notes) out += "\n  note: " + note;
  if (!report.rejects_file.empty()) out += "\n  rejects: " + report.rejects_file;
  return out + fmt::format("\n  {:.2f} s\n", report.seconds);
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
