#include "geodata/catalogue/generalisation.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "geodata/base/error.hpp"
#include "geodata/catalogue/json_read.hpp"
#include "geodata/catalogue/layer.hpp"

namespace ritchi::catalogue {
namespace {

using base::Error;
using base::ErrorKind;
using nlohmann::json;
using Names = std::vector<std::string>;

[[noreturn]] void fail(const std::string& what, const std::string& where) {
  throw Error(ErrorKind::bad_input, what, where);
}

void check_keys(const json& object, std::initializer_list<std::string_view> known, const std::string& where) {
  if (!object.is_object()) fail("must be an object", where);
  for (const auto& [key, value] : object.items())
    if (std::find(known.begin(), known.end(), key) == known.end())
      fail("there is no key '" + key + "'", where);
}

std::vector<std::int64_t> whole_numbers(const json& object, const char* key, const std::string& where) {
  const auto found = object.find(key);
  if (found == object.end()) return {};
  const auto whole = [](const json& item) { return item.is_number_integer(); };
  if (!found->is_array() || !std::all_of(found->begin(), found->end(), whole))
    fail(std::string("key '") + key + "' must hold whole numbers", where);
  return found->get<std::vector<std::int64_t>>();
}

Aggregates parse_aggregates(const json& object, const std::string& where) {
  return {get(object, "sum", Names{}, where), get(object, "min", Names{}, where),
          get(object, "max", Names{}, where)};
}

Classes parse_classes(const json& object, const std::string& where) {
  check_keys(object, {"attribute", "breaks"}, where);
  Classes out{get(object, "attribute", std::string{}, where), whole_numbers(object, "breaks", where)};
  if (out.breaks.empty() || !std::is_sorted(out.breaks.begin(), out.breaks.end()) ||
      std::adjacent_find(out.breaks.begin(), out.breaks.end()) != out.breaks.end())
    fail("key 'breaks' must hold ascending whole numbers", where);
  return out;
}

Cluster parse_cluster(const json& object, const std::string& where) {
  check_keys(object, {"cell", "sum", "min", "max", "classes"}, where);
  Cluster out;
  out.cell = get(object, "cell", out.cell, where);
  if (out.cell < 16 || out.cell > 4096 || !std::has_single_bit(static_cast<unsigned>(out.cell)))
    fail("key 'cell' must be a power of two from 16 to 4096", where);
  out.of = parse_aggregates(object, where);
  if (object.contains("classes")) out.classes = parse_classes(object.at("classes"), where + " classes");
  return out;
}

std::vector<std::string> parse_by(const json& object, const std::string& where) {
  check_keys(object, {"by", "sum", "min", "max"}, where);
  return get(object, "by", Names{}, where);
}

std::pair<int, int> parse_zooms(const json& object, const std::string& where) {
  const auto zooms = whole_numbers(object, "zooms", where);
  if (zooms.size() != 2 || zooms[0] < 0 || zooms[0] > zooms[1] || zooms[1] > 22)
    fail("key 'zooms' must be [first, last] with 0 <= first <= last <= 22", where);
  return {static_cast<int>(zooms[0]), static_cast<int>(zooms[1])};
}

std::optional<std::int64_t> limit(const json& object, const char* key, std::int64_t least,
                                  const std::string& where) {
  if (!object.contains(key)) return std::nullopt;
  const auto value = get(object, key, std::int64_t{0}, where);
  if (value < least) fail(std::string("key '") + key + "' must be at least " + std::to_string(least), where);
  return value;
}

std::optional<double> measure(const json& object, const char* key, const std::string& where) {
  if (!object.contains(key)) return std::nullopt;
  const double value = get(object, key, 0.0, where);
  constexpr double most = 65536;
  if (!(value >= 0 && value <= most)) fail(std::string("key '") + key + "' must be 0 to 65536", where);
  return value;
}

json aggregates_json(const Aggregates& of) {
  json out = json::object();
  if (!of.sum.empty()) out["sum"] = of.sum;
  if (!of.min.empty()) out["min"] = of.min;
  if (!of.max.empty()) out["max"] = of.max;
  return out;
}

json cluster_json(const Cluster& cluster) {
  json out = aggregates_json(cluster.of);
  out["cell"] = cluster.cell;
  if (cluster.classes)
    out["classes"] = {{"attribute", cluster.classes->attribute}, {"breaks", cluster.classes->breaks}};
  return out;
}

template <class Grouping>
json grouping_json(const Grouping& grouping) {
  json out = aggregates_json(grouping.of);
  out["by"] = grouping.by;
  return out;
}

class Checker {
 public:
  Checker(const Layer& layer, std::string where) : m_layer(layer), m_where(std::move(where)) {}

  void shown(const Names& names) const {
    for (const auto& name : names) find(name);
  }
  void numeric(const std::string& name) const {
    const auto type = find(name).type;
    if (type != AttributeType::integer && type != AttributeType::real)
      fail("'" + name + "' must be numeric to be summed up", m_where);
  }
  void aggregates(const Aggregates& of) const {
    for (const auto* names : {&of.sum, &of.min, &of.max})
      for (const auto& name : *names) numeric(name);
  }

 private:
  const Attribute& find(const std::string& name) const {
    const Attribute* found = m_layer.find(name);
    if (found == nullptr) fail("there is no attribute '" + name + "'", m_where);
    if (!found->in_tiles) fail("'" + name + "' is not in tiles", m_where);
    return *found;
  }
  const Layer& m_layer;
  std::string m_where;
};

// Tiles of several datasets are put together from what they show, so what that needs has to be shown.
void check_shown_at(const Layer& layer, int zoom, const std::string& where) {
  const ZoomRule rule = rule_at(layer, zoom);
  if (rule.attributes.empty()) return;
  const auto need = [&](const std::string& name, const char* why) {
    if (std::find(rule.attributes.begin(), rule.attributes.end(), name) == rule.attributes.end())
      fail("'" + name + "' must be among the 'attributes' shown at zoom " + std::to_string(zoom) + ": " + why,
           where + " generalise");
  };
  const auto need_all = [&](const Aggregates& of) {
    for (const auto* names : {&of.sum, &of.min, &of.max})
      for (const auto& name : *names) need(name, "it is summed up");
  };
  if (!layer.rank.empty()) need(layer.rank, "it is the layer's rank");
  if (rule.cluster) need_all(rule.cluster->of);
  if (rule.cluster && rule.cluster->classes) need(rule.cluster->classes->attribute, "sums are split by it");
  if (rule.join) {
    need_all(rule.join->of);
    for (const auto& name : rule.join->by) need(name, "lines are joined by it");
  }
  if (rule.merge) {
    need_all(rule.merge->of);
    for (const auto& name : rule.merge->by) need(name, "small polygons are merged by it");
  }
}

}  // namespace

std::vector<ZoomDeclaration> parse_generalisation(const json& list, const std::string& where) {
  if (!list.is_array()) fail("key 'generalise' must be an array", where);
  std::vector<ZoomDeclaration> out;
  for (const json& entry : list) {
    const std::string at = where + " generalise[" + std::to_string(out.size()) + "]";
    check_keys(entry,
               {"zooms", "tolerance", "smallest_area", "max_bytes", "max_features", "cluster", "join",
                "merge", "attributes"},
               at);
    ZoomDeclaration next;
    std::tie(next.first, next.last) = parse_zooms(entry, at);
    next.tolerance = measure(entry, "tolerance", at);
    next.smallest_area = measure(entry, "smallest_area", at);
    next.max_bytes = limit(entry, "max_bytes", 1000, at);
    next.max_features = limit(entry, "max_features", 1, at);
    if (entry.contains("cluster")) next.cluster = parse_cluster(entry.at("cluster"), at + " cluster");
    if (entry.contains("join")) {
      const std::string inside = at + " join";
      next.join = Join{parse_by(entry.at("join"), inside), parse_aggregates(entry.at("join"), inside)};
    }
    if (entry.contains("merge")) {
      const std::string inside = at + " merge";
      next.merge = Merge{parse_by(entry.at("merge"), inside), parse_aggregates(entry.at("merge"), inside)};
    }
    next.attributes = get(entry, "attributes", Names{}, at);
    out.push_back(std::move(next));
  }
  return out;
}

json to_json(const std::vector<ZoomDeclaration>& declared) {
  json out = json::array();
  for (const ZoomDeclaration& entry : declared) {
    json item{{"zooms", {entry.first, entry.last}}};
    if (entry.tolerance) item["tolerance"] = *entry.tolerance;
    if (entry.smallest_area) item["smallest_area"] = *entry.smallest_area;
    if (entry.max_bytes) item["max_bytes"] = *entry.max_bytes;
    if (entry.max_features) item["max_features"] = *entry.max_features;
    if (entry.cluster) item["cluster"] = cluster_json(*entry.cluster);
    if (entry.join) item["join"] = grouping_json(*entry.join);
    if (entry.merge) item["merge"] = grouping_json(*entry.merge);
    if (!entry.attributes.empty()) item["attributes"] = entry.attributes;
    out.push_back(std::move(item));
  }
  return out;
}

void check_generalisation(const Layer& layer, const std::string& where) {
  for (std::size_t i = 0; i < layer.generalise.size(); ++i) {
    const ZoomDeclaration& entry = layer.generalise[i];
    const Checker check(layer, where + " generalise[" + std::to_string(i) + "]");
    check.shown(entry.attributes);
    if (entry.cluster) {
      check.aggregates(entry.cluster->of);
      if (entry.cluster->classes) check.numeric(entry.cluster->classes->attribute);
    }
    if (entry.join) {
      check.shown(entry.join->by);
      check.aggregates(entry.join->of);
    }
    if (entry.merge) {
      check.shown(entry.merge->by);
      check.aggregates(entry.merge->of);
    }
  }
  for (int zoom = layer.minzoom; zoom <= layer.maxzoom; ++zoom) check_shown_at(layer, zoom, where);
}

ZoomRule rule_at(const Layer& layer, int zoom) {
  ZoomRule out;
  out.max_features = layer.max_features_per_tile;
  for (const ZoomDeclaration& entry : layer.generalise) {
    if (zoom < entry.first || zoom > entry.last) continue;
    if (entry.tolerance) out.tolerance = *entry.tolerance;
    if (entry.smallest_area) out.smallest_area = *entry.smallest_area;
    if (entry.max_bytes) out.max_bytes = *entry.max_bytes;
    if (entry.max_features) out.max_features = *entry.max_features;
    if (entry.cluster) out.cluster = entry.cluster;
    if (entry.join) out.join = entry.join;
    if (entry.merge) out.merge = entry.merge;
    if (!entry.attributes.empty()) out.attributes = entry.attributes;
  }
  return out;
}

}  // namespace ritchi::catalogue
