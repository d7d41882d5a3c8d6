#include "tileserver/api/feature_selection.hpp"

#include <array>

#include "geodata/base/error.hpp"
#include "tileserver/http/target.hpp"

namespace ritchi::api {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::array parameters{"filter", "filter-lang", "datetime"};

enum class Language { text, json };

// "cql-text" is the name of the draft, which GDAL 3.6 sends.
Language language_of(const http::Request& request) {
  const std::string* name = request.query_value("filter-lang");
  if (name == nullptr || *name == "cql2-text" || *name == "cql-text") return Language::text;
  if (*name == "cql2-json") return Language::json;
  throw Error(ErrorKind::bad_input, "'" + *name + "' is no language of filters", "filter-lang",
              "write cql2-text or cql2-json")
      .in_japanese("フィルタ言語「" + *name + "」は使えません", "cql2-text か cql2-json を指定してください");
}

}  // namespace

bool selects_features(const http::Request& request) {
  return request.query_value("filter") != nullptr || request.query_value("datetime") != nullptr;
}

void select_features(const http::Request& request, std::vector<tiles::ServedLayer>& layers) {
  if (!selects_features(request)) return;
  const std::string* filter = request.query_value("filter");
  const std::string* datetime = request.query_value("datetime");
  const Language language = language_of(request);
  for (tiles::ServedLayer& layer : layers) {
    if (layer.published == nullptr)
      throw Error(ErrorKind::bad_input,
                  "the layer '" + layer.id() + "' comes from an archive of finished tiles",
                  filter != nullptr ? "filter" : "datetime", "ask for it without this parameter")
          .in_japanese("レイヤ「" + layer.id() + "」は作成済みタイルのため絞り込めません",
                       "このパラメータを外してください");
    const catalogue::Layer& declared = layer.published->layer;
    if (filter != nullptr)
      layer.only = language == Language::text ? filter::parse_text(*filter, declared)
                                              : filter::parse_json(*filter, declared);
    if (datetime != nullptr)
      layer.only = filter::both(layer.only, filter::parse_datetime(*datetime, declared));
  }
}

std::string selection_query(const http::Request& request) {
  std::string out;
  for (const char* name : parameters) {
    const std::string* value = request.query_value(name);
    if (value == nullptr) continue;
    out += (out.empty() ? '?' : '&') + std::string(name) + "=" + http::percent_encode(*value);
  }
  return out;
}

}  // namespace ritchi::api
