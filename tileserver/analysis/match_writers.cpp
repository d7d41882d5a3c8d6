// The forms of an answer: a GeoJSON FeatureCollection, and a table with one row per site.
#include <fmt/format.h>

#include <cmath>
#include <map>

#include "tileserver/analysis/match_answer.hpp"
#include "tileserver/analysis/match_text.hpp"

namespace ritchi::analysis {

namespace {

// One criterion as all sites share it, and what of it is written alike for each of them.
struct Heading {
  std::string kind;
  std::string name;
  std::string title;
  std::string unit;
  std::string up_to_value;         // {"criterion":0,"fact":"area_ha",…,"value":
  std::string up_to_status;        // ,"unit":"ha","status":
  std::string after_contribution;  // ,"weight":1,"required":true,"source":
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

void write_shared_parts(Heading& heading, const Criterion& criterion, std::size_t number) {
  JsonText before, unit, rest;
  before.open('{').key("criterion").whole(static_cast<std::int64_t>(number));
  before.key(heading.kind).text(heading.name).key("title").text(heading.title).key("value");
  heading.up_to_value = before.take();
  unit.open('{').key("unit").text_or_null(heading.unit).key("status");
  heading.up_to_status = ',' + unit.take_members();
  rest.open('{')
      .key("weight")
      .number(criterion.weight)
      .key("required")
      .truth(criterion.required)
      .key("source");
  heading.after_contribution = ',' + rest.take_members();
}

std::vector<Heading> headings_of(const MatchAnswer& answer) {
  std::vector<Heading> out;
  for (const Criterion& criterion : answer.question.criteria) {
    const std::string& target = criterion.target.layer.empty() ? "point" : criterion.target.layer;
    Heading& heading = out.emplace_back();
    heading.kind = kind_of(criterion.ask);
    heading.name = criterion.fact.empty() ? target : criterion.fact;
    heading.title = title_of(answer, criterion);
    heading.unit = unit_of(answer, criterion);
    write_shared_parts(heading, criterion, out.size() - 1);
  }
  return out;
}

void put_value(JsonText& out, const ShownCriterion& shown) {
  if (shown.is_number) {
    out.number(shown.number);
  } else if (shown.is_set && (shown.verdict.status != Status::unknown || !shown.words.empty())) {
    out.open('[');
    for (const std::string& word : shown.words) out.text(word);
    out.close(']');
  } else if (shown.words.empty()) {
    out.null();
  } else {
    out.text(shown.words.front());
  }
}

// What is told of a dataset, written once.
class SourceTexts {
 public:
  const std::string& of(const store::FactSource& source) {
    std::string& text = m_texts[&source];
    if (text.empty()) {
      JsonText written;
      written.open('{').key("layer").text(source.layer).key("as_of").text_or_null(source.as_of);
      written.key("source_name").text_or_null(source.source_name);
      text = written.take();
    }
    return text;
  }

 private:
  std::map<const store::FactSource*, std::string> m_texts;
};

void put_source(JsonText& out, const ShownCriterion& shown, SourceTexts& sources) {
  if (shown.source == nullptr) {
    out.null();
    return;
  }
  out.raw(sources.of(*shown.source));
  if (shown.feature != 0) out.key("feature").whole(shown.feature);
  out.close('}');
}

// The contributions are added up as the scan adds them: their sum is the score to the last bit.
double put_criteria(JsonText& out, const MatchAnswer& answer, const Candidate& site,
                    const std::vector<Heading>& headings, SourceTexts& sources) {
  double score = 0;
  out.open('[');
  for (std::size_t i = 0; i < headings.size(); ++i) {
    const ShownCriterion each = shown(answer, site, i);
    score += each.contribution;
    out.raw(headings[i].up_to_value);
    put_value(out, each);
    if (each.at_least) out.key("at_least").truth(true);
    out.rest(headings[i].up_to_status).text(name_of(each.verdict.status));
    out.key("contribution").number(each.contribution).rest(headings[i].after_contribution);
    put_source(out, each, sources);
    out.close('}');
  }
  out.close(']');
  return score;
}

class FeatureWriter {
 public:
  FeatureWriter(const MatchAnswer& answer, const std::vector<Heading>& headings)
      : m_answer(answer), m_headings(headings) {
    for (const KeyedTable& table : answer.tables) m_heads.emplace_back(table.sites->dataset->layer());
  }

  void put(JsonText& out, std::size_t number) {
    const Candidate& site = m_answer.sites[number];
    out.raw(*m_answer.heads[site.table]->get(site.site, [&] {
      return m_heads[site.table].head_of(m_answer.rows->row(site.table, site.id, m_read, m_values));
    }));
    out.key("rank").whole(static_cast<std::int64_t>(number + 1)).key("criteria");
    const double score = put_criteria(out, m_answer, site, m_headings, m_sources);
    out.key("score");
    m_headings.empty() ? out.null() : out.number(score);
    out.close('}').close('}');
  }

 private:
  const MatchAnswer& m_answer;
  const std::vector<Heading>& m_headings;
  std::vector<HeadWriter> m_heads;  // by table
  SourceTexts m_sources;
  store::Feature m_read;
  std::vector<store::ValueView> m_values;
};

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
  out.close(']').key("matched").whole(answer.scan.ranking.count()).close('}');
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
  out.key("numberMatched").whole(answer.scan.ranking.count());
  out.key("numberReturned").whole(static_cast<std::int64_t>(answer.sites.size()));
  out.key("as_of").text(answer.question.as_of).key("features").open('[');
  FeatureWriter features(answer, headings);
  for (std::size_t i = 0; i < answer.sites.size(); ++i) {
    answer.context.deadline.check();
    features.put(out, i);
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
    for (const char* part : {"value", "status", "contribution", "at_least"})
      out.cell(fmt::format("c{}_{}_{}", i, headings[i].name, part));
  for (const char* name : {"synthetic", "longitude", "latitude", "sources"}) out.cell(name);
  out.end_row();
  store::Feature read;
  std::vector<store::ValueView> values;
  for (std::size_t number = 0; number < answer.sites.size(); ++number) {
    answer.context.deadline.check();
    const Candidate& site = answer.sites[number];
    const SiteTable& table = *answer.tables[site.table].sites;
    const store::FeatureView row = answer.rows->row(site.table, site.id, read, values);
    std::vector<ShownCriterion> criteria;
    double score = 0;
    for (std::size_t i = 0; i < headings.size(); ++i)
      score += criteria.emplace_back(shown(answer, site, i)).contribution;
    out.number(static_cast<double>(number + 1));
    out.number(headings.empty() ? std::nan("") : score);
    out.value(row.id);
    out.cell(row.source_id);
    for (const catalogue::Attribute& attribute : attributes) {
      const std::size_t index = table.dataset->layer().index_of(attribute.name);
      out.value(index < row.values.size() ? row.values[index] : catalogue::ValueView{});
    }
    std::string sources = source_text(&table.sources.back());
    for (const ShownCriterion& each : criteria) {
      std::string words;
      for (const std::string& word : each.words) words += (words.empty() ? "" : "; ") + word;
      each.is_number ? out.number(each.number) : out.cell(words);
      out.cell(name_of(each.verdict.status));
      out.number(each.contribution);
      out.cell(each.at_least ? "true" : "");
      const std::string source = source_text(each.source);
      if (!source.empty() && sources.find(source) == std::string::npos) sources += "; " + source;
    }
    const geom::Box& box = table.boxes[site.site];
    out.value(row.synthetic);
    out.number((box.min_x + box.max_x) / 2);
    out.number((box.min_y + box.max_y) / 2);
    out.cell(sources);
    out.end_row();
  }
  return out.take();
}

}  // namespace ritchi::analysis
