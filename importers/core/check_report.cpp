#include "importers/core/check_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <set>

#include "importers/core/report_lines.hpp"
#include "importers/core/same_shapes.hpp"

namespace ritchi::importers {

void CheckReport::count(const std::vector<load::Note>& notes_of_feature) {
  if (notes_of_feature.empty()) return;
  std::set<std::string_view> kinds;
  for (const auto& note : notes_of_feature) kinds.insert(note.kind);
  for (const auto kind : kinds) ++notes[std::string(kind)];
}

nlohmann::json to_json(const CheckReport& report) {
  return {{"notes", report.notes},
          {"places_exact", report.places_exact},
          {"places_coarse", report.places_coarse},
          {"municipalities", report.municipalities},
          {"normalised", report.normalised},
          {"same_shape", report.same_shape},
          {"same_shape_examples", report.same_shape_examples}};
}

namespace {

// What the kinds of notes are called in Japanese; in English the words for programs say it.
const char* in_japanese(const std::string& kind) {
  static constexpr std::pair<std::string_view, const char*> names[] = {
      {"code_replaced", "廃止された市区町村コードを後継に置き換えた"},
      {"code_divided", "廃止された市区町村コードの後継が一つに決まらない"},
      {"code_unsettled", "廃止された市区町村コードの後継が一覧で確かめられていない"},
      {"code_unknown", "市区町村コードが表にない"},
      {"municipality_differs", "位置が別の市区町村にある"},
      {"shape_repaired", "形状を修復した"},
      {"slivers_dropped", "ごく細い部分を除いた"},
      {"area_differs", "記載の面積と図形の面積が違う"},
      {"value_differs", "記載の値と計算した値が違う"},
      {"sum_differs", "記載の合計と内訳の合計が違う"}};
  for (const auto& [name, words] : names)
    if (name == kind) return words;
  return kind.c_str();
}

}  // namespace

void add_checks(Lines& out, const CheckReport& report) {
  if (report.places_exact != 0)
    out.add("places compared with the municipalities' shapes {} (datasets {})",
            "市区町村の形と照合した位置 {}（データセット {}）", report.places_exact,
            fmt::to_string(fmt::join(report.municipalities, ", ")));
  if (report.places_coarse != 0)
    out.add("places compared with the prefecture's extent only {}", "都道府県の範囲とだけ照合した位置 {}",
            report.places_coarse);
  if (report.normalised != 0)
    out.add("shapes without their repeated points {}", "重なる点を除いた形状 {}", report.normalised);
  if (report.same_shape != 0)
    out.add("features of the same shape as another, of the {} before it or so: {} ({})",
            "直前の約 {} 件の中に同じ形状があるもの {}（{}）", SameShapes::window, report.same_shape,
            fmt::to_string(fmt::join(report.same_shape_examples, "; ")));
  for (const auto& [kind, count] : report.notes)
    out.add("features with note {}: {}", "{}: {} 件",
            out.is_japanese() ? std::string(in_japanese(kind)) : kind, count);
}

}  // namespace ritchi::importers
