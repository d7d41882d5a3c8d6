// ritchi consents: what was decided about single features, recorded, withdrawn and listed by the operator.
#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/base/resource.hpp"
#include "geodata/store/snapshot.hpp"
#include "tileserver/access/consents.hpp"
#include "tileserver/access/folder_lock.hpp"
#include "tileserver/app/commands.hpp"

namespace ritchi::app {
namespace {

using access::Decision;
using base::Error;
using base::ErrorKind;
using nlohmann::json;

struct Options {
  std::string data;
  std::string layer = "factory_sites";
  std::optional<std::int64_t> id;
  std::string source_id;
  std::string purpose;
  std::string holder, until, note;
  bool as_json = false;
};

std::string code_of(const catalogue::Layer& layer, std::span<const store::ValueView> values) {
  for (std::size_t i = 0; i < layer.attributes.size(); ++i)
    if (layer.attributes[i].name == "municipality_code")
      if (const auto* code = std::get_if<std::string_view>(&values[i])) return std::string(*code);
  return {};
}

// Fills in what the row itself says; the operator sees all rows.
void find_row(const store::Snapshot& snapshot, const Options& options, Decision& decision) {
  bool knows_layer = false, is_found = false;
  for (const auto& dataset : snapshot.all()) {
    const catalogue::Layer& layer = dataset->layer();
    if (layer.id != options.layer) continue;
    knows_layer = true;
    if (layer.find(store::disclosure_attribute) == nullptr)
      throw Error(ErrorKind::bad_input, "all features of '" + options.layer + "' are public", "--layer");
    const auto take = [&](const store::FeatureView& row) {
      if (options.id ? row.id != *options.id : row.source_id != options.source_id) return;
      is_found = true;
      decision.feature = row.id;
      decision.municipality_code = code_of(layer, row.values);
    };
    const std::int64_t after = options.id ? *options.id - 1 : INT64_MIN;
    dataset->page(after, options.id ? 1 : INT64_MAX, base::Deadline::never(), take);
    if (is_found) return;
  }
  if (!knows_layer)
    throw Error(ErrorKind::not_found, "no dataset of '" + options.layer + "' is published", "--layer",
                "`ritchi layers` lists what is there");
  throw Error(ErrorKind::not_found,
              options.id ? fmt::format("there is no feature {}", *options.id)
                         : "there is no feature of the source's id '" + options.source_id + "'",
              options.layer, "the ids are in the dataset, columns id and source_id");
}

int record(const Options& options) {
  const auto lock = access::FolderLock::shared(options.data);
  access::Database database(options.data);
  const auto catalogue = catalogue::Catalogue::load(base::share_folder() / "styles");
  const auto snapshot = store::Snapshot::load(options.data, catalogue, nullptr);
  Decision decision;
  decision.layer = options.layer;
  find_row(*snapshot, options, decision);
  decision.purpose = access::purpose_named(options.purpose).value();
  decision.granted_to = options.holder;
  decision.until = options.until;
  decision.note = options.note;
  access::Caller shell;
  shell.role = access::Role::administrator;
  shell.holder = "shell";
  const Decision made = access::Consents(database).record(shell, decision);
  std::cout << fmt::format("decision {}: {} {} is {}{}{}\n", made.id, made.layer, made.feature,
                           made.purpose == access::Purpose::none          ? "internal"
                           : made.purpose == access::Purpose::publication ? "public"
                                                                          : "open to matching",
                           made.granted_to.empty() ? "" : " by " + made.granted_to,
                           made.until.empty() ? "" : " until " + made.until);
  return 0;
}

json decision_json(const Decision& decision) {
  const auto text_or_null = [](const std::string& text) { return text.empty() ? json(nullptr) : json(text); };
  return {{"id", decision.id},
          {"layer", decision.layer},
          {"feature", decision.feature},
          {"municipality_code", text_or_null(decision.municipality_code)},
          {"purpose", access::name_of(decision.purpose)},
          {"holder", text_or_null(decision.granted_to)},
          {"until", text_or_null(decision.until)},
          {"note", decision.note},
          {"decided_at", decision.decided_at},
          {"by_key", decision.by_key},
          {"by_role", decision.by_role},
          {"by_holder", decision.by_holder}};
}

int list(const Options& options) {
  const auto lock = access::FolderLock::shared(options.data);
  access::Database database(options.data);
  access::Consents::Query query;
  query.layer = options.layer;
  query.feature = options.id;
  query.limit = SIZE_MAX;
  json all = json::array();
  for (const Decision& decision : access::Consents(database).list(query))
    all.push_back(decision_json(decision));
  if (options.as_json) {
    std::cout << all.dump(1) << '\n';
    return 0;
  }
  std::cout << fmt::format("{:>6}  {:<20}  {:<16} {:>12}  {:<12} {:<10}  {}\n", "id", "decided", "layer",
                           "feature", "purpose", "until", "by; for; note");
  const auto text = [](const json& value) {
    return value.is_null() ? std::string("-") : value.get<std::string>();
  };
  for (const json& row : all)
    std::cout << fmt::format("{:>6}  {:<20}  {:<16} {:>12}  {:<12} {:<10}  {}; {}; {}\n",
                             row["id"].get<std::int64_t>(), text(row["decided_at"]), text(row["layer"]),
                             row["feature"].get<std::int64_t>(), text(row["purpose"]), text(row["until"]),
                             text(row["by_holder"]), text(row["holder"]), text(row["note"]));
  return 0;
}

}  // namespace

void add_consents_command(CLI::App& app, Chosen& chosen) {
  CLI::App* consents =
      app.add_subcommand("consents", "decisions about single features: whom they are shown to");
  consents->require_subcommand(1);
  const auto command = [&](const char* name, const char* help, int (*run)(const Options&)) {
    auto options = std::make_shared<Options>();
    CLI::App* out = consents->add_subcommand(name, help);
    out->add_option("--data", options->data, "the data folder")->required()->envname("RITCHI_DATA");
    out->add_option("--layer", options->layer, "the layer")->capture_default_str();
    out->add_option("--id", options->id, "the feature's id");
    out->callback([options, &chosen, run] { chosen = [options, run] { return run(*options); }; });
    return std::pair(out, options);
  };
  const auto feature = [](CLI::App* to, Options& options) {
    CLI::Option_group* which = to->add_option_group("feature");
    which->add_option(to->get_option("--id"));
    which->add_option("--source-id", options.source_id, "or its id in the source");
    which->require_option(1);
    to->add_option("--note", options.note, "a note that is kept with it");
  };
  const auto [add, added] = command("add", "record a consent", record);
  feature(add, *added);
  add->add_option("--for", added->purpose, "matching (keys of companies see it) or publication (everybody)")
      ->required()
      ->check(CLI::IsMember({"matching", "publication"}));
  add->add_option("--holder", added->holder,
                  "the only holder of keys that sees it; all companies if left out");
  add->add_option("--until", added->until, "last day, YYYY-MM-DD; afterwards it is internal");
  const auto [withdraw, withdrawn] = command("withdraw", "make a feature internal at once", record);
  feature(withdraw, *withdrawn);
  withdrawn->purpose = access::name_of(access::Purpose::none);
  const auto [list_all, listed] = command("list", "list all decisions, the newest first", list);
  list_all->add_flag("--json", listed->as_json, "as one JSON array");
  listed->layer.clear();
}

}  // namespace ritchi::app
