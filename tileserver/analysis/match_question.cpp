#include "tileserver/analysis/match_question.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tileserver/analysis/match_criterion.hpp"
#include "tileserver/analysis/process_geometry.hpp"
#include "tileserver/analysis/process_inputs.hpp"

namespace ritchi::analysis {

using nlohmann::json;

namespace {

constexpr const char* place = "inputs";

// The first of two, as people count: by its number from 1 and by what it is about.
struct Named {
  std::string ja, en;
};

Named named(const std::vector<Criterion>& criteria, std::size_t number, const CriterionReading& with) {
  const catalogue::Title title = title_of(criteria[number], with);
  return {fmt::format("条件 {}（{}）", number + 1, title.ja),
          fmt::format("criterion {} ({})", number + 1, title.en)};
}

base::Error twice(const Named& first, std::size_t second) {
  const std::string where = fmt::format("{}/criteria/{}", place, second);
  return bad_question(fmt::format("this is {} again", first.en), where, "keep one of the two",
                      fmt::format("{}と重複しています", first.ja), "どちらか一つにしてください");
}

// Two required criteria of one fact that no value can pass together.
void check_contradictions(const std::vector<Criterion>& criteria, const CriterionReading& with) {
  for (std::size_t second = 0; second < criteria.size(); ++second)
    for (std::size_t first = 0; first < second; ++first) {
      const Criterion& a = criteria[first];
      const Criterion& b = criteria[second];
      if (a.fact.empty() || a.fact != b.fact || !a.required || !b.required) continue;
      if (std::max(a.min, b.min) <= std::min(a.max, b.max)) continue;
      const Named other = named(criteria, first, with);
      throw bad_question(fmt::format("this contradicts {}", other.en),
                         fmt::format("{}/criteria/{}", place, second), "no site can pass both",
                         fmt::format("{}と矛盾しています", other.ja), "両方を満たす適地はあり得ません");
    }
}

void read_criteria(const InputObject& inputs, const CriterionReading& with, Question& out) {
  const json* list = inputs.find("criteria");
  if (list == nullptr) return;
  if (!list->is_array())
    throw bad_question("criteria is a list", inputs.where("criteria"), "", "criteria は配列です", "");
  if (list->size() > most_criteria)
    throw base::Error(base::ErrorKind::too_large, fmt::format("more than {} criteria", most_criteria),
                      inputs.where("criteria"))
        .in_japanese(fmt::format("条件が多すぎます（{} 個まで）", most_criteria));
  std::vector<json> asked;
  double weights = 0;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const Criterion& read = out.criteria.emplace_back(
        read_criterion((*list)[i], fmt::format("{}/{}", inputs.where("criteria"), i), with));
    weights += read.weight;
    json text = normalised(read, with.facts);
    out.normalised["criteria"].push_back(text);
    text.erase("weight");
    text.erase("required");
    const auto same = std::find(asked.begin(), asked.end(), text);
    if (same != asked.end())
      throw twice(named(out.criteria, static_cast<std::size_t>(same - asked.begin()), with), i);
    asked.push_back(std::move(text));
  }
  if (!out.criteria.empty() && !(weights > 0))
    throw bad_question("all weights are 0", inputs.where("criteria"), "give at least one criterion a weight",
                       "重みがすべて 0 です", "少なくとも一つの条件に重みを付けてください");
  check_contradictions(out.criteria, with);
}

bool is_digits(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void read_codes(const json& list, const std::string& where, Question& out) {
  if (list.empty() || list.size() > most_in_list * 2)
    throw bad_question("a list of municipality or prefecture codes is wanted", where, "",
                       "市区町村コードか都道府県コードの配列を指定してください", "");
  for (std::size_t i = 0; i < list.size(); ++i) {
    std::string code = list[i].is_string() ? list[i].get<std::string>() : "";
    const bool right = is_digits(code) && (code.size() == 2 || code.size() == 5 || code.size() == 6);
    if (!right)
      throw bad_question("this is no code", fmt::format("{}/{}", where, i),
                         "a text of 5 digits (municipality) or 2 (prefecture)", "コードではありません",
                         "5 桁の市区町村コードか 2 桁の都道府県コードを文字列で指定してください");
    out.within_codes.push_back(code.substr(0, 5));  // the sixth is a check digit
  }
  std::sort(out.within_codes.begin(), out.within_codes.end());
  out.within_codes.erase(std::unique(out.within_codes.begin(), out.within_codes.end()),
                         out.within_codes.end());
  out.normalised["within"] = out.within_codes;
}

void read_within(const InputObject& inputs, Question& out) {
  const json* within = inputs.find("within");
  if (within == nullptr) return;
  if (within->is_array()) {
    read_codes(*within, inputs.where("within"), out);
    return;
  }
  out.within_area = read_area(*within, inputs.where("within"));
  std::string text;
  append_geojson(text, *out.within_area);
  out.normalised["within"] = json::parse(text);
}

}  // namespace

const KnownFact* find_known(const std::vector<KnownFact>& facts, const std::string& name) {
  const auto found =
      std::find_if(facts.begin(), facts.end(), [&](const KnownFact& fact) { return fact.name == name; });
  return found == facts.end() ? nullptr : &*found;
}

std::string layer_asked(const json& inputs) {
  return InputObject(inputs, place).text("layer").value_or(default_site_layer);
}

Question read_question(const json& inputs, const std::vector<KnownFact>& facts,
                       const store::Snapshot& snapshot, const catalogue::Catalogue& catalogue,
                       const std::string& today) {
  const InputObject members(inputs, place);
  members.allow_only({"criteria", "within", "unknown", "limit", "as_of", "layer"});
  Question out;
  out.layer = layer_asked(inputs);
  out.normalised = {{"criteria", json::array()}, {"layer", out.layer}};
  read_criteria(members, {facts, snapshot, catalogue}, out);
  read_within(members, out);
  const std::string unknown = members.text("unknown").value_or("keep");
  if (unknown != "keep" && unknown != "drop")
    throw bad_question(fmt::format("'{}' is neither keep nor drop", unknown), members.where("unknown"), "",
                       "keep か drop を指定してください", "");
  out.keep_unknown = unknown == "keep";
  out.limit = static_cast<std::size_t>(members.whole_number("limit", 1, most_results).value_or(100));
  out.as_of = checked_date(members.text("as_of").value_or(today), members.where("as_of"));
  out.normalised["unknown"] = unknown;
  out.normalised["limit"] = out.limit;
  out.normalised["as_of"] = out.as_of;
  return out;
}

}  // namespace ritchi::analysis
