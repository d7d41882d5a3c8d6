// The facts of a layer's features that are computed from other layers: declared in styles/facts/*.json.
#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "geodata/catalogue/layer.hpp"

namespace ritchi::catalogue {

class Catalogue;

// What a fact's values look like.
enum class FactForm : std::uint8_t { number, text, texts };  // texts: a set of words

enum class FactKind : std::uint8_t {
  attribute,   // the feature's own, the first known of several
  nearest,     // km to the nearest feature of a layer
  of_nearest,  // an attribute of that nearest feature
  at,          // an attribute of the features there
  share,       // how much of the feature's area features of a layer cover, 0 to 1
  extendable,  // ha of land next to it that it could grow into
  age          // full years since the year that another fact is; computed when it is asked for, never stored
};

// Of several features at one place: the greatest or least value, that of the feature which covers most of the
// place, or all of them as a set.
enum class Take : std::uint8_t { greatest, least, largest_share, set };

// Features of a layer; where: CQL2 text, empty: all.
struct FactFeatures {
  std::string layer;
  std::string where;
};

struct Extendable {
  double within_m = 0;
  std::string zoning_layer;
  std::string zoning_attribute;
  // Districts that go together; one that is in no group goes with itself.
  std::vector<std::vector<std::string>> groups;
  struct Blocked {
    FactFeatures features;
    bool needed = false;  // where this layer has no data, the fact is unknown
  };
  std::vector<Blocked> blocked;
};

struct Fact {
  std::string name;
  Title title;
  Title computed;  // how, in words for people
  std::string unit;
  std::string codes;  // id of a code list, or empty
  FactForm form = FactForm::number;
  FactKind kind = FactKind::attribute;
  std::vector<std::string> attributes;  // of attribute, at: the first known; of of_nearest: one
  // Of at: the last of the attributes, whose values say how much there is at least.
  std::vector<std::string> lower_bounds;
  std::string split;      // of attribute: characters between several words in one text
  FactFeatures features;  // of nearest, at, share
  // Of nearest: where the text fact `same_fact` is known, only features whose attribute says the same, if
  // there are any.
  std::string same_attribute;
  std::string same_fact;
  std::string of;  // of of_nearest, age: the fact that it goes on from, declared before it
  Take take = Take::set;
  std::optional<double> none;  // of at: the value where there is no such feature; else that is unknown
  std::optional<Extendable> extendable;
  bool fiscal_year = false;  // of age: years begin in April
  std::string declaration;   // canonical JSON of all that decides the values

  bool is_stored() const { return kind != FactKind::age; }
  // The layers that its values come from, by id; not those of facts that it goes on from.
  std::vector<std::string> layers() const;
  // Those of them without which there is no value.
  std::vector<std::string> needed_layers() const;
};

// The facts of one file. where names it in errors; the catalogue has all layers. Throws Error(bad_input)
// naming key and reason.
struct LayerFacts {
  std::string layer;
  std::vector<Fact> facts;
};
LayerFacts parse_facts(const nlohmann::json& document, const Catalogue& catalogue, const std::string& where);

}  // namespace ritchi::catalogue
