#include <fmt/format.h>

#include <memory>

#include "geodata/base/error.hpp"
#include "importers/app/command.hpp"
#include "importers/synth/generate.hpp"

namespace ritchi::importers {
namespace {

constexpr const char* help_footer = R"(
Scale 1 is 10,000 sites, 200,000 farmland parcels with the zones over them, 40,000 pipes, 20,000 investments and 300
industrial parks. Promotion zones and soil contamination areas follow the parks and sites; what the land itself has
does not depend on the scale: municipalities, interchanges, use districts, area division, flood depths, protected
areas, forests, service areas of industrial water, stations, ports, an airport, substations, land prices, cluster
plans. Equal seed, scale and region give equal bytes in every file.

japan divides the counts over all 47 prefectures by their land and farmland and holds scale 150 (30 million parcels); a
prefecture alone holds its share of that: about 3 (region 15), 19 (Hokkaido), 0.3 (Tokyo) to 8 the others. What does
not fit is refused before anything is written. Memory does not grow with the scale; the files take about 0.18 GB for
each unit of it, and 2 MB for each prefecture.

Region 15 (or a municipality of it, such as 15202) is Nagaoka and its surroundings, drawn after the real map. Every
other prefecture is a rectangle as large as the prefecture, with as much farmland, and four of its real cities at
invented places: borders, distances and neighbours are plausible in region 15 and mere shapes elsewhere. With --n03 a
prefecture has its real outlines instead: everything lies within the municipality that it names, and nothing in the sea
but the rims of service areas, which hold every pipe; which land is plain, town or hill is still invented. A prefecture
that the files do not have keeps its invented land. The outlines themselves are copied to municipalities.geojson as
they are.

Some records are wrong on purpose, as published ones are: shapes that cross themselves, keys given twice, coordinates
exchanged, years of two digits. The manifest states how many of them an import rejects, and why.

The folder's manifest.json lists the imports that bring the files in, in order.)";

std::string region_fault(const std::string& code) {
  try {
    synth::prefectures_of(code);
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
  command
      ->add_option("--n03", request->n03,
                   "outlines of municipalities: files of KSJ N03 (GeoJSON, shapefile, archive)")
      ->type_name("FILE");
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
