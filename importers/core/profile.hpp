// A source format, declared: which columns feed which attribute, how their texts are read, what a record's
// key is. Adding a format means adding a file to importers/profiles.
#pragma once
#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "geodata/catalogue/layer.hpp"

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

// The keys of mapping and contains, and ends_with, are kept folded (see parsed.hpp), as they are compared.
struct Field {
  std::string to;
  Synonyms from;
  Parse parse = Parse::text;
  std::vector<std::string> unknown;                           // texts that mean "not known"
  std::vector<std::pair<std::string, std::string>> mapping;   // source code or word -> canonical code
  std::vector<std::pair<std::string, std::string>> contains;  // part of the text -> canonical code, in order
  std::string otherwise;                                      // canonical code for what nothing above matches
  std::string unit;  // of the source where it names none, when it is not the attribute's
  double scale = 1;
  std::string ends_with;  // other texts are none of this attribute's and stay unknown
  std::optional<Affix> prefix;
  std::optional<Affix> suffix;
  std::optional<std::string> constant;  // instead of `from`
};

// A record is of this profile's concern only where the column's text is one of these.
struct Condition {
  Synonyms column;
  std::vector<std::string> any_of;
  std::string otherwise;  // said of those left out, in the summary
};

enum class Repeat {
  reject,   // both records: nobody can tell which one is right
  merge,    // one feature with the union of the shapes; attributes must agree
  separate  // different features: the key is completed by a digest of the place
};

struct Identity {
  std::vector<Synonyms> columns;
  bool place = false;  // the place is always part of the key, for sources that have none of their own
  Repeat repeat = Repeat::reject;
};

struct GeometryFrom {
  enum class Kind { source, wkt, lonlat } kind = Kind::source;
  Synonyms wkt, lon, lat;
  // The shape counts only where this attribute has this value; elsewhere it is withheld, not invented.
  std::string only_when_field, only_when_value;
};

// Sources of one profile that differ in their columns: overriding fields where all of these columns exist.
struct Variant {
  Synonyms has_columns;
  Synonyms elements;
  std::vector<Field> fields;
};

struct Provenance {
  std::string name, url, licence, attribution;
};

struct Profile {
  std::string id;
  catalogue::Title title;
  std::string layer;
  std::vector<std::string>
      parts;  // other profiles run on the same source, each for its layer; all else is empty
  Provenance source;
  std::string encoding;               // where the source does not say
  std::string default_crs;            // where the source does not say; empty = it must, or --source-crs does
  std::vector<std::string> elements;  // layers or elements that are read; empty = all
  std::vector<Condition> where;
  Identity identity;
  GeometryFrom geometry;
  Synonyms synthetic_columns;
  std::vector<std::string> synthetic_values;
  std::vector<Field> fields;
  std::vector<Variant> variants;
};

// Throws Error(bad_input) naming file, key and reason.
Profile parse_profile(const nlohmann::json& json, const std::string& where);
Profile load_profile(const std::filesystem::path& file);
// All of a folder by id; throws for the first bad one.
std::vector<Profile> load_profiles(const std::filesystem::path& folder);
// Checks the fields against the layer: names, required ones, computed ones. Throws Error(bad_input).
void check_against(const Profile& profile, const catalogue::Layer& layer);

}  // namespace ritchi::importers
