#include "importers/core/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "geodata/base/error.hpp"
#include "geodata/base/resource.hpp"
#include "importers/core/json_object.hpp"
#include "importers/core/parsed.hpp"

namespace ritchi::importers {
namespace {

using base::Error;
using base::ErrorKind;
using nlohmann::json;

Parse parse_named(JsonObject& reader) {
  const std::string name = reader.text("parse");
  static constexpr std::pair<std::string_view, Parse> names[] = {
      {"", Parse::text},
      {"text", Parse::text},
      {"integer", Parse::integer},
      {"number", Parse::number},
      {"code", Parse::code},
      {"codes_list", Parse::codes_list},
      {"date", Parse::date},
      {"fiscal_year", Parse::fiscal_year},
      {"money_jpy", Parse::money_jpy},
      {"boolean", Parse::boolean},
      {"municipality_code", Parse::municipality_code},
      {"prefecture_code", Parse::prefecture_code},
      {"json", Parse::json}};
  for (const auto& [known, parse] : names)
    if (name == known) return parse;
  std::string all;
  for (const auto& [known, parse] : names) all += (all.empty() ? "" : ", ") + std::string(known);
  reader.fail("'" + name + "' is none of " + all.substr(2), "parse");
}

std::optional<Affix> affix(JsonObject& reader, const char* key) {
  const json* value = reader.find(key);
  if (value == nullptr) return std::nullopt;
  JsonObject inner(*value, reader.path(key));
  Affix out;
  out.from = inner.texts("from");
  out.ends_with = inner.text("ends_with");
  if (out.from.empty()) inner.fail("is missing", "from");
  inner.done();
  return out;
}

// Compared with folded texts of records: folded here once, not with each of them.
std::vector<std::pair<std::string, std::string>> folded_keys(
    std::vector<std::pair<std::string, std::string>> pairs) {
  for (auto& [from, to] : pairs) from = folded(from);
  return pairs;
}

Field field(const json& object, const std::string& where) {
  JsonObject reader(object, where);
  Field out;
  out.to = reader.text("to", true);
  out.from = reader.texts("from");
  out.parse = parse_named(reader);
  out.unknown = reader.texts("unknown");
  out.mapping = folded_keys(reader.pairs("mapping"));
  out.contains = folded_keys(reader.pairs("contains"));
  out.otherwise = reader.text("otherwise");
  out.unit = reader.text("unit");
  out.ends_with = folded(reader.text("ends_with"));
  out.prefix = affix(reader, "prefix");
  out.suffix = affix(reader, "suffix");
  if (const json* scale = reader.find("scale")) {
    if (!scale->is_number() || scale->get<double>() <= 0) reader.fail("must be a number above 0", "scale");
    out.scale = *scale;
  }
  if (reader.find("const") != nullptr) out.constant = reader.text("const");
  if (out.from.empty() == !out.constant) reader.fail("needs either 'from' or 'const'");
  reader.done();
  return out;
}

Identity identity(JsonObject& outer) {
  const json* value = outer.find("identity");
  if (value == nullptr) outer.fail("is missing", "identity");
  JsonObject reader(*value, outer.path("identity"));
  Identity out;
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
    out.columns.push_back(std::move(names));
  });
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
  if (out.columns.empty() && !out.place) reader.fail("needs columns, or place");
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

}  // namespace

std::vector<Field> read_fields(JsonObject& object) {
  std::vector<Field> out;
  std::set<std::string> names;
  object.each("fields", [&](const json& item, const std::string& where) {
    out.push_back(field(item, where));
    if (!names.insert(out.back().to).second)
      throw Error(ErrorKind::bad_input, "is given twice", where + "/to");
  });
  return out;
}

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
  out.encoding = reader.text("encoding");
  if (const json* crs = reader.find("crs")) {
    JsonObject inner(*crs, reader.path("crs"));
    out.default_crs = inner.text("default", true);
    inner.done();
  }
  out.elements = reader.texts("elements");
  reader.each("where", [&](const json& item, const std::string& at) {
    JsonObject inner(item, at);
    Condition condition{inner.texts("column"), inner.texts("in"), inner.text("otherwise", true)};
    if (condition.column.empty()) inner.fail("is missing", "column");
    if (condition.any_of.empty()) inner.fail("is missing", "in");
    inner.done();
    out.where.push_back(std::move(condition));
  });
  out.identity = identity(reader);
  out.geometry = read_geometry_from(reader);
  if (const json* synthetic = reader.find("synthetic")) {
    JsonObject inner(*synthetic, reader.path("synthetic"));
    out.synthetic_columns = inner.texts("columns");
    out.synthetic_values = inner.texts("values");
    inner.done();
  }
  out.fields = read_fields(reader);
  if (out.fields.empty()) reader.fail("is missing", "fields");
  reader.each("variants", [&](const json& item, const std::string& at) {
    JsonObject inner(item, at);
    Variant variant;
    variant.has_columns = inner.texts("has_columns");
    variant.elements = inner.texts("elements");
    if (variant.has_columns.empty() && variant.elements.empty())
      inner.fail("needs 'has_columns' or 'elements'");
    variant.fields = read_fields(inner);
    inner.done();
    out.variants.push_back(std::move(variant));
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

void check_against(const Profile& profile, const catalogue::Layer& layer) {
  const std::string where = profile.id + ".json/fields";
  std::vector<const Field*> all;
  for (const auto& field : profile.fields) all.push_back(&field);
  for (const auto& variant : profile.variants)
    for (const auto& field : variant.fields) all.push_back(&field);
  for (const Field* field : all) {
    const auto* attribute = layer.find(field->to);
    if (attribute == nullptr)
      throw Error(ErrorKind::bad_input, "layer '" + layer.id + "' has no attribute '" + field->to + "'",
                  where);
    if (attribute->computed != catalogue::Computed::none)
      throw Error(ErrorKind::bad_input, "'" + field->to + "' is computed from the shape and takes no column",
                  where);
    if ((field->parse == Parse::code) != !attribute->codes.empty() && !field->constant)
      throw Error(ErrorKind::bad_input,
                  "'" + field->to +
                      (attribute->codes.empty() ? "' has no code list: parse 'code' cannot be used"
                                                : "' has a code list: parse must be 'code'"),
                  where);
  }
  check_defaults(profile.defaults, layer, profile.id + ".json");
  check_row_rules(profile.rows, layer, profile.id + ".json");
  for (const auto& attribute : layer.attributes)
    if (attribute.required && find_default(profile.defaults, attribute.name) == nullptr &&
        std::none_of(all.begin(), all.end(), [&](const Field* field) { return field->to == attribute.name; }))
      throw Error(ErrorKind::bad_input,
                  "'" + attribute.name + "' is required by layer '" + layer.id + "' and has no field", where);
}

}  // namespace ritchi::importers
