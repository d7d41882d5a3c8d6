#include "tileserver/analysis/match_criterion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tileserver/analysis/process_inputs.hpp"

namespace ritchi::analysis {

using nlohmann::json;
using store::FactForm;

namespace {

constexpr double farthest_km = 25'000;  // more than half around the earth

std::string listed(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

base::Error unknown_name(const char* what, const char* what_ja, const std::string& name,
                         const std::string& where, const std::vector<std::string>& known) {
  const std::vector<std::string> like = nearest_names(name, known);
  const std::string& shown = listed(like.empty() ? known : like);
  return bad_question(fmt::format("there is no {} '{}'", what, name), where,
                      (like.empty() ? "known are: " : "did you mean: ") + shown,
                      fmt::format("「{}」という{}はありません", name, what_ja),
                      (like.empty() ? "使えるもの: " : "近い名前: ") + shown);
}

class CriterionReader {
 public:
  CriterionReader(const json& object, const std::string& where, const CriterionReading& with)
      : m_object(object, where), m_with(with) {}

  Criterion read() {
    const std::vector<std::string_view> kinds{"fact", "constraint", "near", "away_from"};
    const auto given = std::count_if(kinds.begin(), kinds.end(),
                                     [&](std::string_view kind) { return m_object.find(kind) != nullptr; });
    if (given != 1)
      throw bad_question("a criterion has exactly one of fact, constraint, near, away_from", m_object.where(),
                         "", "条件には fact・constraint・near・away_from のうち一つだけを指定してください",
                         "");
    if (m_object.find("fact") != nullptr)
      read_fact();
    else if (m_object.find("constraint") != nullptr)
      read_constraint();
    else if (m_object.find("near") != nullptr)
      read_near();
    else
      read_away();
    m_out.required = m_object.truth("required").value_or(true);
    m_out.weight = m_object.number("weight").value_or(1);
    if (m_out.weight < 0)
      throw bad_question("a weight is not negative", m_object.where("weight"), "",
                         "重みは 0 以上にしてください", "");
    return std::move(m_out);
  }

 private:
  void read_fact() {
    m_object.allow_only({"fact", "min", "max", "in", "ideal", "weight", "required"});
    const std::string name = *m_object.text("fact");
    const KnownFact& fact = known_fact(name, m_object.where("fact"));
    m_out.ask = Ask::fact;
    m_out.fact = name;
    const bool bounded = m_object.find("min") != nullptr || m_object.find("max") != nullptr;
    const bool listed_in = m_object.find("in") != nullptr;
    if (bounded == listed_in)
      throw bad_question("give min and max, or in", m_object.where(), "a criterion tells what passes",
                         "min・max か in のどちらかを指定してください", "");
    if (fact.form == FactForm::number) {
      if (listed_in)
        throw bad_question(fmt::format("'{}' is a number", name), m_object.where("in"),
                           "ask for it with min and max", fmt::format("「{}」は数値です", name),
                           "min・max で指定してください");
      read_bounds("min", "max", "ideal");
    } else {
      if (bounded || m_object.find("ideal") != nullptr)
        throw bad_question(fmt::format("'{}' is no number", name),
                           m_object.where(m_object.find("ideal") != nullptr ? "ideal"
                                          : m_object.find("min") != nullptr ? "min"
                                                                            : "max"),
                           "ask for it with in", fmt::format("「{}」は数値ではありません", name),
                           "in で指定してください");
      read_list(fact);
    }
  }

  void read_constraint() {
    m_object.allow_only({"constraint", "min_share", "max_share", "weight", "required"});
    const std::string name = *m_object.text("constraint");
    std::vector<std::string> known;
    for (const KnownFact& fact : m_with.facts) {
      if (!fact.constraint.empty()) known.push_back(fact.constraint);
      if (fact.constraint == name) m_out.fact = fact.name;
    }
    if (m_out.fact.empty())
      throw unknown_name("constraint", "制約", name, m_object.where("constraint"), known);
    m_out.ask = Ask::constraint;
    if (m_object.find("min_share") == nullptr && m_object.find("max_share") == nullptr)
      throw bad_question("give max_share or min_share", m_object.where(),
                         "0 is none of the site, 1 all of it", "max_share か min_share を指定してください",
                         "0 は無し、1 は全体です");
    read_bounds("min_share", "max_share", nullptr);
    for (const char* member : {"min_share", "max_share"})
      if (const auto share = m_object.number(member); share && (*share < 0 || *share > 1))
        throw bad_question("a share lies between 0 and 1", m_object.where(member), "",
                           "割合は 0 から 1 までです", "");
  }

  void read_near() {
    m_object.allow_only({"near", "ideal_km", "weight", "required"});
    const InputObject near(*m_object.find("near"), m_object.where("near"));
    near.allow_only({"layer", "filter", "id", "point", "max_km"});
    m_out.ask = Ask::near;
    m_out.target = read_target(near);
    m_out.max = distance_km(near, "max_km");
    if (const auto ideal = m_object.number("ideal_km")) {
      if (*ideal < 0 || *ideal > m_out.max)
        throw bad_question("the ideal lies outside of the bounds", m_object.where("ideal_km"), "",
                           "理想値が範囲の外にあります", "");
      m_out.ideal = ideal;
    }
  }

  void read_away() {
    m_object.allow_only({"away_from", "min_km", "outside_same", "ideal_km", "weight", "required"});
    const InputObject from(*m_object.find("away_from"), m_object.where("away_from"));
    from.allow_only({"layer", "filter", "id", "point"});
    m_out.ask = Ask::away;
    m_out.target = read_target(from);
    m_out.min = distance_km(m_object, "min_km");
    if (const auto ideal = m_object.number("ideal_km")) {
      if (*ideal < m_out.min || *ideal > farthest_km)
        throw bad_question("the ideal lies outside of the bounds", m_object.where("ideal_km"), "",
                           "理想値が範囲の外にあります", "");
      m_out.ideal = ideal;
    }
    const json* same = m_object.find("outside_same");
    if (same == nullptr) return;
    for (const std::string& name : texts(*same, m_object.where("outside_same"))) {
      const std::string where = m_object.where("outside_same");
      if (known_fact(name, where).form != FactForm::texts)
        throw bad_question(fmt::format("'{}' is no set of areas", name), where, "",
                           fmt::format("「{}」は区域の集合ではありません", name), "");
      m_out.outside_same.push_back(name);
    }
    if (!m_out.target.layer.empty() && !m_out.target.id)
      throw bad_question("outside_same needs one plant or point", m_object.where("away_from"),
                         "name it by layer and id", "outside_same には一つの拠点か地点が必要です",
                         "layer と id で指定してください");
  }

  Target read_target(const InputObject& object) {
    Target out;
    const auto layer = object.text("layer");
    const json* point = object.find("point");
    if (layer.has_value() == (point != nullptr))
      throw bad_question("give a layer or a point", object.where(), "",
                         "layer か point のどちらかを指定してください", "");
    if (point != nullptr) {
      if (object.find("filter") != nullptr || object.find("id") != nullptr)
        throw bad_question("a point has neither filter nor id", object.where(), "",
                           "point に filter・id は指定できません", "");
      out.point = read_point(*point, object.where("point"));
      return out;
    }
    out.layer = *layer;
    const store::LayerView* view = m_with.snapshot.find(out.layer);
    const catalogue::Layer* declared =
        view != nullptr ? &view->layer : m_with.catalogue.find_layer(out.layer);
    if (declared == nullptr)
      throw unknown_name("layer", "レイヤ", out.layer, object.where("layer"), layer_names());
    out.id = object.whole_number("id", 0, std::int64_t{1} << 53U);
    const json* filter = object.find("filter");
    if (filter == nullptr) return out;
    if (out.id)
      throw bad_question("one feature needs no filter", object.where("filter"), "leave out id or filter",
                         "id と filter は同時に指定できません", "どちらかを外してください");
    out.filter = read_filter(*filter, *declared, object.where("filter"));
    return out;
  }

  static filter::PredicatePtr read_filter(const json& filter, const catalogue::Layer& layer,
                                          const std::string& where) {
    try {
      return filter.is_string() ? filter::parse_text(filter.get<std::string>(), layer)
                                : filter::parse_json(filter.dump(), layer);
    } catch (const base::Error& error) {
      throw base::Error(error.kind(), error.what(),
                        where + (error.where().empty() ? "" : ": " + error.where()), error.remedy())
          .in_japanese(error.message_in("ja"), error.remedy_in("ja"));
    }
  }

  static geom::Point read_point(const json& point, const std::string& where) {
    if (!point.is_array() || point.size() != 2 || !point[0].is_number() || !point[1].is_number())
      throw bad_question("a point is [longitude, latitude]", where, "", "point は [経度, 緯度] です", "");
    const geom::Point out{point[0].get<double>(), point[1].get<double>()};
    if (std::abs(out.x) > 180 || std::abs(out.y) > 90)
      throw bad_question("this is no longitude and latitude", where, "longitude comes first",
                         "経度・緯度ではありません", "経度が先です");
    return out;
  }

  static double distance_km(const InputObject& object, const char* member) {
    const auto km = object.number(member);
    if (!km)
      throw bad_question(fmt::format("{} is missing", member), object.where(member),
                         "say how far, in kilometres", fmt::format("{} がありません", member),
                         "距離を km で指定してください");
    if (*km < 0 || *km > farthest_km)
      throw bad_question("no such distance", object.where(member), fmt::format("0 to {} km", farthest_km),
                         "その距離は指定できません", fmt::format("0～{} km で指定してください", farthest_km));
    return *km;
  }

  void read_bounds(const char* least, const char* most, const char* ideal) {
    if (const auto given = m_object.number(least)) m_out.min = *given;
    if (const auto given = m_object.number(most)) m_out.max = *given;
    if (m_out.min > m_out.max)
      throw bad_question(fmt::format("{} is greater than {}", least, most), m_object.where(least),
                         "nothing can pass", fmt::format("{} が {} を超えています", least, most),
                         "該当するものがありません");
    if (ideal == nullptr) return;
    m_out.ideal = m_object.number(ideal);
    if (m_out.ideal && (*m_out.ideal < m_out.min || *m_out.ideal > m_out.max))
      throw bad_question("the ideal lies outside of the bounds", m_object.where(ideal), "",
                         "理想値が範囲の外にあります", "");
  }

  static std::vector<std::string> texts(const json& list, const std::string& where) {
    if (!list.is_array() || list.empty())
      throw bad_question("a list of texts is wanted here", where, "", "文字列の配列を指定してください", "");
    if (list.size() > most_in_list)
      throw base::Error(base::ErrorKind::too_large, fmt::format("more than {} values", most_in_list), where)
          .in_japanese(fmt::format("値が多すぎます（{} 個まで）", most_in_list));
    std::vector<std::string> out;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string place = where + "/" + std::to_string(i);
      if (!list[i].is_string())
        throw bad_question("this must be a text", place, "", "文字列を指定してください", "");
      out.push_back(list[i].get<std::string>());
      if (std::find(out.begin(), out.end() - 1, out.back()) != out.end() - 1)
        throw bad_question(fmt::format("'{}' is there twice", out.back()), place, "",
                           fmt::format("「{}」が重複しています", out.back()), "");
    }
    return out;
  }

  void read_list(const KnownFact& fact) {
    m_out.in = texts(*m_object.find("in"), m_object.where("in"));
    if (const catalogue::CodeList* codes = m_with.catalogue.find_codes(fact.codes)) {
      std::vector<std::string> known;
      for (const catalogue::Code& code : codes->codes) known.push_back(code.code);
      for (std::size_t i = 0; i < m_out.in.size(); ++i)
        if (codes->find(m_out.in[i]) == nullptr)
          throw unknown_name("code", "コード", m_out.in[i], m_object.where("in") + "/" + std::to_string(i),
                             known);
    }
    std::sort(m_out.in.begin(), m_out.in.end());
  }

  const KnownFact& known_fact(const std::string& name, const std::string& where) const {
    if (const KnownFact* found = find_known(m_with.facts, name)) return *found;
    std::vector<std::string> known;
    for (const KnownFact& fact : m_with.facts) known.push_back(fact.name);
    throw unknown_name("fact", "項目", name, where, known);
  }

  std::vector<std::string> layer_names() const {
    std::vector<std::string> out;
    for (const store::LayerView& view : m_with.snapshot.layers()) out.push_back(view.layer.id);
    return out;
  }

  InputObject m_object;
  const CriterionReading& m_with;
  Criterion m_out;
};

json normalised(const Target& target) {
  if (target.layer.empty()) return {{"point", {target.point.x, target.point.y}}};
  json out{{"layer", target.layer}};
  if (target.id) out["id"] = *target.id;
  if (target.filter) out["filter"] = target.filter->normalised();
  return out;
}

}  // namespace

Criterion read_criterion(const json& object, const std::string& where, const CriterionReading& with) {
  return CriterionReader(object, where, with).read();
}

catalogue::Title title_of(const Criterion& criterion, const CriterionReading& with) {
  if (const KnownFact* fact = find_known(with.facts, criterion.fact)) return fact->title;
  catalogue::Title what{"指定地点", "the point"};
  if (const std::string& id = criterion.target.layer; !id.empty()) {
    const store::LayerView* view = with.snapshot.find(id);
    const catalogue::Layer* layer = view != nullptr ? &view->layer : with.catalogue.find_layer(id);
    what = layer != nullptr ? layer->title : catalogue::Title{id, id};
  }
  return {what.ja + "までの距離", "Distance to " + what.en};
}

json normalised(const Criterion& criterion, const std::vector<KnownFact>& facts) {
  json out{{"required", criterion.required}, {"weight", criterion.weight}};
  switch (criterion.ask) {
    case Ask::fact:
      out["fact"] = criterion.fact;
      if (std::isfinite(criterion.min)) out["min"] = criterion.min;
      if (std::isfinite(criterion.max)) out["max"] = criterion.max;
      if (criterion.ideal) out["ideal"] = *criterion.ideal;
      if (!criterion.in.empty()) out["in"] = criterion.in;
      break;
    case Ask::constraint:
      out["constraint"] = find_known(facts, criterion.fact)->constraint;
      if (std::isfinite(criterion.min)) out["min_share"] = criterion.min;
      if (std::isfinite(criterion.max)) out["max_share"] = criterion.max;
      break;
    case Ask::near:
      out["near"] = normalised(criterion.target);
      out["near"]["max_km"] = criterion.max;
      if (criterion.ideal) out["ideal_km"] = *criterion.ideal;
      break;
    case Ask::away:
      out["away_from"] = normalised(criterion.target);
      out["min_km"] = criterion.min;
      if (criterion.ideal) out["ideal_km"] = *criterion.ideal;
      if (!criterion.outside_same.empty()) out["outside_same"] = criterion.outside_same;
      break;
  }
  return out;
}

}  // namespace ritchi::analysis
