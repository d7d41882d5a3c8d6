// The forms of an answer: a GeoJSON FeatureCollection, and a table with one row per site.
#include <fmt/format.h>

#include <cmath>

#include "geodata/geom/spatialite_blob.hpp"
#include "tileserver/analysis/match_answer.hpp"
#include "tileserver/analysis/match_text.hpp"
#include "tileserver/analysis/process_geometry.hpp"

namespace ritchi::analysis {

namespace {

// One criterion as all sites share it.
struct Heading {
  std::string kind;
  std::string name;
  std::string title;
  std::string unit;
};

const char* kind_of(Ask ask) {
  switch (ask) {
    case Ask::constraint:
      return "constraint";
    case Ask::near:
      return "near";
    case Ask::away:
      return "away_from";
    case Ask::fact:
      break;
  }
  return "fact";
}

std::vector<Heading> headings_of(const MatchAnswer& answer) {
  std::vector<Heading> out;
  for (const Criterion& criterion : answer.question.criteria) {
    const std::string& target = criterion.target.layer.empty() ? "point" : criterion.target.layer;
    out.push_back({kind_of(criterion.ask), criterion.fact.empty() ? target : criterion.fact,
                   title_of(answer, criterion), unit_of(answer, criterion)});
  }
  return out;
}

void put_value(JsonText& out, const ShownCriterion& shown) {
  if (shown.is_number) {
    out.number(shown.number);
  } else if (shown.is_set && shown.verdict.status != Status::unknown) {
    out.open('[');
    for (const std::string& word : shown.words) out.text(word);
    out.close(']');
  } else if (shown.words.empty()) {
    out.null();
  } else {
    out.text(shown.words.front());
  }
}

void put_source(JsonText& out, const ShownCriterion& shown) {
  if (shown.source == nullptr) {
    out.null();
    return;
  }
  out.open('{').key("layer").text(shown.source->layer).key("as_of").text_or_null(shown.source->as_of);
  out.key("source_name").text_or_null(shown.source->source_name);
  if (shown.feature != 0) out.key("feature").whole(shown.feature);
  out.close('}');
}

// The contributions are added up as the scan adds them: their sum is the score to the last bit.
double put_criteria(JsonText& out, const MatchAnswer& answer, const MatchedSite& site,
                    const std::vector<Heading>& headings) {
  double score = 0;
  out.open('[');
  for (std::size_t i = 0; i < headings.size(); ++i) {
    const ShownCriterion each = shown(answer, site, i);
    const Criterion& criterion = answer.question.criteria[i];
    score += each.contribution;
    out.open('{').key("criterion").whole(static_cast<std::int64_t>(i));
    out.key(headings[i].kind).text(headings[i].name).key("title").text(headings[i].title);
    out.key("value");
    put_value(out, each);
    out.key("unit").text_or_null(headings[i].unit).key("status").text(name_of(each.verdict.status));
    out.key("contribution").number(each.contribution).key("weight").number(criterion.weight);
    out.key("required").truth(criterion.required).key("source");
    put_source(out, each);
    out.close('}');
  }
  out.close(']');
  return score;
}

void put_feature(JsonText& out, const MatchAnswer& answer, std::size_t number,
                 const std::vector<Heading>& headings) {
  const MatchedSite& site = answer.sites[number];
  const catalogue::Layer& layer = answer.tables[site.place.table].sites->dataset->layer();
  geom::Geometry shape;
  if (!site.row.geometry.empty()) geom::decode_spatialite(site.row.geometry, shape);
  std::string geometry;
  append_geojson(geometry, shape);
  out.open('{').key("type").text("Feature").key("id").whole(site.row.id).key("geometry").raw(geometry);
  out.key("properties").open('{').key("source_id").text(site.row.source_id);
  for (std::size_t i = 0; i < layer.attributes.size(); ++i)
    out.key(layer.attributes[i].name).value(site.row.values[i]);
  out.key("synthetic").truth(site.row.synthetic);
  out.key("rank").whole(static_cast<std::int64_t>(number + 1)).key("criteria");
  const double score = put_criteria(out, answer, site, headings);
  out.key("score");
  headings.empty() ? out.null() : out.number(score);
  out.close('}').close('}');
}

void put_funnel(JsonText& out, const MatchAnswer& answer, const std::vector<Heading>& headings) {
  out.open('{').key("total").whole(answer.scan.considered + answer.outside + answer.without_place);
  if (answer.question.within_area || !answer.question.within_codes.empty())
    out.key("within")
        .open('{')
        .key("outside")
        .whole(answer.outside)
        .key("unknown")
        .whole(answer.without_place)
        .close('}');
  out.key("considered").whole(answer.scan.considered).key("criteria").open('[');
  for (std::size_t i = 0; i < headings.size(); ++i) {
    const FunnelStep step = i < answer.scan.funnel.size() ? answer.scan.funnel[i] : FunnelStep{};
    out.open('{').key("criterion").whole(static_cast<std::int64_t>(i));
    out.key(headings[i].kind).text(headings[i].name).key("title").text(headings[i].title);
    out.key("required").truth(answer.question.criteria[i].required);
    out.key("fail").whole(step.failed).key("unknown").whole(step.unknown).key("alone").whole(step.alone);
    out.key("in_turn").whole(step.in_turn).key("remaining").whole(step.remaining).close('}');
  }
  out.close(']').key("matched").whole(static_cast<std::int64_t>(answer.scan.matched.size())).close('}');
}

void put_datasets(JsonText& out, const MatchAnswer& answer) {
  out.open('[');
  for (const store::FactSource& source : answer.datasets) {
    out.open('{').key("layer").text(source.layer).key("partition").text(source.partition);
    out.key("as_of").text_or_null(source.as_of).key("source_name").text_or_null(source.source_name);
    out.key("licence").text_or_null(source.licence).key("attribution").text_or_null(source.attribution);
    out.key("synthetic").truth(source.synthetic).close('}');
  }
  out.close(']');
}

std::string source_text(const store::FactSource* source) {
  if (source == nullptr) return {};
  return fmt::format("{} ({}{}{})", source->layer, source->source_name, source->as_of.empty() ? "" : ", ",
                     source->as_of);
}

}  // namespace

std::string to_geojson(const MatchAnswer& answer) {
  const std::vector<Heading> headings = headings_of(answer);
  JsonText out;
  out.open('{').key("type").text("FeatureCollection");
  out.key("numberMatched").whole(static_cast<std::int64_t>(answer.scan.matched.size()));
  out.key("numberReturned").whole(static_cast<std::int64_t>(answer.sites.size()));
  out.key("as_of").text(answer.question.as_of).key("features").open('[');
  for (std::size_t i = 0; i < answer.sites.size(); ++i) {
    answer.context.deadline.check();
    put_feature(out, answer, i, headings);
  }
  out.close(']').key("funnel");
  put_funnel(out, answer, headings);
  out.key("datasets");
  put_datasets(out, answer);
  out.key("warnings").open('[');
  for (const std::string& warning : answer.warnings) out.text(warning);
  out.close(']').key("inputs").raw(answer.question.normalised.dump());
  out.key("links").raw(answer.links.dump()).close('}');
  return out.take();
}

std::string to_csv(const MatchAnswer& answer) {
  const std::vector<Heading> headings = headings_of(answer);
  CsvText out;
  for (const char* name : {"rank", "score", "id", "source_id"}) out.cell(name);
  const store::LayerView* view = answer.context.snapshot->find(answer.question.layer);
  const std::vector<catalogue::Attribute> none;
  const auto& attributes = view == nullptr ? none : view->layer.attributes;
  for (const catalogue::Attribute& attribute : attributes) out.cell(attribute.name);
  for (std::size_t i = 0; i < headings.size(); ++i)
    for (const char* part : {"value", "status", "contribution"})
      out.cell(fmt::format("c{}_{}_{}", i, headings[i].name, part));
  for (const char* name : {"synthetic", "longitude", "latitude", "sources"}) out.cell(name);
  out.end_row();
  for (std::size_t number = 0; number < answer.sites.size(); ++number) {
    answer.context.deadline.check();
    const MatchedSite& site = answer.sites[number];
    const SiteTable& table = *answer.tables[site.place.table].sites;
    std::vector<ShownCriterion> criteria;
    double score = 0;
    for (std::size_t i = 0; i < headings.size(); ++i)
      score += criteria.emplace_back(shown(answer, site, i)).contribution;
    out.number(static_cast<double>(number + 1));
    out.number(headings.empty() ? std::nan("") : score);
    out.value(site.row.id);
    out.cell(site.row.source_id);
    for (const catalogue::Attribute& attribute : attributes) {
      const std::size_t index = table.dataset->layer().index_of(attribute.name);
      out.value(index < site.row.values.size() ? site.row.values[index] : catalogue::Value{});
    }
    std::string sources = source_text(&table.sources.back());
    for (const ShownCriterion& each : criteria) {
      std::string words;
      for (const std::string& word : each.words) words += (words.empty() ? "" : "; ") + word;
      each.is_number ? out.number(each.number) : out.cell(words);
      out.cell(name_of(each.verdict.status));
      out.number(each.contribution);
      const std::string source = source_text(each.source);
      if (!source.empty() && sources.find(source) == std::string::npos) sources += "; " + source;
    }
    const geom::Box& box = table.boxes[site.place.site];
    out.value(site.row.synthetic);
    out.number((box.min_x + box.max_x) / 2);
    out.number((box.min_y + box.max_y) / 2);
    out.cell(sources);
    out.end_row();
  }
  return out.take();
}

}  // namespace ritchi::analysis
