// rooms: geodata_tiling
// Any bytes as the prepared shares of a tile: an Error(damaged), or a layer within its budget that reads
// back, merges with nothing into itself, and says how many it left out.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "geodata/base/error.hpp"
#include "geodata/tiling/layer_merger.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace ritchi;
using nlohmann::json;

const std::vector<catalogue::Layer>& layers() {
  static const std::vector<catalogue::Layer> out = [] {
    const json rules[] = {json::object(),
                          {{"max_bytes", 1000}, {"max_features", 3}},
                          {{"cluster",
                            {{"cell", 256},
                             {"sum", {"amount"}},
                             {"min", {"year"}},
                             {"classes", {{"attribute", "year"}, {"breaks", {1966}}}}}}},
                          {{"join", {{"by", {"kind"}}, {"sum", {"amount"}}}}},
                          {{"smallest_area", 8}, {"merge", {{"by", {"kind"}}, {"sum", {"amount"}}}}}};
    std::vector<catalogue::Layer> made;
    for (const json& rule : rules) {
      json declared{{"id", "things"},
                    {"geometry", "any"},
                    {"rank", "amount"},
                    {"attributes",
                     {{{"name", "kind"}, {"type", "text"}},
                      {{"name", "amount"}, {"type", "real"}},
                      {{"name", "year"}, {"type", "integer"}}}},
                    {"generalise", json::array({rule})}};
      declared["generalise"][0]["zooms"] = {0, 22};
      made.push_back(catalogue::parse_layer(declared, "fuzz"));
    }
    return made;
  }();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const catalogue::Layer& layer = layers()[input.choice(layers().size())];
  const std::size_t split = input.choice(65536);
  const std::string rest(input.rest());
  const std::size_t at = std::min(split, rest.size());
  try {
    const auto merged = tiling::merge_layers(layer, 10, {rest.substr(0, at), rest.substr(at)}, 5);
    fuzz::require(merged.dropped >= 5, "what was left out before stays left out");
    const auto budget = catalogue::rule_at(layer, 10);
    fuzz::require(merged.features <= budget.max_features, "no more features than allowed");
    fuzz::require(static_cast<std::int64_t>(merged.bytes.size()) <= budget.max_bytes,
                  "no more bytes than allowed");
    if (merged.bytes.empty()) return 0;
    const auto again = tiling::merge_layers(layer, 10, {merged.bytes}, merged.dropped);
    fuzz::require(again.dropped >= merged.dropped, "merged once more, nothing comes back");
  } catch (const base::Error& error) {
    fuzz::require(error.kind() == base::ErrorKind::damaged, "bytes can be damaged, and nothing else");
  }
  return 0;
}
