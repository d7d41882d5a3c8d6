// How a layer is generalised for tiles, zoom by zoom: declared in styles/layers/*.json under "generalise".
//
// Areas and lengths are in tile units: 1/4096 of a tile's side, an eighth of a pixel where a tile is drawn
// 512 pixels wide.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace ritchi::catalogue {

// What a feature that stands for several says of them, besides how many they are (`_count`): of each
// attribute the sum, least and greatest known value, as <attribute>_sum, _min, _max. Unknown values are left
// out, and an aggregate of none but unknown values is unknown.
struct Aggregates {
  std::vector<std::string> sum;
  std::vector<std::string> min;
  std::vector<std::string> max;
  friend bool operator==(const Aggregates&, const Aggregates&) = default;
};

// Sums are given once more for each class of a numeric attribute, as <sum>_<class>: with breaks 1966 and 1986
// the classes are to_1965 (anything less than 1966), 1966_1985, from_1986 and unknown.
struct Classes {
  std::string attribute;
  std::vector<std::int64_t> breaks;  // ascending
  friend bool operator==(const Classes&, const Classes&) = default;
};

// Features whose places fall into one cell of a fixed grid become one point.
struct Cluster {
  int cell = 256;  // side in tile units; a power of two, at most 4096
  Aggregates of;
  std::optional<Classes> classes;
  friend bool operator==(const Cluster&, const Cluster&) = default;
};

// Lines with the same values of `by` that meet at their ends become one line.
struct Join {
  std::vector<std::string> by;
  Aggregates of;
  friend bool operator==(const Join&, const Join&) = default;
};

// Polygons below the smallest area become squares that together have their area, one kind of square for each
// combination of values of `by`.
struct Merge {
  std::vector<std::string> by;
  Aggregates of;
  friend bool operator==(const Merge&, const Merge&) = default;
};

// What holds at one zoom.
struct ZoomRule {
  double tolerance = 1;      // of simplification; borders that neighbours share stay shared
  double smallest_area = 0;  // polygons below are merged, or else kept or dropped as the layer's `tiny` says
  std::int64_t max_bytes = 500'000;  // of the layer in one tile, not compressed
  std::int64_t max_features = 50'000;
  std::optional<Cluster> cluster;
  std::optional<Join> join;
  std::optional<Merge> merge;
  std::vector<std::string> attributes;  // the only ones shown; empty: all that the layer has in tiles
  friend bool operator==(const ZoomRule&, const ZoomRule&) = default;
};

// One entry as declared: what it names holds at zooms first … last, and of two entries the later.
struct ZoomDeclaration {
  int first = 0;
  int last = 0;
  std::optional<double> tolerance;
  std::optional<double> smallest_area;
  std::optional<std::int64_t> max_bytes;
  std::optional<std::int64_t> max_features;
  std::optional<Cluster> cluster;
  std::optional<Join> join;
  std::optional<Merge> merge;
  std::vector<std::string> attributes;
};

struct Layer;

// Throws Error(bad_input) naming key and reason; that the attributes exist is checked by
// check_generalisation.
std::vector<ZoomDeclaration> parse_generalisation(const nlohmann::json& list, const std::string& where);
nlohmann::json to_json(const std::vector<ZoomDeclaration>& declared);
// Every attribute named must be declared in the layer, numeric where it is summed, and be in its tiles.
void check_generalisation(const Layer& layer, const std::string& where);

ZoomRule rule_at(const Layer& layer, int zoom);

}  // namespace ritchi::catalogue
