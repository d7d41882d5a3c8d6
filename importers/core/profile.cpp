#include "importers/core/profile.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/base/resource.hpp"
#include "importers/core/json_object.hpp"

namespace ritchi::importers {
namespace {

using base::Error;
using base::ErrorKind;
using nlohmann::json;

std::vector<Synonyms> key_columns(JsonObject& reader) {
  std::vector<Synonyms> out;
  reader.each("columns", [&](const json& item, const std::string& where) {
    Synonyms names;
    if (item.is_string())
      names.push_back(item);
    else if (item.is_array())
      for (const auto& name : item) {
        if (!name.is_string()) throw Error(ErrorKind::bad_input, "must be a text or a list of texts", where);
        names.push_back(name);
      }
    if (names.empty()) throw Error(ErrorKind::bad_input, "must be a text or a list of texts", where);
    out.push_back(std::move(names));
  });
  return out;
}

Identity identity(JsonObject& outer) {
  const json* value = outer.find("identity");
  if (value == nullptr) outer.fail("is missing", "identity");
  JsonObject reader(*value, outer.path("identity"));
  Identity out;
  out.columns = key_columns(reader);
  out.attributes = reader.texts("attributes");
  out.place = reader.flag("place");
  const std::string repeat = reader.text("repeat");
  if (repeat.empty() || repeat == "reject")
    out.repeat = Repeat::reject;
  else if (repeat == "merge")
    out.repeat = Repeat::merge;
  else if (repeat == "separate")
    out.repeat = Repeat::separate;
  else
    reader.fail("'" + repeat + "' is none of reject, merge, separate", "repeat");
  if (out.columns.empty() && out.attributes.empty() && !out.place)
    reader.fail("needs columns, attributes or place");
  reader.done();
  return out;
}

std::vector<Condition> conditions(JsonObject& outer) {
  std::vector<Condition> out;
  outer.each("where", [&](const json& item, const std::string& at) {
    JsonObject inner(item, at);
    Condition condition{inner.texts("column"), inner.texts("in"), inner.text("otherwise", true)};
    if (condition.column.empty()) inner.fail("is missing", "column");
    if (condition.any_of.empty()) inner.fail("is missing", "in");
    inner.done();
    out.push_back(std::move(condition));
  });
  return out;
}

std::string default_crs(JsonObject& outer) {
  const json* crs = outer.find("crs");
  if (crs == nullptr) return {};
  JsonObject inner(*crs, outer.path("crs"));
  std::string out = inner.text("default", true);
  inner.done();
  return out;
}

// The profile's own fields, read from columns of other names.
void take_columns(JsonObject& reader, const std::vector<Field>& fields, Variant& out) {
  const json* value = reader.find("columns");
  if (value == nullptr) return;
  JsonObject columns(*value, reader.path("columns"));
  for (const auto& [to, ignored] : value->items()) {
    const auto same = [&to = to](const Field& field) { return field.to == to; };
    const auto field = std::find_if(fields.begin(), fields.end(), same);
    if (field == fields.end() || field->constant)
      columns.fail("is no attribute that the profile reads from a column", to);
    if (std::any_of(out.fields.begin(), out.fields.end(), same)) columns.fail("is given twice", to);
    out.fields.push_back(*field);
    out.fields.back().from = columns.texts(to.c_str());
    if (out.fields.back().from.empty()) columns.fail("must be a text or a list of texts", to);
  }
}

Variant variant(const json& value, const std::string& where, const std::vector<Field>& fields) {
  JsonObject reader(value, where);
  Variant out;
  out.has_columns = reader.texts("has_columns");
  out.lacks_columns = reader.texts("lacks_columns");
  out.elements = reader.texts("elements");
  if (out.has_columns.empty() && out.lacks_columns.empty() && out.elements.empty())
    reader.fail("needs 'has_columns', 'lacks_columns' or 'elements'");
  out.fields = read_fields(reader, true);
  take_columns(reader, fields, out);
  out.where = conditions(reader);
  out.default_crs = default_crs(reader);
  if (const json* identity = reader.find("identity")) {
    JsonObject inner(*identity, reader.path("identity"));
    out.key = key_columns(inner);
    if (out.key.empty()) inner.fail("is missing", "columns");
    inner.done();
  }
  reader.done();
  return out;
}

catalogue::Title title(JsonObject& outer) {
  const json* value = outer.find("title");
  if (value == nullptr) outer.fail("is missing", "title");
  JsonObject reader(*value, outer.path("title"));
  catalogue::Title out{reader.text("ja", true), reader.text("en", true)};
  reader.done();
  return out;
}

Provenance provenance(JsonObject& outer) {
  const json* value = outer.find("source");
  if (value == nullptr) outer.fail("is missing", "source");
  JsonObject reader(*value, outer.path("source"));
  Provenance out{reader.text("name", true), reader.text("url"), reader.text("licence", true),
                 reader.text("attribution", true)};
  reader.done();
  return out;
}

Covers covers(JsonObject& reader) {
  const std::string text = reader.text("covers");
  if (text.empty()) return Covers::not_stated;
  if (text == "japan") return Covers::japan;
  if (text == "prefectures") return Covers::prefectures;
  if (text != "municipalities") reader.fail("is none of japan, prefectures, municipalities", "covers");
  return Covers::municipalities;
}

}  // namespace

Profile parse_profile(const json& object, const std::string& where) {
  JsonObject reader(object, where);
  Profile out;
  out.id = reader.text("id", true);
  if (out.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
    reader.fail("may have only a-z, 0-9 and -", "id");
  if (out.id == "auto") reader.fail("'auto' is taken: it makes a layer of any source", "id");
  out.title = title(reader);
  out.parts = reader.texts("parts");
  if (!out.parts.empty()) {
    reader.done();
    return out;
  }
  out.layer = reader.text("layer", true);
  out.source = provenance(reader);
  out.covers = covers(reader);
  out.encoding = reader.text("encoding");
  out.default_crs = default_crs(reader);
  out.elements = reader.texts("elements");
  out.where = conditions(reader);
  out.identity = identity(reader);
  out.geometry = read_geometry_from(reader);
  if (const json* synthetic = reader.find("synthetic")) {
    JsonObject inner(*synthetic, reader.path("synthetic"));
    out.synthetic_columns = inner.texts("columns");
    out.synthetic_values = inner.texts("values");
    inner.done();
  }
  out.fields = read_fields(reader, false);
  if (out.fields.empty()) reader.fail("is missing", "fields");
  reader.each("variants", [&](const json& item, const std::string& at) {
    out.variants.push_back(variant(item, at, out.fields));
  });
  out.defaults = read_defaults(reader);
  out.rows = read_row_rules(reader, out.identity.repeat == Repeat::merge);
  reader.done();
  return out;
}

Profile load_profile(const std::filesystem::path& file) {
  const std::string where = file.filename().string();
  json object;
  try {
    object = json::parse(base::read_file(file));
  } catch (const json::parse_error& error) {
    throw Error(ErrorKind::bad_input, std::string("is not JSON: ") + error.what(), where);
  }
  Profile profile = parse_profile(object, where);
  if (profile.id != file.stem().string())
    throw Error(ErrorKind::bad_input,
                "is '" + profile.id + "' where the file's name says '" + file.stem().string() + "'",
                where + "/id");
  return profile;
}

std::vector<Profile> load_profiles(const std::filesystem::path& folder) {
  std::error_code failed;
  std::vector<Profile> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed))
    if (entry.path().extension() == ".json") out.push_back(load_profile(entry.path()));
  if (failed) throw Error(ErrorKind::not_found, "cannot be read: " + failed.message(), folder.string());
  std::sort(out.begin(), out.end(), [](const Profile& a, const Profile& b) { return a.id < b.id; });
  for (const auto& profile : out)
    for (const auto& part : profile.parts) {
      const auto at =
          std::find_if(out.begin(), out.end(), [&](const Profile& other) { return other.id == part; });
      if (at == out.end() || !at->parts.empty())
        throw Error(ErrorKind::bad_input, "'" + part + "' is no profile that reads one layer",
                    profile.id + ".json/parts");
    }
  return out;
}

}  // namespace ritchi::importers
