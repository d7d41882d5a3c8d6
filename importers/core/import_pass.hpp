// From a stream of mapped records to one published dataset: the part that profiles and `auto` have in common.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "geodata/base/interrupt.hpp"
#include "importers/core/collector.hpp"
#include "importers/core/import_job.hpp"
#include "importers/core/place_check.hpp"
#include "importers/core/profile.hpp"
#include "importers/core/source.hpp"
#include "importers/core/source_files.hpp"

namespace ritchi::importers {

// A source as it is read: opened once, read as often as needed.
struct OpenSource {
  std::string shown;
  std::unique_ptr<Source> source;
  std::optional<std::size_t> only_layer;
};

struct PassInput {
  const catalogue::Layer* layer = nullptr;
  std::string profile;
  Provenance provenance;
  Repeat repeat = Repeat::reject;
  RowRules rows;
  std::vector<OpenSource>* sources = nullptr;
  const SourceSet* files = nullptr;
  // Before the features of a source; false where nothing of it is to be read.
  std::function<bool(const Source&)> attach;
  std::function<void(SourceFeature&, Mapped&)> map;
  PlaceCheck* places = nullptr;            // none for `auto`: its columns mean nothing
  Covers covers = Covers::not_stated;      // as the profile says; then place_codes are needed
  std::vector<std::string> stated_covers;  // by --covers, instead
  const catalogue::Places* place_codes = nullptr;
};

ImportReport import_layer(const ImportRequest& request, const PassInput& input, base::Progress& progress,
                          base::InterruptWatch& interrupt);

}  // namespace ritchi::importers
