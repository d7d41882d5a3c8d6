// What somebody asks of sites, read and checked: the typed form of the inputs of match-sites.
#pragma once
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "geodata/catalogue/catalogue.hpp"
#include "geodata/filter/predicate.hpp"
#include "geodata/geom/geometry.hpp"
#include "geodata/store/facts_file.hpp"
#include "geodata/store/snapshot.hpp"

namespace ritchi::analysis {

// A value of sites that can be asked for.
struct KnownFact {
  std::string name;
  catalogue::Title title;
  std::string unit;
  store::FactForm form = store::FactForm::number;
  std::string codes;       // id of a code list, or empty
  std::string constraint;  // not empty: a share of the site's area, asked for by this name
};

// nullptr: there is none of that name.
const KnownFact* find_known(const std::vector<KnownFact>& facts, const std::string& name);

// What a distance is measured to: the features of a layer that a filter selects, one feature, or a point.
struct Target {
  std::string layer;  // empty: a point
  filter::PredicatePtr filter;
  std::optional<std::int64_t> id;
  geom::Point point;
};

enum class Ask { fact, constraint, near, away };

struct Criterion {
  Ask ask = Ask::fact;
  std::string fact;  // of Ask::fact and Ask::constraint: the column
  // Bounds that are not given are infinite. In the fact's unit, as a share of 1, or in km.
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  std::optional<double> ideal;
  std::vector<std::string> in;  // sorted
  Target target;
  std::vector<std::string> outside_same;  // facts that are sets of words
  double weight = 1;
  bool required = true;
};

struct Question {
  std::string layer;
  std::vector<Criterion> criteria;
  std::optional<geom::Geometry> within_area;
  std::vector<std::string> within_codes;  // municipalities (5 digits) and prefectures (2)
  bool keep_unknown = true;
  std::size_t limit = 100;
  std::string as_of;
  nlohmann::json normalised;  // with every default written out; asking it again is asking the same
};

inline constexpr std::size_t most_criteria = 50;
inline constexpr std::size_t most_in_list = 1000;
inline constexpr std::int64_t most_results = 10'000;
inline constexpr const char* default_site_layer = "factory_sites";

// Which layer is asked for, and no more: its facts have to be known before the rest can be read.
std::string layer_asked(const nlohmann::json& inputs);

// Throws Error(bad_input | too_large | not_found) naming the input, such as inputs/criteria/0/max.
Question read_question(const nlohmann::json& inputs, const std::vector<KnownFact>& facts,
                       const store::Snapshot& snapshot, const catalogue::Catalogue& catalogue,
                       const std::string& today);

}  // namespace ritchi::analysis
