#include "tileserver/analysis/report_question.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "geodata/geom/geodesic.hpp"
#include "geodata/geom/spatialite_blob.hpp"
#include "tileserver/analysis/process_geometry.hpp"
#include "tileserver/analysis/process_inputs.hpp"
#include "tileserver/analysis/report_values.hpp"

namespace ritchi::analysis {
namespace {

using base::Error;
using base::ErrorKind;
using nlohmann::json;

constexpr std::int64_t largest_id = (std::int64_t{1} << 53) - 1;
constexpr double least_area_m2 = 1;

void check_crs(const json& geojson, const std::string& where) {
  if (!geojson.is_object() || !geojson.contains("crs") || geojson["crs"].is_null()) return;
  const std::string crs = geojson["crs"].dump(-1, ' ', false, json::error_handler_t::replace);
  if (crs.find("CRS84") != std::string::npos || crs.find("4326") != std::string::npos ||
      crs.find("6668") != std::string::npos)
    return;
  throw bad_question("the reference system is not longitude and latitude", where + "/crs",
                     "send the shape in longitude and latitude (WGS 84 or JGD2011)",
                     "経度・緯度の座標系ではありません",
                     "経度・緯度（WGS 84 または JGD2011）の座標で指定してください");
}

void check_place(const geom::Geometry& polygon, const std::string& where) {
  const geom::Box box = polygon.bounds();
  if (near_japan(box)) return;
  const geom::Box swapped{box.min_y, box.min_x, box.max_y, box.max_x};
  if (near_japan(swapped))
    throw bad_question("the place is outside Japan", where, "write longitude before latitude", "日本の外です",
                       "経度を先に、緯度を後に書いてください");
  throw bad_question("the place is outside Japan", where, "draw it between 122 and 154.5 E, 20 and 46 N",
                     "日本の外です", "東経 122〜154.5 度、北緯 20〜46 度の範囲で指定してください");
}

void check_size(const geom::Geometry& polygon, const std::string& where) {
  const double area = geom::area_m2(polygon);
  if (area > largest_report_m2)
    throw Error(ErrorKind::too_large,
                fmt::format("the area of {:.0f} km² is too large: at most {:.0f} km²", area / 1e6,
                            largest_report_m2 / 1e6),
                where, "draw the site alone")
        .in_japanese(fmt::format("面積 {:.0f} km² は大きすぎます（{:.0f} km² まで）", area / 1e6,
                                 largest_report_m2 / 1e6),
                     "用地だけを描いてください");
  if (area < least_area_m2)
    throw bad_question("the polygon has no area to speak of", where, "draw it larger",
                       "面積がほとんどありません", "もう少し大きく描いてください");
}

// Rows that somebody may not see are answered for as if they were not there.
void take_site(const json& value, const Context& context, ReportQuestion& out) {
  std::string layer = "factory_sites";
  std::optional<std::int64_t> id;
  const std::string where = "inputs/site";
  if (value.is_object()) {
    const InputObject object(value, where);
    object.allow_only({"layer", "id"});
    if (const auto named = object.text("layer")) layer = *named;
    id = object.whole_number("id", 1, largest_id);
  } else if (value.is_number_integer() && value.get<std::int64_t>() > 0) {
    id = value.get<std::int64_t>();
  }
  if (!id)
    throw bad_question("a site is an id, or an object of layer and id", where,
                       R"(write 123, or {"layer": "industrial_parks", "id": 123})",
                       "site には番号、または layer と id を指定してください",
                       R"(例: 123 または {"layer": "industrial_parks", "id": 123})");
  const auto* view = context.snapshot->find(layer);
  for (std::size_t i = 0; view != nullptr && i < view->datasets.size(); ++i) {
    const auto& dataset = *view->datasets[i];
    const auto found = dataset.by_id(*id);
    if (!found) continue;
    if (!found->geometry.empty()) geom::decode_spatialite(found->geometry, out.polygon);
    if (out.polygon.kind != geom::Kind::polygon || out.polygon.empty())
      throw bad_question("the outline of this site is not known", where, "draw the land as a polygon",
                         "この用地は範囲（ポリゴン）が登録されていません",
                         "土地の範囲をポリゴンで描いてください");
    out.site = ReportSite{layer, *id, title_of(*found, dataset.layer()), dataset.is_public()};
    return;
  }
  throw Error(ErrorKind::not_found, fmt::format("there is no feature {} in layer '{}'", *id, layer), where,
              "look the id up under /collections")
      .in_japanese(fmt::format("レイヤ「{}」に番号 {} の地物はありません", layer, *id),
                   "番号を確認してください");
}

}  // namespace

geom::Geometry read_report_polygon(const json& geojson, const std::string& where) {
  check_crs(geojson, where);
  geom::Geometry polygon = read_area(geojson, where);
  check_place(polygon, where);
  check_size(polygon, where);
  return polygon;
}

ReportQuestion read_report_question(const json& inputs, const Context& context) {
  const InputObject object(inputs, "inputs");
  object.allow_only({"site", "polygon", "as_of"});
  ReportQuestion out;
  const auto as_of = object.text("as_of");
  out.as_of = as_of ? checked_date(*as_of, object.where("as_of")) : context.today;
  const json* site = object.find("site");
  const json* polygon = object.find("polygon");
  if ((site == nullptr) == (polygon == nullptr))
    throw bad_question("either a site or a polygon is wanted, and not both", "inputs",
                       "give 'site' or 'polygon'", "site と polygon のどちらか一つが必要です",
                       "site か polygon を指定してください");
  if (site != nullptr) {
    take_site(*site, context, out);
  } else {
    out.polygon = read_report_polygon(*polygon, object.where("polygon"));
  }
  return out;
}

}  // namespace ritchi::analysis
