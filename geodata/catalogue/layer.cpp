#include "geodata/catalogue/layer.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "geodata/base/error.hpp"
#include "geodata/catalogue/json_read.hpp"

namespace ritchi::catalogue {
namespace {

using base::Error;
using base::ErrorKind;
using nlohmann::json;

template <class Enum, std::size_t N>
using Names = std::array<std::pair<const char*, Enum>, N>;

constexpr Names<AttributeType, 6> attribute_types{{{"text", AttributeType::text},
                                                   {"integer", AttributeType::integer},
                                                   {"real", AttributeType::real},
                                                   {"boolean", AttributeType::boolean},
                                                   {"date", AttributeType::date},
                                                   {"datetime", AttributeType::datetime}}};
constexpr Names<LayerGeometry, 4> geometries{{{"point", LayerGeometry::point},
                                              {"line", LayerGeometry::line},
                                              {"polygon", LayerGeometry::polygon},
                                              {"any", LayerGeometry::any}}};
constexpr Names<Computed, 4> computations{{{"", Computed::none},
                                           {"area_m2", Computed::area_m2},
                                           {"area_ha", Computed::area_ha},
                                           {"length_m", Computed::length_m}}};
constexpr Names<Disclosure, 3> disclosures{
    {{"public", Disclosure::open}, {"consented", Disclosure::consented}, {"internal", Disclosure::internal}}};
constexpr Names<Tiny, 2> tinies{{{"drop", Tiny::drop}, {"keep", Tiny::keep}}};

template <class Enum, std::size_t N>
Enum from_name(const Names<Enum, N>& names, const std::string& name, const std::string& where) {
  for (const auto& [text, value] : names)
    if (name == text) return value;
  throw Error(ErrorKind::bad_input, "'" + name + "' is not one of the values allowed here", where);
}

template <class Enum, std::size_t N>
const char* to_name(const Names<Enum, N>& names, Enum value) noexcept {
  for (const auto& [text, known] : names)
    if (known == value) return text;
  return "";
}

std::string require(const json& object, const char* key, const std::string& where) {
  auto text = get<std::string>(object, key, {}, where);
  if (text.empty())
    throw Error(ErrorKind::bad_input, std::string("key '") + key + "' is missing or empty", where);
  return text;
}

Title parse_title(const json& object, const char* key, const std::string& where) {
  const auto found = object.find(key);
  if (found == object.end()) return {};
  const std::string at = where + " " + key;
  if (!found->is_object()) throw Error(ErrorKind::bad_input, "must be an object with 'ja' and 'en'", at);
  return {require(*found, "ja", at), require(*found, "en", at)};
}

Attribute parse_attribute(const json& object, const std::string& where) {
  if (!object.is_object()) throw Error(ErrorKind::bad_input, "an attribute must be an object", where);
  Attribute out;
  out.name = require(object, "name", where);
  const std::string at = where + " attribute '" + out.name + "'";
  if (out.name.find('\0') != std::string::npos) throw Error(ErrorKind::bad_input, "the name holds a NUL", at);
  out.title = parse_title(object, "title", at);
  if (out.title.ja.empty()) out.title = {out.name, out.name};
  out.type = from_name(attribute_types, require(object, "type", at), at + " key 'type'");
  out.unit = get<std::string>(object, "unit", {}, at);
  out.codes = get<std::string>(object, "codes", {}, at);
  out.minimum = optional_number(object, "minimum", at);
  out.maximum = optional_number(object, "maximum", at);
  out.required = get(object, "required", false, at);
  out.in_tiles = get(object, "tiles", true, at);
  out.computed =
      from_name(computations, get<std::string>(object, "computed", {}, at), at + " key 'computed'");
  out.disclosure =
      from_name(disclosures, get<std::string>(object, "disclosure", "public", at), at + " key 'disclosure'");
  if (out.computed != Computed::none && out.type != AttributeType::real)
    throw Error(ErrorKind::bad_input, "a computed attribute must be of type 'real'", at);
  if (!out.codes.empty() && out.type != AttributeType::text)
    throw Error(ErrorKind::bad_input, "an attribute with 'codes' must be of type 'text'", at);
  return out;
}

std::vector<Attribute> parse_attributes(const json& object, const std::string& where) {
  const auto attributes = object.find("attributes");
  if (attributes == object.end() || !attributes->is_array())
    throw Error(ErrorKind::bad_input, "key 'attributes' must be an array", where);
  std::vector<Attribute> out;
  for (const json& attribute : *attributes) out.push_back(parse_attribute(attribute, where));
  return out;
}

// Attributes of one table have names of their own and none of the table's other columns'.
template <class Reserved>
void check_names(const std::vector<Attribute>& attributes, const Reserved& reserved,
                 const std::string& where) {
  std::set<std::string, std::less<>> seen;
  for (const Attribute& attribute : attributes) {
    if (std::find(std::begin(reserved), std::end(reserved), attribute.name) != std::end(reserved))
      throw Error(ErrorKind::bad_input,
                  "attribute name '" + attribute.name + "' is reserved: every such table has it", where);
    if (!seen.insert(attribute.name).second)
      throw Error(ErrorKind::bad_input, "attribute '" + attribute.name + "' is declared twice", where);
  }
}

ChildTable parse_child(const json& object, const std::string& where) {
  if (!object.is_object()) throw Error(ErrorKind::bad_input, "a child table must be an object", where);
  ChildTable out;
  out.name = require(object, "name", where);
  const std::string at = where + " child table '" + out.name + "'";
  if (out.name.size() > 64 ||
      out.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos)
    throw Error(ErrorKind::bad_input, "key 'name' may hold a-z, 0-9 and _ only, at most 64 characters", at);
  out.title = parse_title(object, "title", at);
  if (out.title.ja.empty()) out.title = {out.name, out.name};
  out.attributes = parse_attributes(object, at);
  for (const Attribute& attribute : out.attributes) {
    if (attribute.computed != Computed::none)
      throw Error(ErrorKind::bad_input, "has no shape that '" + attribute.name + "' could be computed from",
                  at);
    if (attribute.disclosure != Disclosure::open)
      throw Error(
          ErrorKind::bad_input,
          "'" + attribute.name + "' has a level of disclosure, which only a layer's own attributes can", at);
  }
  static constexpr std::array reserved{"feature_id", "position"};
  check_names(out.attributes, reserved, at);
  return out;
}

DatedBy parse_dated_by(const json& object, const std::string& where) {
  const auto found = object.find("dated_by");
  if (found == object.end()) return {};
  const std::string at = where + " key 'dated_by'";
  DatedBy out;
  if (found->is_string()) {
    out.at = found->get<std::string>();
  } else if (found->is_object()) {
    out.at = get<std::string>(*found, "at", {}, at);
    out.from = get<std::string>(*found, "from", {}, at);
    out.to = get<std::string>(*found, "to", {}, at);
    out.fiscal_year = get(*found, "fiscal_year", false, at);
  }
  if (out.at.empty() == out.from.empty() || (out.from.empty() && !out.to.empty()))
    throw Error(ErrorKind::bad_input, "must name one attribute ('at'), or 'from' and perhaps 'to'", at);
  return out;
}

bool is_date(const Attribute& attribute) {
  return attribute.type == AttributeType::date || attribute.type == AttributeType::datetime ||
         (attribute.type == AttributeType::integer && attribute.unit == "year");
}

void check_dates(const Layer& layer, const std::string& where) {
  for (const std::string& name : {layer.dated_by.at, layer.dated_by.from, layer.dated_by.to}) {
    if (name.empty()) continue;
    const Attribute* attribute = layer.find(name);
    if (attribute == nullptr || !is_date(*attribute))
      throw Error(
          ErrorKind::bad_input,
          "key 'dated_by' must name a date, a datetime or an integer of unit 'year', not '" + name + "'",
          where);
  }
}

json dated_by_json(const DatedBy& dated_by) {
  json out = json::object();
  if (!dated_by.at.empty()) out["at"] = dated_by.at;
  if (!dated_by.from.empty()) out["from"] = dated_by.from;
  if (!dated_by.to.empty()) out["to"] = dated_by.to;
  if (dated_by.fiscal_year) out["fiscal_year"] = true;
  return out;
}

void check_layer(const Layer& layer, const std::string& where) {
  if (layer.minzoom < 0 || layer.maxzoom > 22 || layer.minzoom > layer.maxzoom)
    throw Error(ErrorKind::bad_input, "zooms must be 0 <= minzoom <= maxzoom <= 22", where);
  if (layer.max_features_per_tile < 1)
    throw Error(ErrorKind::bad_input, "key 'max_features_per_tile' must be at least 1", where);
  static constexpr std::array reserved{"id", "source_id", "synthetic", "geom"};
  check_names(layer.attributes, reserved, where);
  std::set<std::string, std::less<>> children;
  for (const ChildTable& child : layer.children)
    if (!children.insert(child.name).second)
      throw Error(ErrorKind::bad_input, "child table '" + child.name + "' is declared twice", where);
  if (!layer.stated_area.empty()) {
    const Attribute* area = layer.find(layer.stated_area);
    if (area == nullptr || area->type != AttributeType::real || area->computed != Computed::none ||
        (area->unit != "ha" && area->unit != "m2"))
      throw Error(ErrorKind::bad_input,
                  "key 'stated_area' must name a real attribute in ha or m2 that is not computed, not '" +
                      layer.stated_area + "'",
                  where);
  }
  check_dates(layer, where);
  if (layer.rank.empty()) return;
  const Attribute* rank = layer.find(layer.rank);
  if (rank == nullptr || (rank->type != AttributeType::integer && rank->type != AttributeType::real))
    throw Error(ErrorKind::bad_input, "key 'rank' must name a numeric attribute, not '" + layer.rank + "'",
                where);
}

json title_json(const Title& title) {
  return {{"ja", title.ja}, {"en", title.en}};
}

json attributes_json(const std::vector<Attribute>& attributes) {
  json out = json::array();
  for (const Attribute& attribute : attributes) {
    json item{
        {"name", attribute.name}, {"title", title_json(attribute.title)}, {"type", name_of(attribute.type)}};
    if (!attribute.unit.empty()) item["unit"] = attribute.unit;
    if (!attribute.codes.empty()) item["codes"] = attribute.codes;
    if (attribute.minimum) item["minimum"] = *attribute.minimum;
    if (attribute.maximum) item["maximum"] = *attribute.maximum;
    if (attribute.required) item["required"] = true;
    if (!attribute.in_tiles) item["tiles"] = false;
    if (attribute.computed != Computed::none) item["computed"] = to_name(computations, attribute.computed);
    if (attribute.disclosure != Disclosure::open)
      item["disclosure"] = to_name(disclosures, attribute.disclosure);
    out.push_back(std::move(item));
  }
  return out;
}

}  // namespace

const Attribute* Layer::find(std::string_view name) const {
  const std::size_t at = index_of(name);
  return at == attributes.size() ? nullptr : &attributes[at];
}

std::size_t Layer::index_of(std::string_view name) const {
  std::size_t at = 0;
  while (at < attributes.size() && attributes[at].name != name) ++at;
  return at;
}

const char* name_of(AttributeType type) noexcept {
  return to_name(attribute_types, type);
}
const char* name_of(LayerGeometry geometry) noexcept {
  return to_name(geometries, geometry);
}

Layer parse_layer(const json& object, const std::string& where) {
  if (!object.is_object()) throw Error(ErrorKind::bad_input, "a layer must be a JSON object", where);
  Layer out;
  out.id = require(object, "id", where);
  if (out.id.size() > 64 ||
      out.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos)
    throw Error(ErrorKind::bad_input, "key 'id' may hold a-z, 0-9 and _ only, at most 64 characters", where);
  out.title = parse_title(object, "title", where);
  if (out.title.ja.empty()) out.title = {out.id, out.id};
  out.description = parse_title(object, "description", where);
  out.geometry = from_name(geometries, require(object, "geometry", where), where + " key 'geometry'");
  out.minzoom = get(object, "minzoom", 0, where);
  out.maxzoom = get(object, "maxzoom", 14, where);
  out.rank = get<std::string>(object, "rank", {}, where);
  out.tiny = from_name(tinies, get<std::string>(object, "tiny", "drop", where), where + " key 'tiny'");
  out.stated_area = get<std::string>(object, "stated_area", {}, where);
  out.max_features_per_tile = get(object, "max_features_per_tile", out.max_features_per_tile, where);
  out.dated_by = parse_dated_by(object, where);
  out.attributes = parse_attributes(object, where);
  if (const auto children = object.find("children"); children != object.end()) {
    if (!children->is_array()) throw Error(ErrorKind::bad_input, "key 'children' must be an array", where);
    for (const json& child : *children) out.children.push_back(parse_child(child, where));
  }
  if (object.contains("generalise")) out.generalise = parse_generalisation(object.at("generalise"), where);
  check_layer(out, where);
  check_generalisation(out, where);
  return out;
}

json to_json(const Layer& layer) {
  json out{{"id", layer.id},
           {"title", title_json(layer.title)},
           {"geometry", name_of(layer.geometry)},
           {"minzoom", layer.minzoom},
           {"maxzoom", layer.maxzoom},
           {"tiny", to_name(tinies, layer.tiny)},
           {"max_features_per_tile", layer.max_features_per_tile},
           {"attributes", attributes_json(layer.attributes)}};
  if (!layer.description.ja.empty()) out["description"] = title_json(layer.description);
  if (!layer.rank.empty()) out["rank"] = layer.rank;
  if (!layer.stated_area.empty()) out["stated_area"] = layer.stated_area;
  if (!layer.generalise.empty()) out["generalise"] = to_json(layer.generalise);
  if (!layer.dated_by.empty()) out["dated_by"] = dated_by_json(layer.dated_by);
  for (const ChildTable& child : layer.children)
    out["children"].push_back({{"name", child.name},
                               {"title", title_json(child.title)},
                               {"attributes", attributes_json(child.attributes)}});
  return out;
}

}  // namespace ritchi::catalogue
