// What of each layer lies on a piece of land: features, the parts of them inside, areas that count once.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/facts/coverage.hpp"
#include "geodata/facts/overlap.hpp"
#include "tileserver/analysis/process.hpp"
#include "tileserver/analysis/report_question.hpp"
#include "tileserver/analysis/report_values.hpp"

namespace ritchi::analysis {

// Of a feature on the day that is asked about. Only what is not over and has begun counts.
enum class Validity { valid, not_yet, ended, undated };
const char* name_of(Validity validity) noexcept;

struct OverlapFound {
  store::Feature feature;
  geom::Geometry part;
  double area_m2 = 0;
  double share = 0;
  double whole_m2 = 0;  // of the feature, also beyond the land; 0 where no rule of the layer asks for it
  Validity validity = Validity::undated;
  std::string valid_from, valid_to;
  bool counts() const { return validity == Validity::valid || validity == Validity::undated; }
};

// Features of one kind, by the layer's first coded attribute.
struct KindFound {
  std::string code;  // empty: not known
  catalogue::Title title;
  std::int64_t count = 0;
  double area_m2 = 0;  // parts added up
};

struct LayerFound {
  std::string id;
  catalogue::Title title;
  const catalogue::Layer* layer = nullptr;  // as the snapshot shows it; null where nothing is published
  facts::Covered coverage = facts::Covered::none;
  std::string as_of;                   // the oldest of its datasets; empty: not stated
  std::vector<OverlapFound> overlaps;  // largest first
  std::vector<KindFound> kinds;        // of those that count
  double united_m2 = 0;
  double share = 0;
  // Is there perhaps more than was found? Where there are no data for all of the land.
  bool at_least() const { return coverage != facts::Covered::all && share < 1; }
};

// A layer looks at its features once, whatever many rules ask.
LayerFound find_overlaps(const std::string& layer, const ReportQuestion& question, const Context& context,
                         const facts::Coverage& coverage,
                         const std::vector<facts::PlaceShare>& municipalities, facts::Overlap& overlap);

// Features of those shown that the public does not see.
void add_shown(const store::LayerView& view, const std::set<std::int64_t>& ids, const geom::Box& box,
               const Context& context, std::vector<store::ShownFeature>& out);

}  // namespace ritchi::analysis
