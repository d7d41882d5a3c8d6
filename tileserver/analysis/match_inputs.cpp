#include "tileserver/analysis/match_inputs.hpp"

#include <nlohmann/json.hpp>

#include "tileserver/analysis/match_question.hpp"
#include "tileserver/analysis/process_geometry.hpp"
#include "tileserver/analysis/process_inputs.hpp"

namespace ritchi::analysis {

using nlohmann::json;

namespace {

json text(const char* ja, const char* en) {
  return {{"ja", ja}, {"en", en}};
}

json number(double least = -largest_number, double most = largest_number) {
  return {{"type", "number"}, {"minimum", least}, {"maximum", most}};
}

json words(std::size_t most) {
  return {{"type", "array"},
          {"items", {{"type", "string"}}},
          {"minItems", 1},
          {"maxItems", most},
          {"uniqueItems", true}};
}

json criterion(json properties, std::vector<const char*> required) {
  properties["weight"] = {{"type", "number"}, {"minimum", 0}, {"default", 1}};
  properties["required"] = {{"type", "boolean"}, {"default", true}};
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"required", required},
          {"additionalProperties", false}};
}

json target(bool with_distance) {
  json properties{
      {"layer", {{"type", "string"}}},
      {"filter",
       {{"oneOf",
         {{{"type", "string"}, {"description", "CQL2 text"}},
          {{"type", "object"}, {"description", "CQL2 JSON"}}}}}},
      {"id", {{"type", "integer"}, {"minimum", 0}}},
      {"point", {{"type", "array"}, {"items", {{"type", "number"}}}, {"minItems", 2}, {"maxItems", 2}}}};
  json out{{"type", "object"}, {"additionalProperties", false}};
  if (with_distance) {
    properties["max_km"] = number(0, 25'000);
    out["required"] = {"max_km"};
  }
  out["properties"] = std::move(properties);
  return out;
}

json title_json(const catalogue::Title& title) {
  return {{"ja", title.ja}, {"en", title.en}};
}

const char* name_of(store::FactForm form) {
  switch (form) {
    case store::FactForm::text:
      return "text";
    case store::FactForm::texts:
      return "texts";
    case store::FactForm::number:
      break;
  }
  return "number";
}

json fact_choice(const KnownFact& fact, const catalogue::Catalogue& catalogue) {
  json out{{"const", fact.name}, {"title", title_json(fact.title)}, {"x-form", name_of(fact.form)}};
  if (!fact.unit.empty()) out["x-unit"] = fact.unit;
  for (const catalogue::Fact& declared : catalogue.facts_of(default_site_layer))
    if (declared.name == fact.name) out["description"] = title_json(declared.computed);
  if (const catalogue::CodeList* codes = catalogue.find_codes(fact.codes))
    for (const catalogue::Code& code : codes->codes)
      out["x-codes"].push_back({{"code", code.code}, {"title", title_json(code.title)}});
  return out;
}

// Any name is a text; those of the default layer are told. Other layers have others.
json name_schema(json choices, const char* of_others_ja, const char* of_others_en) {
  choices.push_back({{"type", "string"}, {"description", text(of_others_ja, of_others_en)}});
  return {{"type", "string"}, {"anyOf", std::move(choices)}};
}

json fact_names(const std::vector<KnownFact>& known, const catalogue::Catalogue& catalogue) {
  json choices = json::array();
  for (const KnownFact& fact : known) choices.push_back(fact_choice(fact, catalogue));
  return name_schema(std::move(choices), "ほかのレイヤの項目", "a fact of another layer");
}

json constraint_names(const std::vector<KnownFact>& known, const catalogue::Catalogue& catalogue) {
  json choices = json::array();
  for (const KnownFact& fact : known) {
    if (fact.constraint.empty()) continue;
    json choice = fact_choice(fact, catalogue);
    choice["const"] = fact.constraint;
    choices.push_back(std::move(choice));
  }
  return name_schema(std::move(choices), "ほかのレイヤの制約", "a constraint of another layer");
}

json criteria_schema(const std::vector<KnownFact>& known, const catalogue::Catalogue& catalogue) {
  const json fact = criterion({{"fact", fact_names(known, catalogue)},
                               {"min", number()},
                               {"max", number()},
                               {"ideal", number()},
                               {"in", words(most_in_list)}},
                              {"fact"});
  const json constraint = criterion({{"constraint", constraint_names(known, catalogue)},
                                     {"min_share", number(0, 1)},
                                     {"max_share", number(0, 1)}},
                                    {"constraint"});
  const json near = criterion({{"near", target(true)}, {"ideal_km", number(0, 25'000)}}, {"near"});
  const json away = criterion({{"away_from", target(false)},
                               {"min_km", number(0, 25'000)},
                               {"ideal_km", number(0, 25'000)},
                               {"outside_same", words(most_in_list)}},
                              {"away_from", "min_km"});
  return {
      {"type", "array"}, {"maxItems", most_criteria}, {"items", {{"oneOf", {fact, constraint, near, away}}}}};
}

json input(json title, json description, json schema, bool needed = false) {
  return {{"title", std::move(title)},
          {"description", std::move(description)},
          {"schema", std::move(schema)},
          {"minOccurs", needed ? 1 : 0},
          {"maxOccurs", 1}};
}

}  // namespace

catalogue::Title match_description() {
  return {
      "条件に合う工場適地を、得点の高い順に返します。条件 i（重み w_i、既定 1）の充足度 s_i "
      "は、満たさない・不明なら 0、満たせば 1。"
      "理想値があれば、理想値で 1、境界で 0 となる直線（境界のない側では 1 のまま）。寄与は w_i・s_i ÷ "
      "Σw、得点は寄与の合計です。"
      "データが適地の一部にしかない値（at_least: "
      "true）は「以上」として扱い、それ以上のどの値でも満たすなら適合、"
      "どの値でも満たさないなら不適合、ほかは不明。充足度は、あり得る値のうち最小のものです。"
      "ほかにもあり得る語の集合は、分かっている語で適合すれば適合、しなければ不明です。"
      "得点（10 億分の 1 に丸めて比較）が同じなら id の小さい順です。required: false "
      "の条件は適地を除かず、得点だけに効きます。",
      "The sites that fit, best first. A criterion i of weight w_i (1 unless said) has a fulfilment s_i: 0 "
      "where "
      "it fails or is unknown, 1 where it passes; with an ideal, a straight line from 1 at the ideal to 0 at "
      "the bound "
      "(1 on a side without bound). Its contribution is w_i·s_i/Σw, and the score is the sum of the "
      "contributions. "
      "A value that is only known to be at least so much (at_least: true), since the data cover a part of "
      "the "
      "site, passes where every value from there up would, fails where none would, and is unknown otherwise; "
      "its fulfilment is the least of theirs. A set that may have more words passes by those known and is "
      "unknown otherwise. "
      "Equal scores, rounded to a thousand-millionth, are ordered by id. A criterion with required: false "
      "removes no "
      "site and tells in the score alone."};
}

json match_inputs(const std::vector<KnownFact>& known, const catalogue::Catalogue& catalogue) {
  json out;
  out["criteria"] =
      input(text("条件", "Criteria"),
            text("fact（min・max か in、ideal）、constraint（min_share・max_share）、near（layer と filter "
                 "か id、または point、max_km）、"
                 "away_from と min_km（outside_same: "
                 "同じ浸水河川などにかからないこと）のいずれか。空なら全適地を id 順に返し、得点は null",
                 "Each one of: fact with min and max or in, and ideal; constraint with min_share and "
                 "max_share; near with a layer "
                 "and filter or id, or a point, and max_km; away_from with min_km, and outside_same: not in "
                 "the same flood "
                 "or hazard areas. Without criteria every site by id, without score"),
            criteria_schema(known, catalogue));
  out["within"] = input(text("範囲", "Within"),
                        text("GeoJSON のポリゴン（敷地全体が境界を含めて入るもの）、または市区町村コード（5 "
                             "桁）・都道府県コード（2 桁）の配列",
                             "A GeoJSON polygon in which the whole of a site lies, borders included, or "
                             "municipality (5 digits) and "
                             "prefecture (2) codes"),
                        {{"oneOf",
                          {{{"type", "object"},
                            {"format", "geojson-geometry"},
                            {"description", "at most 100000 vertices, without self-crossings"}},
                           {{"type", "array"},
                            {"minItems", 1},
                            {"items", {{"type", "string"}, {"pattern", "^([0-9]{2}|[0-9]{5,6})$"}}}}}}});
  out["unknown"] = input(text("不明の扱い", "Unknown values"),
                         text("必須条件が不明な適地を残す（keep）か除く（drop）か",
                              "Whether sites stay where a required criterion is unknown"),
                         {{"type", "string"}, {"enum", {"keep", "drop"}}, {"default", "keep"}});
  out["limit"] = input(text("件数", "Limit"), text("返す適地の最大数", "How many sites are returned at most"),
                       {{"type", "integer"}, {"minimum", 1}, {"maximum", most_results}, {"default", 100}});
  out["as_of"] =
      input(text("基準日", "As of"),
            text("経過年数の基準日（既定は今日）", "The day that ages are counted to; today unless said"),
            {{"type", "string"}, {"format", "date"}});
  out["layer"] = input(text("レイヤ", "Layer"), text("適地のレイヤ", "The layer of sites"),
                       {{"type", "string"}, {"default", default_site_layer}});
  return out;
}

json match_outputs() {
  return {{"result",
           {{"title", text("適地", "Sites")},
            {"description", text("適地ごとに得点と条件ごとの値（at_least: "
                                 "それ以上）・判定・寄与・出典、全体の絞り込み表（funnel）、出典、警告",
                                 "Per site its score and, per criterion, value (at_least: or more), status, "
                                 "contribution and source; the funnel; "
                                 "the datasets; warnings")},
            {"schema",
             {{"oneOf",
               {{{"type", "object"}, {"contentMediaType", "application/geo+json"}},
                {{"type", "object"}, {"contentMediaType", "application/json"}},
                {{"type", "string"}, {"contentMediaType", "text/csv"}}}}}}}}};
}

}  // namespace ritchi::analysis
