// `ritchi profiles`: what can be imported.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/base/resource.hpp"
#include "importers/app/command.hpp"
#include "importers/core/profile.hpp"

namespace ritchi::importers {
namespace {

std::string layer_of(const Profile& profile, const std::vector<Profile>& all) {
  std::string out = profile.layer;
  for (const auto& part : profile.parts)
    for (const auto& other : all)
      if (other.id == part) out += (out.empty() ? "" : ", ") + other.layer;
  return out;
}

int run(bool json) {
  const auto profiles = load_profiles(base::share_folder() / "profiles");
  if (json) {
    nlohmann::json out = nlohmann::json::array();
    for (const auto& profile : profiles)
      out.push_back({{"id", profile.id},
                     {"layer", layer_of(profile, profiles)},
                     {"title", {{"ja", profile.title.ja}, {"en", profile.title.en}}},
                     {"licence", profile.source.licence},
                     {"url", profile.source.url}});
    fmt::print("{}\n", out.dump());
    return 0;
  }
  for (const auto& profile : profiles)
    fmt::print("{:<22} {:<18} {}\n{:<41} {}\n", profile.id, layer_of(profile, profiles), profile.title.en, "",
               profile.title.ja);
  fmt::print("{:<22} {:<18} {}\n", "auto", "(its own)", "Any vector source, with its own columns");
  return 0;
}

}  // namespace

void add_profiles_command(CLI::App& app, Chosen& chosen) {
  const auto json = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("profiles", "List the source formats that can be imported");
  command->add_flag("--json", *json, "as JSON");
  command->callback([json, &chosen] { chosen = [json] { return run(*json); }; });
}

}  // namespace ritchi::importers
