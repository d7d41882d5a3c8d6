// /styles and /styles/{id}: MapLibre styles that point only at this server and show only what is published.
#include <chrono>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/catalogue/schema.hpp"
#include "tileserver/api/site.hpp"

namespace ritchi::api {
namespace {

using base::Error;
using base::ErrorKind;
using http::Params;
using http::Request;
using http::Response;
using nlohmann::json;

void replace_all(std::string& text, const std::string& token, const std::string& value) {
  for (std::size_t at = text.find(token); at != std::string::npos; at = text.find(token, at + value.size()))
    text.replace(at, token.size(), value);
}

// Japan's fiscal year begins in April.
int fiscal_year_now() {
  const auto now =
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now() + std::chrono::hours(9));
  const std::chrono::year_month_day today(now);
  return static_cast<int>(today.year()) - (today.month() < std::chrono::April ? 1 : 0);
}

void substitute(json& node, const std::string& base, const std::string& layers) {
  if (node == "{fiscal_year}") {
    node = fiscal_year_now();
  } else if (node.is_string()) {
    auto& text = node.get_ref<std::string&>();
    replace_all(text, "{base}", base);
    replace_all(text, "{layers}", layers);
  } else if (node.is_structured()) {
    for (auto& child : node) substitute(child, base, layers);
  }
}

// Style layers without data would ask for tiles that do not exist.
json published_part(const Site& site, const json& style, const Request& request) {
  const auto snapshot = site.snapshot(request);
  std::vector<std::string> shown;
  json layers = json::array();
  for (const json& layer : style.at("layers")) {
    const std::string source_layer = layer.value("source-layer", "");
    if (!source_layer.empty()) {
      if (find_layer(site, *snapshot, source_layer) == tiles::ServedLayer{}) continue;
      if (std::find(shown.begin(), shown.end(), source_layer) == shown.end()) shown.push_back(source_layer);
    }
    layers.push_back(layer);
  }
  std::sort(shown.begin(), shown.end());
  std::string names;
  for (const std::string& name : shown) names += (names.empty() ? "" : ",") + name;
  json out = style;
  out["layers"] = std::move(layers);
  if (names.empty()) out["sources"] = json::object();
  substitute(out, request.public_base, names);
  return out;
}

Response style(const Site& site, const Request& request, const Params& params) {
  std::string id = params["id"];
  if (id.ends_with(".json")) id.resize(id.size() - 5);
  const auto found = site.styles.find(id);
  if (found == site.styles.end())
    throw Error(ErrorKind::not_found, "there is no style '" + id + "'", "id", "/styles lists the styles")
        .in_japanese("スタイル「" + id + "」はありません", "一覧は /styles にあります");
  return json_response(published_part(site, found->second, request));
}

Response style_list(const Site& site, const Request& request) {
  json out = json::array();
  for (const auto& [id, document] : site.styles)
    out.push_back({{"id", id},
                   {"title", document.value("name", id)},
                   {"links", json::array({{{"rel", "stylesheet"},
                                           {"type", "application/vnd.mapbox.style+json"},
                                           {"href", request.public_base + "/styles/" + id}}})}});
  return json_response({{"styles", std::move(out)}});
}

}  // namespace

std::map<std::string, json> read_styles(const std::filesystem::path& folder) {
  std::map<std::string, json> out;
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(folder, absent)) {
    if (entry.path().extension() != ".json") continue;
    json style = catalogue::read_json(entry.path());
    if (!style.is_object() || !style.contains("layers") || !style["layers"].is_array())
      throw Error(ErrorKind::bad_input, "is not a MapLibre style: key 'layers' is missing",
                  entry.path().string());
    out.emplace(entry.path().stem().string(), std::move(style));
  }
  return out;
}

void add_style_routes(http::Router& router, const Site& site) {
  router.get("/styles", [&site](const Request& request, const Params&) { return style_list(site, request); });
  router.get("/styles/{id}",
             [&site](const Request& request, const Params& params) { return style(site, request, params); });
}

}  // namespace ritchi::api
