#include "geodata/catalogue/surroundings.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"

namespace ritchi::catalogue {
namespace {

using base::Error;
using base::ErrorKind;
using nlohmann::json;

constexpr const char* whose = "municipality_code";

[[noreturn]] void fail(const std::string& entry, const std::string& reason, const std::string& where) {
  throw Error(ErrorKind::bad_input, entry + ": " + reason, where);
}

const Layer& layer_named(const std::string& id, const std::vector<Layer>& layers, const std::string& entry,
                         const std::string& where) {
  const auto found =
      std::find_if(layers.begin(), layers.end(), [&](const Layer& layer) { return layer.id == id; });
  if (found == layers.end()) fail(entry, "key 'layer' names the unknown layer '" + id + "'", where);
  return *found;
}

Nearby nearby_in(const json& object, const std::vector<Layer>& layers, const std::string& where) {
  Nearby out;
  out.kind = object.at("kind").get<std::string>();
  const std::string entry = "nearest '" + out.kind + "'";
  const json& title = object.at("title");
  out.title = {title.at("ja").get<std::string>(), title.at("en").get<std::string>()};
  out.layer = object.at("layer").get<std::string>();
  out.where = object.value("where", "");
  out.first_m = object.at("first_m").get<double>();
  out.within_m = object.at("within_m").get<double>();
  out.values = object.at("values").get<std::vector<std::string>>();
  if (out.first_m > out.within_m) fail(entry, "'first_m' is greater than 'within_m'", where);
  const Layer& layer = layer_named(out.layer, layers, entry, where);
  for (const std::string& value : out.values)
    if (layer.find(value) == nullptr)
      fail(entry, "key 'values' names '" + value + "', which the layer '" + layer.id + "' does not have",
           where);
  return out;
}

NeighbouringZones zones_in(const json& object, const std::vector<Layer>& layers, const std::string& where) {
  NeighbouringZones out{object.at("layer").get<std::string>(), object.at("kind").get<std::string>()};
  const std::string entry = "neighbouring_zones '" + out.layer + "'";
  const Layer& layer = layer_named(out.layer, layers, entry, where);
  if (layer.find(whose) == nullptr)
    fail(entry, std::string("the layer has no '") + whose + "': nobody knows whose its zones are", where);
  const Attribute* kind = layer.find(out.kind);
  if (kind == nullptr)
    fail(entry, "key 'kind' names '" + out.kind + "', which the layer does not have", where);
  if (kind->type != AttributeType::text)
    fail(entry, "key 'kind' names '" + out.kind + "', which is no text", where);
  return out;
}

}  // namespace

Surroundings parse_surroundings(const json& document, const std::vector<Layer>& layers,
                                const std::string& where) {
  Surroundings out;
  for (const json& object : document.at("nearest")) {
    Nearby read = nearby_in(object, layers, where);
    if (std::any_of(out.nearest.begin(), out.nearest.end(),
                    [&](const Nearby& other) { return other.kind == read.kind; }))
      fail("nearest '" + read.kind + "'", "this kind is declared twice", where);
    out.nearest.push_back(std::move(read));
  }
  const json& zones = document.at("neighbouring_zones");
  out.neighbours_within_m = zones.at("within_m").get<double>();
  for (const json& object : zones.at("layers")) out.neighbours.push_back(zones_in(object, layers, where));
  return out;
}

}  // namespace ritchi::catalogue
