// A question that can be asked over HTTP (OGC API - Processes) and from the shell alike.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/base/deadline.hpp"
#include "geodata/catalogue/catalogue.hpp"
#include "geodata/store/shown_feature.hpp"
#include "geodata/store/snapshot.hpp"

namespace ritchi::analysis {

enum class Format { json, geojson, csv, html };
const char* media_type_of(Format format) noexcept;
const char* name_of(Format format) noexcept;  // as in ?f= and --format
std::optional<Format> format_named(std::string_view name) noexcept;

// What a question is answered from.
struct Context {
  std::shared_ptr<const store::Snapshot> snapshot;  // what this caller may see, and nothing else
  const catalogue::Catalogue& catalogue;
  std::string language = "ja";  // "ja" or "en"
  std::string today;            // YYYY-MM-DD in Japan
  std::string public_base;      // what links begin with; empty from the shell: no links
  base::Deadline deadline = base::Deadline::never();
};

struct Answer {
  std::string media_type;
  std::string body;
  std::vector<store::ShownFeature> shown;
};

struct Process {
  std::string id;  // match-sites
  catalogue::Title title;
  catalogue::Title description;
  // By name: OGC input descriptions with a JSON Schema each. A text may be {"ja": …, "en": …}.
  nlohmann::json inputs;
  nlohmann::json outputs;  // the same; one output, which is the whole answer
  // The inputs as this caller can give them, where that depends on what he sees; empty: always as above.
  std::function<nlohmann::json(const Context& context)> inputs_for;
  std::vector<Format> formats;  // the first is the default
  // Thread safe. Throws Error(bad_input) naming the input as "inputs/criteria/0/max".
  std::function<Answer(const nlohmann::json& inputs, const Context& context, Format format)> run;
};

}  // namespace ritchi::analysis
