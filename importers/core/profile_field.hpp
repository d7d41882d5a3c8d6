// One field of a profile: which column feeds an attribute, and how its texts are read.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "importers/core/parse_date.hpp"

namespace ritchi::importers {

enum class Parse {
  text,
  integer,
  number,
  code,
  codes_list,
  date,
  fiscal_year,
  money_jpy,
  boolean,
  municipality_code,
  prefecture_code,
  json
};

using Synonyms = std::vector<std::string>;  // names of one column, the first that the source has counts

// Text put before or behind a field's own, from another column: 新潟市 before 北区.
struct Affix {
  Synonyms from;
  std::string ends_with;  // only where the text ends so; empty = always
};

// A number that follows from other attributes of the record, where the source does not state it.
struct Derivation {
  enum class Kind { sum, difference, ratio, by_code } kind = Kind::sum;
  std::vector<std::string> of;                          // attributes; difference: the first less all others
  std::vector<std::pair<std::string, double>> numbers;  // by_code: code of the attribute -> number
};

// The keys of mapping and contains, and ends_with, are kept folded (see parsed.hpp), as they are compared.
struct Field {
  std::string to;
  Synonyms from;
  Parse parse = Parse::text;
  std::vector<std::string> unknown;  // texts that mean "not known"
  std::vector<std::pair<std::string, std::string>>
      mapping;  // source code or word -> canonical code or number
  std::vector<std::pair<std::string, std::string>> contains;  // part of the text -> canonical code, in order
  std::string otherwise;                                      // canonical code for what nothing above matches
  std::string unit;  // of the source where it names none, when it is not the attribute's
  double scale = 1;
  std::string ends_with;  // other texts are none of this attribute's and stay unknown
  std::optional<Affix> prefix;
  std::optional<Affix> suffix;
  std::optional<std::string> constant;  // instead of `from`
  std::optional<Derivation> derived;    // instead of `from`, or where that column says nothing
  YearRule years;
  bool unset = false;  // in a variant: the field of this attribute does not count there
};

// The list under `fields` of a profile, of a child table or (variant) of a variant. Throws Error(bad_input)
// naming file, key and reason.
class JsonObject;
std::vector<Field> read_fields(JsonObject& object, bool variant);

}  // namespace ritchi::importers
