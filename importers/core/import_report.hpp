// What an import did, in numbers: for people as text, for programs as JSON.
#pragma once
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "geodata/load/dataset_writer.hpp"
#include "geodata/load/facts_update.hpp"
#include "importers/core/check_report.hpp"
#include "importers/core/message.hpp"
#include "importers/core/reject_reasons.hpp"

namespace ritchi::importers {

using CountsByField = std::map<std::string, std::map<std::string, std::int64_t>>;

struct ImportReport {
  enum class Outcome { published, unchanged, dry_run, refused };
  Outcome outcome = Outcome::refused;
  Message refusal;             // why nothing was published
  store::DatasetInfo dataset;  // as stored; partly filled where nothing was
  std::int64_t read = 0;       // records of the source = accepted + rejected + skipped
  std::int64_t accepted = 0;
  std::int64_t rejected = 0;
  std::map<std::string, std::int64_t> skipped;  // reason -> records
  RejectReasons reasons;
  std::int64_t features = 0;   // after records of one key were merged
  std::int64_t deletions = 0;  // records of an update that take one away
  std::int64_t synthetic = 0;
  std::int64_t merged_away = 0;
  std::int64_t duplicate_rows = 0;  // of those, repeating another to the last column: counted once
  std::int64_t repaired = 0;
  double repaired_area_change_m2 = 0;
  std::int64_t z_dropped = 0;
  std::int64_t without_place = 0;
  std::int64_t place_withheld = 0;
  CountsByField unknown_values;  // attribute -> text of the source that means "not known" -> records
  CountsByField normalised;      // attribute -> step (see normalising.hpp) -> records
  std::map<std::string, std::string> reference_systems;
  std::string encoding;
  std::vector<std::string> unfed_attributes;
  std::vector<std::string> unused_columns;
  std::vector<Message> notes;
  CheckReport checks;
  std::string rejects_file;
  std::string retry_command;                 // imports the reject file when it has been corrected
  store::ChangeSummary changes;              // against the revision before; empty `from` where there was none
  std::optional<store::DatasetInfo> before;  // what the dataset took the place of
  std::vector<load::FactsOutcome> facts;     // of datasets whose facts it changes
  double seconds = 0;
};

nlohmann::json to_json(const ImportReport& report);
// language: "ja" or "en".
std::string to_text(const ImportReport& report, std::string_view language);

// 0 published or unchanged, 3 published with rejects, 1 nothing published; over several layers: 1 only if
// none was.
int exit_code(const std::vector<ImportReport>& reports);

}  // namespace ritchi::importers
