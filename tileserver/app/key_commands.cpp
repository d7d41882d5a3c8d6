// ritchi keys: API keys given out, listed and revoked.
#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/base/resource.hpp"
#include "geodata/store/snapshot.hpp"
#include "tileserver/access/folder_lock.hpp"
#include "tileserver/access/key_ring.hpp"
#include "tileserver/access/key_scope.hpp"
#include "tileserver/app/commands.hpp"

namespace ritchi::app {
namespace {

using access::KeyRecord;
using nlohmann::json;

struct Options {
  std::string data;
  std::string role;
  std::string holder;
  std::vector<std::string> area, layers, hidden;
  std::string expires;
  bool as_json = false;
  std::int64_t id = 0;
};

access::Grant grant_of(const Options& options) {
  const auto styles = base::share_folder() / "styles";
  const auto catalogue = catalogue::Catalogue::load(styles);
  const auto snapshot = store::Snapshot::load(options.data, catalogue, nullptr);
  // Layers that were made of a source without a declaration are known by their datasets alone.
  const auto find_layer = [&](std::string_view id) -> const catalogue::Layer* {
    if (const auto* declared = catalogue.find_layer(id)) return declared;
    for (const auto& dataset : snapshot->all())
      if (dataset->layer().id == id) return &dataset->layer();
    return nullptr;
  };
  access::Grant out;
  out.role = access::role_named(options.role).value();
  out.holder = options.holder;
  out.home = access::resolve_area(catalogue::Places::load(styles / "places"), options.area);
  if (!options.layers.empty()) out.layers = access::resolve_layers(find_layer, options.layers);
  out.hidden_attributes = access::resolve_hidden(find_layer, options.hidden);
  if (!options.expires.empty()) out.expires_at = access::parse_end(options.expires, "--expires");
  return out;
}

int add_key(const Options& options) {
  const auto lock = access::FolderLock::shared(options.data);
  access::Database database(options.data);
  access::Grant grant = grant_of(options);
  if (!grant.expires_at.empty() && grant.expires_at <= access::utc_text(database.now()))
    throw base::Error(base::ErrorKind::bad_input, "'" + options.expires + "' is past", "--expires");
  const auto made = access::KeyRing(database).add(grant);
  if (options.as_json)
    std::cout << json{{"id", made.id}, {"key", made.text}}.dump() << '\n';
  else
    std::cout << made.text << '\n';
  std::cerr << fmt::format("key {} for {} ({}); it is shown this once and kept nowhere\n", made.id,
                           grant.holder, access::name_of(grant.role));
  return 0;
}

const char* state_of(const KeyRecord& key, const std::string& now) {
  if (!key.revoked_at.empty()) return "revoked";
  return !key.grant.expires_at.empty() && key.grant.expires_at <= now ? "expired" : "valid";
}

json key_json(const KeyRecord& key, const std::string& now) {
  const auto text_or_null = [](const std::string& text) { return text.empty() ? json(nullptr) : json(text); };
  return {{"id", key.id},
          {"state", state_of(key, now)},
          {"role", access::name_of(key.grant.role)},
          {"holder", key.grant.holder},
          {"area", key.grant.home},
          {"layers", key.grant.layers ? json(*key.grant.layers) : json(nullptr)},
          {"hidden", key.grant.hidden_attributes},
          {"created_at", key.created_at},
          {"expires_at", text_or_null(key.grant.expires_at)},
          {"revoked_at", text_or_null(key.revoked_at)},
          {"last_used_at", text_or_null(key.last_used_at)}};
}

std::string shown(const std::vector<std::string>& words, const char* none) {
  if (words.empty()) return none;
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ",") + word;
  return out;
}

int list_keys(const Options& options) {
  const auto lock = access::FolderLock::shared(options.data);
  access::Database database(options.data);
  const auto keys = access::KeyRing(database).list();
  const std::string now = access::utc_text(database.now());
  if (options.as_json) {
    json out = json::array();
    for (const KeyRecord& key : keys) out.push_back(key_json(key, now));
    std::cout << out.dump(1) << '\n';
    return 0;
  }
  std::cout << fmt::format("{:>4}  {:<8} {:<13} {:<20}  {:<20}  {}\n", "id", "state", "role", "last used",
                           "expires", "holder; area; layers; hidden");
  for (const KeyRecord& key : keys)
    std::cout << fmt::format("{:>4}  {:<8} {:<13} {:<20}  {:<20}  {}; {}; {}; {}\n", key.id,
                             state_of(key, now), access::name_of(key.grant.role),
                             key.last_used_at.empty() ? "never" : key.last_used_at,
                             key.grant.expires_at.empty() ? "never" : key.grant.expires_at, key.grant.holder,
                             shown(key.grant.home, "everywhere"),
                             key.grant.layers ? shown(*key.grant.layers, "none") : "all layers",
                             shown(key.grant.hidden_attributes, "nothing hidden"));
  return 0;
}

int revoke_key(const Options& options) {
  const auto lock = access::FolderLock::shared(options.data);
  access::Database database(options.data);
  const KeyRecord key = access::KeyRing(database).revoke(options.id);
  std::cout << fmt::format("key {} of {} is revoked since {}\n", key.id, key.grant.holder, key.revoked_at);
  return 0;
}

}  // namespace

void add_keys_command(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* keys = app.add_subcommand("keys", "API keys: who may see what is not public");
  keys->require_subcommand(1);
  const auto command = [&](const char* name, const char* help, int (*run)(const Options&)) {
    CLI::App* out = keys->add_subcommand(name, help);
    out->add_option("--data", options->data, "the data folder")->required()->envname("RITCHI_DATA");
    out->callback([options, &chosen, run] { chosen = [options, run] { return run(*options); }; });
    return out;
  };
  CLI::App* add = command("add", "give out a key; it is printed once", add_key);
  add->add_option("--role", options->role, "company, municipality or operator")
      ->required()
      ->check(CLI::IsMember({"company", "municipality", "operator"}));
  add->add_option("--holder", options->holder, "the company, municipality or office, as consents name it")
      ->required();
  add->add_option(
         "--area", options->area,
         "codes of prefectures (2 digits) or municipalities (5): where a municipality sees all rows; "
         "where a company sees consented ones, everywhere if left out")
      ->delimiter(',');
  add->add_option("--layers", options->layers, "the only layers that are open to it; all if left out")
      ->delimiter(',');
  add->add_option("--hide", options->hidden, "attributes not shown to it: layer.attribute")->delimiter(',');
  add->add_option("--expires", options->expires, "last day in Japan, or date-time; never if left out");
  add->add_flag("--json", options->as_json, "as one JSON object");
  CLI::App* list = command("list", "list the keys, never their secrets", list_keys);
  list->add_flag("--json", options->as_json, "as one JSON array");
  CLI::App* revoke = command("revoke", "end a key at once, also for running servers", revoke_key);
  revoke->add_option("id", options->id, "the key's number")->required();
}

}  // namespace ritchi::app
