// A source format, declared: which columns feed which attribute, how their texts are read, what a record's
// key is. Adding a format means adding a file to importers/profiles.
#pragma once
#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "importers/core/profile_defaults.hpp"
#include "importers/core/profile_field.hpp"
#include "importers/core/profile_place.hpp"
#include "importers/core/profile_rows.hpp"

namespace ritchi::importers {

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
  std::vector<std::string> attributes;  // of the layer, as read: what columns of many names come to
  bool place = false;  // the place is always part of the key, for sources that have none of their own
  Repeat repeat = Repeat::reject;
};

// Sources of one profile that differ, such as its editions: where all of has_columns exist and none of
// lacks_columns, in elements of these names, its fields count in place of the profile's of the same
// attribute, and so do its conditions, key and reference system where it has any.
struct Variant {
  Synonyms has_columns;
  Synonyms lacks_columns;
  std::vector<std::string> elements;
  std::vector<Field> fields;
  std::vector<Condition> where;
  std::vector<Synonyms> key;
  std::string default_crs;
};

struct Provenance {
  std::string name, url, licence, attribution;
};

// For which area the publication is complete by its nature, so that no row there means that there is none.
enum class Covers { not_stated, japan, prefectures, municipalities };  // the last two: those of its rows

struct Profile {
  std::string id;
  catalogue::Title title;
  std::string layer;
  std::vector<std::string>
      parts;  // other profiles run on the same source, each for its layer; all else is empty
  Provenance source;
  Covers covers = Covers::not_stated;
  std::string encoding;               // where the source does not say
  std::string default_crs;            // where the source does not say; empty = it must, or --source-crs does
  std::vector<std::string> elements;  // layers or elements that are read (see element_names.hpp); empty = all
  std::vector<Condition> where;
  Identity identity;
  GeometryFrom geometry;
  Synonyms synthetic_columns;
  std::vector<std::string> synthetic_values;
  std::vector<Field> fields;
  std::vector<Variant> variants;
  std::vector<Default> defaults;
  RowRules rows;
};

// Throws Error(bad_input) naming file, key and reason.
Profile parse_profile(const nlohmann::json& json, const std::string& where);
Profile load_profile(const std::filesystem::path& file);
// All of a folder by id; throws for the first bad one.
std::vector<Profile> load_profiles(const std::filesystem::path& folder);
// Checks the fields against the layer: names, required ones, computed ones, what others follow from. Throws
// Error(bad_input).
void check_against(const Profile& profile, const catalogue::Layer& layer);

}  // namespace ritchi::importers
