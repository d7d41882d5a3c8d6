#include <fmt/format.h>

#include <memory>

#include "geodata/base/error.hpp"
#include "importers/app/command.hpp"
#include "importers/synth/generate.hpp"

namespace ritchi::importers {
namespace {

constexpr const char* help_footer = R"(
Scale 1 is 10,000 sites, 200,000 farmland parcels with the zones over them, 40,000 pipes, 20,000 investments and 300
industrial parks. Equal seed, scale and region give equal bytes in every file.

Region 15 (or a municipality of it, such as 15202) is Nagaoka and its surroundings, drawn after the real map; it holds
scale 2. Every other prefecture is a rectangle of about 24 km round a plain, with four of its real cities at invented
places; it holds about 0.25 (Nagasaki and Okinawa less than 0.1). japan divides the counts over all 47 by their land; it
holds about 12. Borders, distances and neighbours are plausible in region 15 and mere shapes elsewhere.

The folder's manifest.json lists the imports that bring the files in, in order.)";

std::string region_fault(const std::string& code) {
  try {
    synth::regions_of(code);
  } catch (const base::Error& error) {
    return error.line();
  }
  return {};
}

}  // namespace

void add_synth_command(CLI::App& app, Chosen& chosen) {
  const auto request = std::make_shared<synth::Request>();
  request->scale = 0.05;
  CLI::App* command = app.add_subcommand("synth", "makes invented source files in the published formats");
  command->footer(help_footer);
  command->add_option("--seed", request->seed, "which of the possible worlds")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--scale", request->scale, "size; 1 = 10,000 sites and 200,000 parcels")
      ->check(CLI::Range(0.0001, 1000.0))
      ->capture_default_str();
  command->add_option("--region", request->region, "prefecture or municipality code, or japan")
      ->check(CLI::Validator(region_fault, "CODE|japan"))
      ->capture_default_str();
  command->add_option("--out", request->out, "a new or empty folder, or one of an earlier run")
      ->required()
      ->type_name("DIR");
  command->callback([request, &chosen] {
    chosen = [request] {
      const synth::Summary made = synth::generate(*request);
      fmt::print(
          "{}: {} sites, {} farmland parcels, {} pipes, {} investments, {} parks in {} imports "
          "(manifest.json); "
          "all synthetic\n",
          request->out.string(), made.counts.sites, made.counts.parcels, made.counts.pipes,
          made.counts.investments, made.counts.parks, made.imports);
      return 0;
    };
  });
}

}  // namespace ritchi::importers
