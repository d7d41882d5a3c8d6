// `ritchi import`: options, exit codes and the summary.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/base/resource.hpp"
#include "importers/app/command.hpp"
#include "importers/core/import_job.hpp"
#include "importers/core/message.hpp"
#include "importers/core/parse_date.hpp"

namespace ritchi::importers {
namespace {

using base::Error;
using base::ErrorKind;

struct Options {
  ImportRequest request;
  std::vector<std::string> maps;
  std::string data;
  std::string rejects;
  std::string max_rejects = "10%";
  double max_repair_percent = default_max_repair_share * 100;
  std::string progress = "auto";
  std::string language;
  std::uint64_t max_unpacked_mb = 65536;
};

void check_usage(Options& options) {
  auto& request = options.request;
  request.reject_limit = RejectLimit::parse(options.max_rejects);
  for (const auto& map : options.maps) {
    const auto equals = map.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == map.size())
      throw Error(ErrorKind::bad_input, "'" + map + "' is not of the form FIELD=COLUMN", "--map");
    request.columns[map.substr(0, equals)] = map.substr(equals + 1);
  }
  if (!request.as_of.empty()) {
    const auto date = parse_date(request.as_of);
    if (!date.value)
      throw Error(ErrorKind::bad_input,
                  "'" + request.as_of + "' " + (date.failed() ? date.error.en : "is not a date"), "--as-of",
                  "write YYYY-MM-DD");
    request.as_of = *date.value;
  }
  if (!request.partition.empty() &&
      request.partition.find_first_not_of(
          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") != std::string::npos)
    throw Error(ErrorKind::bad_input, "'" + request.partition + "' is no partition", "--partition",
                "use letters, digits, _ and -, for example 15");
  if (!request.layer.empty() && request.profile != "auto")
    throw Error(ErrorKind::bad_input, "is for the profile 'auto' only", "--layer");
}

// Wrong options and arguments are errors whose place is an option or argument.
bool is_usage(const Error& error) {
  return error.where().starts_with("--") || error.where() == "PROFILE" || error.where() == "SOURCE";
}

// The sums over all layers at the top, and with one layer all that is known about it.
nlohmann::json summary(const std::vector<ImportReport>& reports) {
  nlohmann::json out = nlohmann::json::object();
  nlohmann::json layers = nlohmann::json::array();
  std::int64_t read = 0, accepted = 0, rejected = 0, features = 0;
  for (const auto& report : reports) {
    layers.push_back(to_json(report));
    read += report.read;
    accepted += report.accepted;
    rejected += report.rejected;
    features += report.features;
  }
  if (layers.size() == 1) out = layers[0];
  out["read"] = read;
  out["accepted"] = accepted;
  out["rejected"] = rejected;
  out["features"] = features;
  out["exit_code"] = exit_code(reports);
  out["layers"] = std::move(layers);
  return out;
}

int run(Options& options) {
  const bool json = options.progress == "json";
  std::string language = "en";
  try {
    language = chosen_language(options.language);
    check_usage(options);
    auto& request = options.request;
    request.language = language;
    base::Progress progress(base::Progress::mode_named(options.progress), language);
    request.data = options.data;
    request.rejects = options.rejects;
    request.max_repair_share = options.max_repair_percent / 100;
    request.max_unpacked_bytes = options.max_unpacked_mb << 20;
    request.styles = base::share_folder() / "styles";
    request.profiles = base::share_folder() / "profiles";
    const auto reports = run_import(request, progress);
    progress.finish();
    if (json)
      fmt::print("{}\n", summary(reports).dump());
    else
      for (const auto& report : reports) fmt::print("{}", to_text(report, language));
    return exit_code(reports);
  } catch (const Error& error) {
    const int code = is_usage(error) ? 2 : 1;
    if (json) {
      const nlohmann::json out{{"exit_code", code},
                               {"error",
                                {{"kind", base::name_of(error.kind())},
                                 {"message", error.what()},
                                 {"where", error.where()},
                                 {"remedy", error.remedy()}}}};
      fmt::print("{}\n", out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    }
    fmt::print(stderr, "ritchi import: {}\n", error.line_in(language));
    return code;
  }
}

}  // namespace

void add_import_command(CLI::App& app, Chosen& chosen) {
  const auto options = std::make_shared<Options>();
  auto& request = options->request;
  CLI::App* command = app.add_subcommand(
      "import", "Read a source by a profile, check every record, publish one dataset revision");
  command->footer(
      "Exit codes: 0 published (or unchanged), 3 published with rejects, 1 nothing published, 2 wrong "
      "usage.\n"
      "With more rejected records than --max-rejects allows nothing is published.");
  command
      ->add_option("PROFILE", request.profile,
                   "a name that `ritchi profiles` lists, or auto for any vector source")
      ->required();
  command
      ->add_option("SOURCE", request.sources,
                   "file, ZIP archive, folder, /vsi… or PG:…; several make one dataset")
      ->required();
  command->add_option("--data", options->data, "the data folder")->required()->envname("RITCHI_DATA");
  command->add_option("--layer", request.layer, "with auto: the id of the new layer");
  command->add_option(
      "--partition", request.partition,
      "name of the part that this dataset is (default: the prefecture of all records, else 'all')");
  command->add_flag_callback(
      "--update", [&request] { request.apply = load::Apply::update; },
      "change the published dataset by source key: records are inserted or replaced, and taken away where a "
      "column '_deleted' or '削除' says 1");
  command->add_option("--as-of", request.as_of, "the date whose state the data describes");
  command->add_option("--covers", request.covers,
                      "for which places the source is complete, so that nothing there means there is none: "
                      "japan, or codes of prefectures and municipalities with commas between (default: what "
                      "the profile says)");
  command->add_option("--source-crs", request.source_crs,
                      "reference system of the source, for example EPSG:6676, overriding its own");
  command->add_option("--encoding", request.encoding,
                      "text encoding of shapefiles and CSV, for example CP932, overriding what they say");
  command->add_option("--map", options->maps, "FIELD=COLUMN: take an attribute from this column")
      ->allow_extra_args(false);
  command->add_option("--rejects", options->rejects,
                      "the reject file (default: DATA/rejects/LAYER-PARTITION.csv)");
  command
      ->add_option("--max-rejects", options->max_rejects,
                   "how many records may be rejected: a number, or a share such as 5%")
      ->capture_default_str();
  command
      ->add_option("--max-repair", options->max_repair_percent,
                   "repair shapes only where that changes the area by at most so many PERCENT")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  command->add_flag("--dry-run", request.dry_run,
                    "check everything, write nothing (but --rejects where it is given)");
  command
      ->add_option("--progress", options->progress,
                   "auto, plain, json or none; with json the summary is one JSON object")
      ->capture_default_str();
  command->add_option("--lang", options->language,
                      "language of summary, reasons and errors: ja or en (default: $RITCHI_LANG, else the "
                      "locale)");
  command->add_option("--max-features", request.max_features, "refuse sources with more features")
      ->capture_default_str();
  command->add_option("--max-unpacked-mb", options->max_unpacked_mb, "refuse archives that unpack to more")
      ->capture_default_str();
  command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace ritchi::importers
