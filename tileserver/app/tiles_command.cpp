// ritchi tiles export: an archive of public tiles, to be put on any file server.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/base/resource.hpp"
#include "geodata/facts/fact_origin.hpp"
#include "geodata/geom/tile_math.hpp"
#include "tileserver/app/commands.hpp"
#include "tileserver/tiles/archive_export.hpp"
#include "tileserver/tiles/snapshot_tiles.hpp"

namespace ritchi::app {
namespace {

using base::Error;
using base::ErrorKind;
using LayerList = std::vector<const store::LayerView*>;

struct Options {
  std::string data;
  std::vector<std::string> layers;
  std::string zoom;
  std::string progress = "auto";
  std::string language = "ja";
  tiles::ExportRequest request;
};

// "0-14", "7"
tiles::ZoomRange parse_zooms(const std::string& text) {
  const auto wrong = [&](const std::string& why) {
    return Error(ErrorKind::bad_input, "'" + text + "' " + why, "--zoom", "write MIN-MAX, such as 0-14");
  };
  const auto number = [&](std::string_view digits) {
    int out = 0;
    const char* end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, out);
    if (digits.empty() || digits.front() == '-' || parsed.ec != std::errc{} || parsed.ptr != end)
      throw wrong("is no range of zooms");
    if (out > geom::max_zoom) throw wrong(fmt::format("goes beyond zoom {}", geom::max_zoom));
    return out;
  };
  const std::size_t dash = text.find('-');
  const tiles::ZoomRange out{number(std::string_view(text).substr(0, dash)),
                             number(std::string_view(text).substr(dash == std::string::npos ? 0 : dash + 1))};
  if (out.min > out.max) throw wrong("ends before it begins");
  return out;
}

bool has_zoom_in(const store::LayerView& view, tiles::ZoomRange zooms) {
  return view.layer.minzoom <= zooms.max && zooms.min <= view.layer.maxzoom;
}

LayerList named_layers(const store::Snapshot& snapshot, const std::vector<std::string>& names) {
  LayerList out;
  for (const std::string& name : names) {
    const store::LayerView* view = snapshot.find(name);
    if (view == nullptr)
      throw Error(ErrorKind::not_found, "there is no public layer '" + name + "'", "--layers",
                  "`ritchi layers` lists what is published");
    if (std::find(out.begin(), out.end(), view) != out.end())
      throw Error(ErrorKind::bad_input, "the layer '" + name + "' is named twice", "--layers");
    out.push_back(view);
  }
  return out;
}

LayerList chosen_layers(const store::Snapshot& snapshot, const Options& options, tiles::ZoomRange zooms) {
  LayerList out;
  if (options.layers.empty()) {
    for (const store::LayerView& view : snapshot.layers())
      if (has_zoom_in(view, zooms)) out.push_back(&view);
    if (out.empty())
      throw Error(ErrorKind::not_found, "no public layer has tiles at these zooms", options.data,
                  "`ritchi layers` lists what is published");
    return out;
  }
  out = named_layers(snapshot, options.layers);
  for (const store::LayerView* view : out)
    if (!has_zoom_in(*view, zooms))
      throw Error(ErrorKind::bad_input,
                  fmt::format("the layer '{}' has tiles at zooms {} to {} only", view->layer.id,
                              view->layer.minzoom, view->layer.maxzoom),
                  "--zoom");
  return out;
}

using Mode = base::Progress::Mode;

void tell_beginning(const tiles::ArchiveExport& job, Mode mode) {
  if (mode != Mode::bar && mode != Mode::plain) return;
  if (job.taken_over() > 0)
    fmt::print(stderr, "going on after {} tiles of the run before\n", job.taken_over());
  if (job.replaced_other())
    fmt::print(stderr, "the run before had other data, layers or zooms: beginning anew\n");
}

void tell_end(const Options& options, const tiles::ExportReport& report, std::uint64_t taken_over,
              tiles::ZoomRange zooms, Mode mode) {
  const std::string file = options.request.out.string();
  if (mode == Mode::json) {
    std::cout
        << nlohmann::json{{"file", file},          {"tiles", report.tiles},    {"contents", report.contents},
                          {"bytes", report.bytes}, {"taken_over", taken_over}, {"minzoom", zooms.min},
                          {"maxzoom", zooms.max}}
               .dump()
        << '\n';
    return;
  }
  std::cout << fmt::format(
      "{}: {} tiles ({} different) at zooms {} to {}, {} bytes{}\n", file, report.tiles, report.contents,
      zooms.min, zooms.max, report.bytes,
      taken_over == 0 ? "" : fmt::format("; {} taken over from the run before", taken_over));
}

int export_tiles(const Options& options) {
  const tiles::ZoomRange zooms =
      options.zoom.empty() ? tiles::ZoomRange{0, geom::max_zoom} : parse_zooms(options.zoom);
  base::Progress progress(base::Progress::mode_named(options.progress));
  // Before any thread starts, so that none of them takes the signal.
  base::InterruptWatch interrupt;
  const auto catalogue = catalogue::Catalogue::load(base::share_folder() / "styles");
  const auto loaded = store::Snapshot::load(options.data, catalogue, nullptr);
  const auto snapshot = loaded->seen_by({}, nullptr, facts::today_in_japan());
  // An archive without the layers of a damaged file would look whole.
  for (const auto& damaged : loaded->damaged())
    throw Error(ErrorKind::damaged, damaged.reason, damaged.file.string(), "`ritchi check` tells more");
  const tiles::SnapshotTiles supplier(snapshot, chosen_layers(*snapshot, options, zooms), zooms,
                                      options.language);
  tiles::ArchiveExport job(supplier, options.request);
  tell_beginning(job, progress.mode());
  const tiles::ExportReport report = job.run(progress, interrupt);
  tell_end(options, report, job.taken_over(), supplier.info().zooms, progress.mode());
  return 0;
}

}  // namespace

void add_tiles_command(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* tiles = app.add_subcommand("tiles", "archives of tiles");
  tiles->require_subcommand(1);
  CLI::App* command = tiles->add_subcommand("export", "write an archive of public tiles");
  command->add_option("--data", options->data, "the data folder")->required()->envname("RITCHI_DATA");
  command->add_option("--layers", options->layers, "A,B,…; all public layers where it is left out")
      ->delimiter(',');
  command->add_option("--zoom", options->zoom, "MIN-MAX; the layers' own zooms where it is left out");
  command->add_option("--out", options->request.out, "X.pmtiles (version 3) or X.mbtiles (version 1.3)")
      ->required();
  command->add_option("--threads", options->request.threads, "threads that make tiles; 0: one per processor")
      ->check(CLI::Range(0, 1024));
  command->add_option("--lang", options->language, "language of titles in the archive")
      ->check(CLI::IsMember({"ja", "en"}))
      ->capture_default_str();
  command->add_option("--progress", options->progress, "auto, plain, json or none")->capture_default_str();
  command->add_flag("--force", options->request.overwrite, "overwrite an archive that is there already");
  command->footer(
      "An export that was ended by Ctrl-C, a kill or a full disk leaves X.unfinished; the same command goes "
      "on with it. The archive itself appears when it is whole.");
  command->callback([options, &chosen] { chosen = [options] { return export_tiles(*options); }; });
}

}  // namespace ritchi::app
