#include "tileserver/analysis/match_sites.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "tileserver/analysis/match_answer.hpp"
#include "tileserver/analysis/match_facts.hpp"
#include "tileserver/analysis/match_inputs.hpp"
#include "tileserver/analysis/process_geometry.hpp"
#include "tileserver/analysis/process_inputs.hpp"
#include "tileserver/analysis/process_links.hpp"

namespace ritchi::analysis {

using nlohmann::json;

namespace {

const std::vector<Format>& formats() {
  static const std::vector<Format> all{Format::geojson, Format::json, Format::csv};
  return all;
}

constexpr std::size_t measured_per_look_at_the_clock = 64;

class Matching {
 public:
  Matching(const Question& question, const std::vector<KnownFact>& facts, const Context& context,
           MatchMemory& memory)
      : m_answer{.question = question,
                 .facts = facts,
                 .context = context,
                 .tables = {},
                 .checks = {},
                 .scan = Scan(question.limit),
                 .sites = {},
                 .rows = {},
                 .heads = {},
                 .datasets = {},
                 .warnings = {},
                 .links = {}},
        m_preparation(question, context, memory, m_answer.warnings),
        m_memory(memory) {}

  MatchAnswer& run() {
    const store::LayerView* view = m_answer.context.snapshot->find(m_answer.question.layer);
    if (view == nullptr) {
      warn(fmt::format("no data of the layer '{}' is published", m_answer.question.layer),
           fmt::format("レイヤ「{}」のデータは公開されていません", m_answer.question.layer));
    } else {
      m_answer.tables = tables_of(*view, m_answer.context, m_memory);
      m_answer.rows = rows_of(*view, m_answer.context, m_memory);
      for (std::size_t i = 0; i < m_answer.tables.size(); ++i)
        m_answer.heads.push_back(heads_of(m_answer.tables[i], *m_answer.rows, i, m_answer.context, m_memory));
    }
    if (m_answer.question.within_area && !near_japan(m_answer.question.within_area->bounds()))
      warn("the area lies outside of Japan", "指定した範囲は日本の外にあります");
    m_answer.scan.funnel.resize(m_answer.question.criteria.size());
    for (std::size_t i = 0; i < m_answer.tables.size(); ++i) look_at(i);
    m_answer.sites = m_answer.scan.ranking.best([&](const Candidate& site) { return exact_rank(site); });
    for (const Candidate& site : m_answer.sites)
      measure(m_answer.checks[site.table], *m_answer.tables[site.table].sites, site.site);
    std::sort(m_answer.datasets.begin(), m_answer.datasets.end(), [](const auto& a, const auto& b) {
      return std::tie(a.layer, a.partition, a.as_of) < std::tie(b.layer, b.partition, b.as_of);
    });
    warn_of_unknowns();
    return m_answer;
  }

  // What the public would not see of it: sites, and features to which it is told how far they are.
  std::vector<store::ShownFeature> reserved() const {
    std::vector<store::ShownFeature> out;
    for (const Candidate& site : m_answer.sites) {
      if (is_reserved(site)) out.push_back({m_answer.question.layer, site.id});
      add_reserved_targets(site, out);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

 private:
  bool is_reserved(const Candidate& site) const {
    const SiteTable& table = *m_answer.tables[site.table].sites;
    if (table.dataset->is_public()) return false;
    const geom::Box& box = table.boxes[site.site];
    if (box.empty()) return true;  // without a place: told in any case
    const auto hidden = table.dataset->reserved_in_box(box, m_answer.context.deadline);
    return std::find(hidden.begin(), hidden.end(), site.id) != hidden.end();
  }

  void add_reserved_targets(const Candidate& site, std::vector<store::ShownFeature>& out) const {
    const std::vector<Check>& checks = m_answer.checks[site.table];
    for (std::size_t i = 0; i < checks.size(); ++i) {
      if (!checks[i].members || checks[i].members->reserved.empty()) continue;
      const std::vector<std::int64_t>& reserved = checks[i].members->reserved;
      const std::int64_t feature = shown(m_answer, site, i).feature;
      if (std::binary_search(reserved.begin(), reserved.end(), feature))
        out.push_back({m_answer.question.criteria[i].target.layer, feature});
    }
  }

  void look_at(std::size_t number) {
    const KeyedTable& table = m_answer.tables[number];
    std::vector<Check>& checks = m_answer.checks.emplace_back();
    const auto considered = m_preparation.considered(*table.sites, m_answer.outside, m_answer.without_place);
    for (const Criterion& criterion : m_answer.question.criteria)
      checks.push_back(m_preparation.prepare(criterion, table, considered));
    std::vector<std::vector<std::uint8_t>> used(
        checks.size(), std::vector<std::uint8_t>(table.sites->sources.size(), std::uint8_t{0}));
    scan(checks, considered, *table.sites, static_cast<std::uint32_t>(number), m_answer.question.keep_unknown,
         m_answer.context.deadline, m_answer.scan, used);
    note(table.sites->sources.back());
    for (std::size_t i = 0; i < checks.size(); ++i) {
      for (std::size_t source = 0; source < used[i].size(); ++source)
        if (used[i][source] != 0) note(table.sites->sources[source]);
      if (checks[i].members)
        for (const store::FactSource& source : checks[i].members->datasets) note(source);
    }
    for (const std::string& why : table.sites->missing)
      if (!m_answer.context.catalogue.facts_of(m_answer.question.layer).empty())
        warn_of_facts(why, *table.sites);
  }

  std::int64_t exact_rank(const Candidate& site) {
    if (++m_measured % measured_per_look_at_the_clock == 0) m_answer.context.deadline.check();
    measure(m_answer.checks[site.table], *m_answer.tables[site.table].sites, site.site);
    return score_rank(m_answer.checks[site.table], site.site);
  }

  void note(const store::FactSource& source) {
    const auto same = [&](const store::FactSource& each) {
      return each.layer == source.layer && each.partition == source.partition && each.as_of == source.as_of;
    };
    if (std::none_of(m_answer.datasets.begin(), m_answer.datasets.end(), same))
      m_answer.datasets.push_back(source);
  }

  void warn(const std::string& en, const std::string& ja) {
    m_answer.warnings.push_back(m_answer.context.language == "en" ? en : ja);
  }

  void warn_of_facts(const std::string& why, const SiteTable& sites) {
    const std::string& partition = sites.dataset->info().partition;
    if (why == "stale")
      warn(fmt::format("the facts of {} are of an earlier revision and count as unknown", partition),
           fmt::format("{} の項目は旧版のものなので不明として扱います", partition));
    else
      warn(fmt::format("no facts have been computed for {}; only the sites' own attributes are known",
                       partition),
           fmt::format("{} の項目は未計算のため、適地自体の属性以外は不明です", partition));
  }

  void warn_of_unknowns() {
    for (std::size_t i = 0; i < m_answer.scan.funnel.size(); ++i) {
      if (m_answer.scan.considered == 0 || m_answer.scan.funnel[i].unknown != m_answer.scan.considered)
        continue;
      const std::string title = title_of(m_answer, m_answer.question.criteria[i]);
      warn(fmt::format("criterion {} ({}) is unknown for every site", i + 1, title),
           fmt::format("条件 {}（{}）はすべての適地で不明です", i + 1, title));
    }
    if (m_answer.without_place > 0)
      warn(fmt::format("{} sites are left out: it is not known whether they lie within",
                       m_answer.without_place),
           fmt::format("範囲内か分からない適地 {} 件を除きました", m_answer.without_place));
  }

  MatchAnswer m_answer;
  Preparation m_preparation;
  MatchMemory& m_memory;
  std::size_t m_measured = 0;
};

void check_layer(const std::string& id, const Context& context) {
  if (context.snapshot->find(id) != nullptr || context.catalogue.find_layer(id) != nullptr) return;
  std::vector<std::string> known;
  for (const store::LayerView& view : context.snapshot->layers()) known.push_back(view.layer.id);
  const std::string like = fmt::format("{}", fmt::join(nearest_names(id, known), ", "));
  throw bad_question(fmt::format("there is no layer '{}'", id), "inputs/layer",
                     like.empty() ? "/layers.json lists the layers" : "did you mean: " + like,
                     fmt::format("レイヤ「{}」はありません", id),
                     like.empty() ? "一覧は /layers.json にあります" : "近い名前: " + like);
}

Answer answer_match(const json& inputs, const Context& context, Format format, MatchMemory& memory) {
  const std::string layer = layer_asked(inputs);
  check_layer(layer, context);
  const std::vector<KnownFact> facts = known_facts(context.catalogue, *context.snapshot, layer);
  const Question question = read_question(inputs, facts, *context.snapshot, context.catalogue, context.today);
  Matching matching(question, facts, context, memory);
  MatchAnswer& found = matching.run();
  found.links =
      question_links(context, "match-sites", question.normalised, formats(), format, found.warnings);
  Answer out;
  out.media_type = media_type_of(format);
  out.body = format == Format::csv ? to_csv(found) : to_geojson(found);
  out.shown = matching.reserved();
  return out;
}

}  // namespace

Process match_sites() {
  Process out;
  out.id = "match-sites";
  out.title = {"適地のマッチング", "Matching sites"};
  out.description = match_description();
  out.inputs_for = [](const Context& context) {
    return match_inputs(known_facts(context.catalogue, *context.snapshot, default_site_layer),
                        context.catalogue);
  };
  out.outputs = match_outputs();
  out.formats = formats();
  out.run = [memory = std::make_shared<MatchMemory>()](const json& inputs, const Context& context,
                                                       Format format) {
    return answer_match(inputs, context, format, *memory);
  };
  return out;
}

}  // namespace ritchi::analysis
