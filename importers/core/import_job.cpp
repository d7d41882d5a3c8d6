#include "importers/core/import_job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <system_error>

#include "geodata/base/error.hpp"
#include "geodata/catalogue/catalogue.hpp"
#include "geodata/catalogue/places.hpp"
#include "importers/core/auto_layer.hpp"
#include "importers/core/covers.hpp"
#include "importers/core/element_names.hpp"
#include "importers/core/header_row.hpp"
#include "importers/core/import_pass.hpp"
#include "importers/core/parsed.hpp"
#include "importers/core/place_check.hpp"
#include "importers/core/profile.hpp"
#include "importers/core/read_ahead.hpp"
#include "importers/core/reopened_source.hpp"

namespace ritchi::importers {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;

std::vector<OpenSource> open_all(const SourceSet& set, const SourceOptions& options) {
  constexpr std::size_t open_at_once = 50;
  std::vector<OpenSource> out;
  for (const auto& file : set.files) {
    const auto open = [file, options] { return open_source(file.name, file.shown, options); };
    auto source = set.files.size() <= open_at_once ? open() : std::make_unique<ReopenedSource>(open);
    out.push_back({file.shown, std::make_unique<ReadAhead>(std::move(source)), std::nullopt});
  }
  return out;
}

bool has_wanted(const Profile& profile, const std::vector<OpenSource>& sources) {
  for (const auto& open : sources)
    for (const auto& layer : open.source->layers())
      if (is_wanted(profile.elements, layer.name)) return true;
  return false;
}

// The dataset is published, whatever becomes of the facts that it changes.
void update_facts(const ImportRequest& request, const catalogue::Catalogue& catalogue, ImportReport& report,
                  base::Progress& progress, base::InterruptWatch& interrupt) {
  if (report.outcome != ImportReport::Outcome::published) return;
  constexpr base::ProgressPhase phase{"computing facts", "算出項目の計算"};
  const auto begun = std::chrono::steady_clock::now();
  progress.phase(phase);
  std::uint64_t ticks = 0;
  load::FactsRequest facts{request.data, catalogue};
  facts.tick = [&] {
    interrupt.check("the dataset is published, its facts are not");
    progress.tick(++ticks, std::nullopt);
  };
  report.facts = load::update_facts(facts, {report.dataset, report.before});
  report.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

ImportReport import_profile(const ImportRequest& request, const Profile& profile,
                            const catalogue::Catalogue& catalogue, const catalogue::Places& places,
                            const SourceSet& set, std::vector<OpenSource>& sources, base::Progress& progress,
                            base::InterruptWatch& interrupt) {
  const auto* layer = catalogue.find_layer(profile.layer);
  if (layer == nullptr)
    throw Error(ErrorKind::bad_input, "there is no layer '" + profile.layer + "'",
                profile.id + ".json/layer");
  check_against(profile, *layer);
  NodeTable nodes;
  if (profile.geometry.may_be(GeometryFrom::Kind::nodes))
    for (auto& open : sources) nodes.add(profile.geometry, *open.source);
  Mapper mapper(profile, *layer, catalogue,
                {request.columns, request.source_crs, request.max_repair_share, &nodes});
  PassInput input;
  input.layer = layer;
  input.profile = request.profile;
  input.provenance = profile.source;
  input.repeat = profile.identity.repeat;
  input.rows = profile.rows;
  input.sources = &sources;
  input.files = &set;
  input.attach = [&mapper](const Source& source) { return mapper.attach(source); };
  input.map = [&mapper](SourceFeature& feature, Mapped& out) { mapper.map(feature, out); };
  input.covers = profile.covers;
  input.place_codes = &places;
  if (!request.covers.empty()) input.stated_covers = stated_covers(request.covers, places);
  PlaceCheck place_check(*layer, places, catalogue, request.data);
  input.places = &place_check;
  ImportReport report = import_layer(request, input, progress, interrupt);
  report.reference_systems = mapper.operations();
  report.unfed_attributes = mapper.unfed();
  for (auto& warning : mapper.warnings()) report.notes.emplace_back(std::move(warning));
  report.unused_columns = mapper.unused();
  update_facts(request, catalogue, report, progress, interrupt);
  return report;
}

std::vector<ImportReport> import_declared(const ImportRequest& request, const catalogue::Catalogue& catalogue,
                                          base::Progress& progress) {
  const auto profiles = load_profiles(request.profiles);
  const auto named = [&](const std::string& id) {
    return std::find_if(profiles.begin(), profiles.end(),
                        [&](const Profile& profile) { return profile.id == id; });
  };
  const auto found = named(request.profile);
  if (found == profiles.end()) {
    std::string known = "auto";
    for (const auto& profile : profiles) known += ", " + profile.id;
    throw Error(ErrorKind::not_found, "there is no profile '" + request.profile + "'", "PROFILE",
                "choose one of " + known)
        .in_japanese("プロファイル「" + request.profile + "」はありません", "次から選んでください: " + known);
  }
  std::vector<const Profile*> parts;
  if (found->parts.empty())
    parts.push_back(&*found);
  else
    for (const auto& part : found->parts) parts.push_back(&*named(part));

  base::InterruptWatch interrupt;
  const auto places = catalogue::Places::load(request.styles / "places");
  const SourceSet set = expand_sources(request.sources, request.max_unpacked_bytes);
  SourceOptions options;
  options.encoding = request.encoding;
  options.default_encoding = parts.front()->encoding;
  options.max_unpacked_bytes = request.max_unpacked_bytes;
  for (const Profile* part : parts)
    for (auto& name : known_columns(*part)) options.known_columns.push_back(std::move(name));
  for (const auto& [field, column] : request.columns) options.known_columns.push_back(folded(column));
  auto sources = open_all(set, options);
  std::vector<ImportReport> reports;
  for (const Profile* part : parts)
    if (parts.size() == 1 || has_wanted(*part, sources))
      reports.push_back(import_profile(request, *part, catalogue, places, set, sources, progress, interrupt));
  if (reports.empty()) {
    std::string wanted;
    for (const Profile* part : parts)
      for (const auto& element : part->elements) wanted += (wanted.empty() ? "" : ", ") + element;
    throw Error(ErrorKind::bad_input, "holds nothing that this profile reads (" + wanted + ")",
                sources.front().shown, "choose another profile");
  }
  return reports;
}

bool good_layer_id(const std::string& id) {
  return !id.empty() && id.size() <= 60 && id[0] >= 'a' && id[0] <= 'z' &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

std::vector<ImportReport> import_auto(const ImportRequest& request, const catalogue::Catalogue& catalogue,
                                      base::Progress& progress) {
  if (!request.columns.empty())
    throw Error(ErrorKind::bad_input, "auto keeps all columns: there is nothing to map", "--map");
  if (!request.layer.empty() && !good_layer_id(request.layer))
    throw Error(ErrorKind::bad_input, "'" + request.layer + "' is no layer id", "--layer",
                "use a-z, 0-9 and _, beginning with a letter");
  if (request.sources.size() != 1)
    throw Error(ErrorKind::bad_input, "auto takes one source at a time", "SOURCE");
  base::InterruptWatch interrupt;
  const SourceSet set = expand_sources(request.sources, request.max_unpacked_bytes);
  SourceOptions options;
  options.encoding = request.encoding;
  options.infer_types = true;
  options.max_unpacked_bytes = request.max_unpacked_bytes;
  auto sources = open_all(set, options);
  std::size_t layers = 0;
  for (const auto& open : sources) layers += open.source->layers().size();
  if (!request.layer.empty() && layers != 1)
    throw Error(ErrorKind::bad_input,
                fmt::format("the source has {} layers, one id cannot name them all", layers), "--layer",
                "leave --layer out");

  std::vector<std::string> covers;
  if (!request.covers.empty())
    covers = stated_covers(request.covers, catalogue::Places::load(request.styles / "places"));
  std::vector<ImportReport> reports;
  for (auto& open : sources) {
    for (std::size_t i = 0; i < open.source->layers().size(); ++i) {
      const auto inferred = infer_layer(open.source->layers()[i], request.layer);
      if (catalogue.find_layer(inferred.layer.id) != nullptr)
        throw Error(ErrorKind::conflict, "layer '" + inferred.layer.id + "' is declared in the catalogue",
                    open.shown, "import it with its profile, or choose another id with --layer");
      if (std::any_of(reports.begin(), reports.end(),
                      [&](const auto& r) { return r.dataset.layer == inferred.layer.id; }))
        throw Error(ErrorKind::conflict,
                    "two layers of the source would be named '" + inferred.layer.id + "'", open.shown,
                    "import them one by one with --layer");
      std::vector<OpenSource> one;
      one.push_back({open.shown, std::move(open.source), i});
      PassInput input;
      input.layer = &inferred.layer;
      input.profile = "auto";
      input.provenance.name = fs::path(open.shown).filename().string();
      input.sources = &one;
      input.files = &set;
      input.stated_covers = covers;
      std::optional<AutoMapper> mapper;
      input.attach = [&](const Source& source) {
        mapper.emplace(inferred.layer, source.layers()[i], request.source_crs, request.max_repair_share);
        return true;
      };
      input.map = [&mapper](SourceFeature& feature, Mapped& out) { mapper->map(feature, out); };
      auto report = import_layer(request, input, progress, interrupt);
      report.notes.insert(report.notes.end(), inferred.notes.begin(), inferred.notes.end());
      if (mapper) {
        report.reference_systems = mapper->operations();
        for (auto& warning : mapper->warnings()) report.notes.emplace_back(std::move(warning));
      }
      reports.push_back(std::move(report));
      open.source = std::move(one.front().source);
    }
  }
  return reports;
}

}  // namespace

RejectLimit RejectLimit::parse(const std::string& text) {
  const bool percent = text.ends_with("%");
  const std::string digits = percent ? text.substr(0, text.size() - 1) : text;
  double number = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool good =
      !digits.empty() && failed == std::errc() && end == digits.data() + digits.size() && number >= 0 &&
      number < 1e15 &&
      (percent ? number <= 100 : number == static_cast<double>(static_cast<std::int64_t>(number)));
  if (!good)
    throw Error(ErrorKind::bad_input, "'" + text + "' is neither a number of records nor a share such as 5%",
                "--max-rejects");
  RejectLimit out;
  if (percent)
    out.share = number / 100;
  else
    out.count = static_cast<std::int64_t>(number);
  return out;
}

bool RejectLimit::exceeded(std::int64_t rejected, std::int64_t of) const {
  if (count) return rejected > *count;
  return static_cast<double>(rejected) > share * static_cast<double>(of);
}

std::string RejectLimit::text() const {
  return count ? std::to_string(*count) : fmt::format("{:.12g}%", share * 100);
}

std::vector<ImportReport> run_import(const ImportRequest& request, base::Progress& progress) {
  const auto catalogue = catalogue::Catalogue::load(request.styles);
  return request.profile == "auto" ? import_auto(request, catalogue, progress)
                                   : import_declared(request, catalogue, progress);
}

}  // namespace ritchi::importers
