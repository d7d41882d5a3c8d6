// What lies near a piece of land: infrastructure, and the zones of the municipalities next door.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "tileserver/analysis/report_layers.hpp"

namespace ritchi::analysis {

struct NearFound {
  std::string kind;  // as declared in styles/reports
  catalogue::Title title;
  std::string layer;
  bool has_data = false;  // is anything of the layer published
  double within_m = 0;    // how far was looked
  // Nothing below where nothing was found.
  std::optional<double> distance_m;  // geodesic, from the land's edge; 0 on it
  geom::Point to;
  std::int64_t id = 0;
  std::string name;
  std::vector<ShownValue> values;
};

std::vector<NearFound> find_nearest(const ReportQuestion& question, const Context& context,
                                    std::vector<store::ShownFeature>& shown);

// A zone of another municipality than those of the land.
struct NeighbourFound {
  std::string layer;
  catalogue::Title layer_title;
  std::string municipality_code;
  std::string kind;
  catalogue::Title kind_title;
  double distance_m = 0;  // the nearest of its kind
  std::int64_t count = 0;
};

std::vector<NeighbourFound> find_neighbours(const ReportQuestion& question, const Context& context,
                                            const std::vector<facts::PlaceShare>& municipalities);

}  // namespace ritchi::analysis
