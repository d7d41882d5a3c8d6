// /: the viewer for a browser, a JSON landing page otherwise. /layers.json: every layer with its provenance.
#include <nlohmann/json.hpp>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/base/resource.hpp"
#include "tileserver/api/site.hpp"

namespace ritchi::api {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;
using catalogue::Title;
using http::Params;
using http::Request;
using http::Response;
using nlohmann::json;

constexpr const char* page_policy =
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; worker-src 'self'; connect-src "
    "'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'";

json title_json(const Title& title) {
  return {{"ja", title.ja}, {"en", title.en}};
}

json attribute_json(const catalogue::Attribute& attribute, const catalogue::Catalogue& catalogue) {
  json out{
      {"name", attribute.name}, {"title", title_json(attribute.title)}, {"type", name_of(attribute.type)}};
  if (!attribute.unit.empty()) out["unit"] = attribute.unit;
  if (!attribute.in_tiles) out["tiles"] = false;
  if (const auto* list = catalogue.find_codes(attribute.codes)) {
    json codes = json::array();
    for (const auto& code : list->codes)
      codes.push_back({{"code", code.code}, {"title", title_json(code.title)}});
    out["codes"] = std::move(codes);
  }
  return out;
}

// One text where all datasets agree, else all of them.
std::string joined(const store::LayerView& view, std::string store::DatasetInfo::*field) {
  std::vector<std::string> said;
  for (const auto& dataset : view.datasets) {
    const std::string& text = dataset->info().*field;
    if (!text.empty() && std::find(said.begin(), said.end(), text) == said.end()) said.push_back(text);
  }
  std::string out;
  for (const std::string& text : said) out += (out.empty() ? "" : " / ") + text;
  return out;
}

json layer_json(const store::LayerView& view, const catalogue::Catalogue& catalogue) {
  json attributes = json::array();
  for (const auto& attribute : view.layer.attributes)
    attributes.push_back(attribute_json(attribute, catalogue));
  json out{{"id", view.layer.id},
           {"title", title_json(view.layer.title)},
           {"description", title_json(view.layer.description)},
           {"geometry", name_of(view.layer.geometry)},
           {"minzoom", view.layer.minzoom},
           {"maxzoom", view.layer.maxzoom},
           {"rows", view.rows},
           {"revision", view.revision},
           {"synthetic", view.synthetic},
           {"as_of", text_or_null(view.as_of)},
           {"source", text_or_null(joined(view, &store::DatasetInfo::source_name))},
           {"source_url", text_or_null(joined(view, &store::DatasetInfo::source_url))},
           {"licence", text_or_null(joined(view, &store::DatasetInfo::licence))},
           {"attribution", text_or_null(joined(view, &store::DatasetInfo::attribution))},
           {"bounds", nullptr},
           {"attributes", std::move(attributes)},
           {"generalise", catalogue::to_json(view.layer.generalise)}};
  if (!view.extent.empty())
    out["bounds"] = {view.extent.min_x, view.extent.min_y, view.extent.max_x, view.extent.max_y};
  return out;
}

Response layer_list(const Site& site, const Request& request) {
  const auto snapshot = site.snapshot(request);
  json layers = json::array();
  for (const auto& view : snapshot->layers()) layers.push_back(layer_json(view, site.catalogue));
  return json_response({{"layers", std::move(layers)}});
}

Response landing_json(const Site& site, const Request& request) {
  const bool english = request.language == "en";
  const std::string& base = request.public_base;
  const auto link = [](std::string rel, std::string type, std::string href, std::string title) {
    return json{{"rel", std::move(rel)},
                {"type", std::move(type)},
                {"href", std::move(href)},
                {"title", std::move(title)}};
  };
  json links = json::array();
  links.push_back(link("self", "application/json", base + "/?f=json", english ? "This page" : "このページ"));
  links.push_back(link("alternate", "text/html", base + "/?f=html", english ? "The map" : "地図"));
  links.push_back(
      link("describedby", "application/json", base + "/layers.json", english ? "The layers" : "レイヤ一覧"));
  links.push_back(
      link("styles", "application/json", base + "/styles", english ? "Map styles" : "地図スタイル"));
  const auto snapshot = site.snapshot(request);
  for (const auto& view : snapshot->layers())
    links.push_back(link("tilejson", "application/json", base + "/xyz/" + view.layer.id + ".json",
                         view.layer.title.in(request.language)));
  for (const tiles::ArchivedLayer& layer : site.archives.all())
    if (!snapshot->bars(layer.id))
      links.push_back(
          link("tilejson", "application/json", base + "/xyz/" + layer.id + ".json", layer.card.title));
  return json_response(
      {{"title", english ? "Ritchi, the map of industrial land" : "リッチ 産業立地の地図"},
       {"description", english ? "Industrial land, farmland zoning, industrial water and investment in Japan"
                               : "工場適地、農地の区域区分、工業用水、投資を一つの地図に"},
       {"version", site.version},
       {"links", std::move(links)}});
}

bool wants_html(const Request& request) {
  if (const std::string* format = request.query_value("f")) {
    if (*format == "html") return true;
    if (*format == "json") return false;
    throw Error(ErrorKind::bad_input, "must be 'json' or 'html'", "f")
        .in_japanese("json か html を指定してください");
  }
  return request.accepts({"application/json", "text/html"}) == "text/html";
}

Response page(const Site& site, const std::string& path) {
  const auto found = site.pages.find(path);
  if (found == site.pages.end())
    throw Error(ErrorKind::not_found, "there is no such page", path).in_japanese("ページがありません");
  Response response = Response::of(found->second);
  if (found->second->media_type.starts_with("text/html"))
    response.headers.set("Content-Security-Policy", page_policy);
  return response;
}

Response landing(const Site& site, const Request& request) {
  Response response = wants_html(request) ? page(site, "index.html") : landing_json(site, request);
  response.headers.set("Vary", "Accept, Accept-Language");
  return response;
}

std::string media_type_of(const fs::path& file) {
  static const std::map<std::string, std::string> types{{".html", "text/html; charset=utf-8"},
                                                        {".js", "text/javascript; charset=utf-8"},
                                                        {".mjs", "text/javascript; charset=utf-8"},
                                                        {".css", "text/css; charset=utf-8"},
                                                        {".json", "application/json"},
                                                        {".svg", "image/svg+xml"},
                                                        {".png", "image/png"},
                                                        {".ico", "image/x-icon"},
                                                        {".txt", "text/plain; charset=utf-8"},
                                                        {".map", "application/json"}};
  const auto found = types.find(file.extension().string());
  return found == types.end() ? "application/octet-stream" : found->second;
}

}  // namespace

std::map<std::string, std::shared_ptr<const http::Representation>> read_pages(const fs::path& folder) {
  std::map<std::string, std::shared_ptr<const http::Representation>> out;
  if (!fs::is_directory(folder)) return out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::string text = base::read_file(entry.path());
    auto content = std::make_shared<http::Representation>();
    content->media_type = media_type_of(entry.path());
    content->etag_base = base::sha256_hex(text).substr(0, 24);
    const std::string path = fs::relative(entry.path(), folder).generic_string();
    // Names under assets/ hold a hash of their content and so never mean anything else.
    content->cache_control = path.starts_with("assets/") ? "public, max-age=31536000, immutable"
                                                         : "public, max-age=0, must-revalidate";
    content->body = std::make_shared<http::CodedBody>(std::move(text));
    out.emplace(path, std::move(content));
  }
  return out;
}

void add_landing_routes(http::Router& router, const Site& site) {
  router.get("/", [&site](const Request& request, const Params&) { return landing(site, request); });
  router.get("/layers.json",
             [&site](const Request& request, const Params&) { return layer_list(site, request); });
  router.get("/assets/{path*}", [&site](const Request&, const Params& params) {
    return page(site, "assets/" + params["path"]);
  });
}

}  // namespace ritchi::api
