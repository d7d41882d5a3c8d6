#include "tileserver/analysis/match_prepare.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>

#include "geodata/geom/spatialite_blob.hpp"
#include "tileserver/analysis/match_area.hpp"
#include "tileserver/analysis/match_facts.hpp"

namespace ritchi::analysis {

using store::FactForm;

namespace {

constexpr geom::Box everywhere{-180, -90, 180, 90};
constexpr std::size_t most_heads = 10'000;
constexpr std::size_t heads_per_look_at_the_clock = 64;
constexpr std::size_t bytes_per_head = 1500;  // of a site with twenty attributes and a dozen vertices
constexpr std::size_t bytes_per_vertex = 48;  // of a shape in the index, with its share of the tree

// Facts are made anew without their dataset changing.
std::string facts_state(const store::Dataset& dataset) {
  const auto file = store::facts_file(dataset.file().parent_path().parent_path(), dataset.info().layer,
                                      dataset.info().partition);
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) return "none";
  return fmt::format("{}.{}.{}.{}", found.st_ino, found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec);
}

std::vector<std::uint8_t> accepted_words(const SiteColumn& column, const std::vector<std::string>& in) {
  std::vector<std::uint8_t> out(column.words.size(), 0);
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = std::binary_search(in.begin(), in.end(), column.words[i]) ? 1 : 0;
  return out;
}

bool in_codes(std::string_view code, const std::vector<std::string>& codes) {
  return std::any_of(codes.begin(), codes.end(), [&](const std::string& each) {
    return code.starts_with(each) && each.size() <= code.size();
  });
}

Members point_member(geom::Point point) {
  Members out;
  geom::Geometry place;
  place.points = {point};
  out.index.add(place);
  out.index.build();
  return out;
}

}  // namespace

std::vector<KeyedTable> tables_of(const store::LayerView& view, const Context& context, MatchMemory& memory) {
  std::vector<KeyedTable> out;
  for (const auto& dataset : view.datasets) {
    KeyedTable& table = out.emplace_back();
    table.key = fmt::format("{}\n{}\n{}\n{}\n{}", dataset->file().string(), dataset->info().whole.revision,
                            view.revision, view.declaration, facts_state(*dataset));
    table.sites = memory.tables.get(table.key, context.deadline, [&] {
      bool stale = false;
      auto facts = open_facts(*dataset, stale);
      auto made = read_sites(dataset, std::move(facts), stale, context.deadline);
      return Kept<SiteTable>::Made{made, made->bytes};
    });
  }
  return out;
}

std::shared_ptr<const LayerRows> rows_of(const store::LayerView& view, const Context& context,
                                         MatchMemory& memory) {
  const std::string key = fmt::format("{}\n{}\n{}", view.layer.id, view.revision, view.declaration);
  return memory.rows.get(key, context.deadline, [&] {
    auto read = std::make_shared<const LayerRows>(view, context.deadline);
    return Kept<LayerRows>::Made{read, read->bytes()};
  });
}

std::shared_ptr<const SiteHeads> heads_of(const KeyedTable& table, const LayerRows& rows, std::size_t dataset,
                                          const Context& context, MatchMemory& memory) {
  return memory.heads.get(table.key, context.deadline, [&] {
    const std::size_t sites = table.sites->size();
    auto heads = std::make_shared<SiteHeads>(std::min(sites, most_heads));
    if (sites <= most_heads) {
      HeadWriter writer(table.sites->dataset->layer());
      store::Feature read;
      std::vector<store::ValueView> values;
      for (std::uint32_t site = 0; site < sites; ++site) {
        if (site % heads_per_look_at_the_clock == 0) context.deadline.check();
        heads->get(site,
                   [&] { return writer.head_of(rows.row(dataset, table.sites->ids[site], read, values)); });
      }
    }
    return Kept<SiteHeads>::Made{heads, std::min(sites, most_heads) * bytes_per_head};
  });
}

Preparation::Preparation(const Question& question, const Context& context, MatchMemory& memory,
                         std::vector<std::string>& warnings)
    : m_question(question), m_context(context), m_memory(memory), m_warnings(warnings) {}

void Preparation::warn(std::string en, std::string ja) {
  std::string& text = m_context.language == "en" ? en : ja;
  if (std::find(m_warnings.begin(), m_warnings.end(), text) == m_warnings.end())
    m_warnings.push_back(std::move(text));
}

Check Preparation::prepare(const Criterion& criterion, const KeyedTable& table,
                           std::span<const std::uint32_t> considered) {
  Check out = criterion.fact.empty() ? prepare_distance(criterion, table, considered)
                                     : prepare_fact(criterion, *table.sites);
  out.weight = criterion.weight;
  out.required = criterion.required;
  return out;
}

Check Preparation::prepare_fact(const Criterion& criterion, const SiteTable& table) {
  Check out;
  if (!layers_are_seen(m_context.catalogue, *m_context.snapshot, m_question.layer, criterion.fact)) {
    out.known = false;
    const auto title = title_of_fact(m_context.catalogue, m_question.layer, criterion.fact);
    warn(fmt::format("'{}' is unknown: a layer that it comes from is not published", title.en),
         fmt::format("「{}」は、元になるレイヤが公開されていないため不明です", title.ja));
    return out;
  }
  out.min = criterion.min;
  out.max = criterion.max;
  out.ideal = criterion.ideal;
  const catalogue::Fact* fact = find_fact(m_context.catalogue.facts_of(m_question.layer), criterion.fact);
  const bool is_age = fact != nullptr && fact->kind == catalogue::FactKind::age;
  const SiteColumn* column = table.find(is_age ? fact->of : criterion.fact);
  out.known = column != nullptr;
  if (!out.known) return out;
  out.column = *column;
  if (fact != nullptr && fact->kind == catalogue::FactKind::share) out.most = 1;
  if (column->form != FactForm::number) {
    out.accepted = accepted_words(*column, criterion.in);
  } else if (is_age) {
    const double this_year = year_of_ages(m_question.as_of, fact->fiscal_year);
    auto ages = std::make_shared<std::vector<double>>(column->numbers.begin(), column->numbers.end());
    for (std::size_t row = 0; row < ages->size(); ++row) {
      double& value = (*ages)[row];
      // Of a year that may be later the age may be less, down to nothing.
      if (column->is_at_least(row)) value = std::nan("");
      if (!std::isnan(value)) value = std::max(0.0, this_year - value);
    }
    out.column.numbers = *ages;
    out.column.at_least = {};
    out.keeps = std::move(ages);
  }
  return out;
}

Preparation::Reached Preparation::reach(const Target& target) {
  Reached out;
  if (target.layer.empty()) {
    out.place.points = {target.point};
    out.key = fmt::format("{} {}", target.point.x, target.point.y);
    out.members = std::make_shared<const Members>(point_member(target.point));
    return out;
  }
  const store::LayerView* view = m_context.snapshot->find(target.layer);
  if (view == nullptr) {
    warn(fmt::format("no data of the layer '{}' is published: distances to it are unknown", target.layer),
         fmt::format("レイヤ「{}」のデータがないため、距離は不明です", target.layer));
    return out;
  }
  if (target.id) {
    for (const auto& dataset : view->datasets)
      if (const auto row = dataset->by_id(*target.id); row && !row->geometry.empty())
        geom::decode_spatialite(row->geometry, out.place);
    if (out.place.empty()) {
      warn(fmt::format("'{}' has no feature {} with a place: distances to it are unknown", target.layer,
                       *target.id),
           fmt::format("「{}」に位置のある地物 {} がないため、距離は不明です", target.layer, *target.id));
      return out;
    }
  }
  out.key = fmt::format("{}\n{}\n{}\n{}", target.layer, view->revision, target.id.value_or(-1),
                        target.filter ? target.filter->normalised() : "");
  out.members = m_memory.members.get(out.key, m_context.deadline, [&] {
    auto made = members_of(target, *view, out.place);
    return Kept<Members>::Made{made, made->bytes};
  });
  return out;
}

std::shared_ptr<const Members> Preparation::members_of(const Target& target, const store::LayerView& view,
                                                       const geom::Geometry& place) {
  auto made = std::make_shared<Members>();
  for (const auto& dataset : view.datasets) made->datasets.push_back(source_of(*dataset));
  const auto add = [&](const geom::Geometry& each, std::int64_t id, std::size_t dataset) {
    made->index.add(each);
    made->ids.push_back(id);
    made->dataset_of.push_back(static_cast<std::uint16_t>(dataset));
    made->bytes += each.points.size() * bytes_per_vertex + sizeof id;
  };
  if (target.id) {
    for (std::size_t i = 0; i < view.datasets.size(); ++i)
      if (view.datasets[i]->by_id(*target.id)) add(place, *target.id, i);
  } else {
    const auto rows = rows_of(view, m_context, m_memory);
    geom::Geometry shape;
    rows->for_each(target.filter.get(), m_context.deadline,
                   [&](std::int64_t id, std::span<const std::byte> geometry, std::size_t dataset) {
                     if (geometry.empty()) return;
                     geom::decode_spatialite(geometry, shape);
                     add(shape, id, dataset);
                   });
  }
  made->index.build();
  for (const auto& dataset : view.datasets)
    for (const std::int64_t id : dataset->reserved_in_box(everywhere, m_context.deadline))
      made->reserved.push_back(id);
  std::sort(made->reserved.begin(), made->reserved.end());
  made->bytes += made->reserved.size() * sizeof(std::int64_t);
  return made;
}

Check Preparation::prepare_distance(const Criterion& criterion, const KeyedTable& table,
                                    std::span<const std::uint32_t> considered) {
  Check out;
  const Reached reached = reach(criterion.target);
  out.known = reached.members != nullptr;
  if (!out.known) return out;
  out.min = criterion.min;
  out.max = criterion.max;
  out.ideal = criterion.ideal;
  out.members = reached.members;
  const SiteTable& sites = *table.sites;
  const auto made = [&](std::optional<double> side_of_m) {
    return std::make_shared<SiteDistances>(
        facts::distance_bounds(reached.members->index, *sites.places, m_context.deadline, side_of_m));
  };
  // A point is hardly ever asked for twice; without an ideal only one side of the bound is asked for.
  const double bound_km = criterion.ask == Ask::away ? criterion.min : criterion.max;
  const auto side_of_m = criterion.ideal ? std::nullopt : std::optional(bound_km * SiteDistances::m_per_km);
  out.distances =
      criterion.target.layer.empty()
          ? made(side_of_m)
          : m_memory.distances.get(fmt::format("{}\n{}", reached.key, table.key), m_context.deadline, [&] {
              return Kept<SiteDistances>::Made{made({}), SiteDistances::bytes_for(sites.size())};
            });
  const auto also = criterion.outside_same.empty() ? std::vector<Status>{} : outside_same(criterion, sites);
  decide(out, sites, considered, also, m_context.deadline);
  return out;
}

std::vector<Status> Preparation::outside_same(const Criterion& criterion, const SiteTable& table) {
  std::vector<Status> out(table.size(), Status::pass);
  geom::Geometry place = reach(criterion.target).place;
  for (const std::string& fact : criterion.outside_same) {
    const SiteColumn* column = table.find(fact);
    auto there = words_at(criterion.target, fact, place);
    if (column == nullptr || !there) {
      for (Status& status : out)
        if (status == Status::pass) status = Status::unknown;
      continue;
    }
    std::sort(there->words.begin(), there->words.end());
    Check same;
    same.column = *column;
    same.accepted = accepted_words(*column, there->words);
    for (std::size_t site = 0; site < out.size(); ++site) {
      const Status meets = judge(same, site).status;
      if (meets == Status::pass) out[site] = Status::fail;
      // What is in no area at all shares none, whatever more the place lies in.
      const bool may_meet =
          meets == Status::unknown || (there->at_least && !column->set_at(column->row_of(site)).empty());
      if (may_meet && out[site] == Status::pass) out[site] = Status::unknown;
    }
  }
  return out;
}

std::optional<SetAtPlace> Preparation::words_at(const Target& target, const std::string& fact,
                                                const geom::Geometry& place) {
  const catalogue::Fact* declared = find_fact(m_context.catalogue.facts_of(m_question.layer), fact);
  auto words =
      declared == nullptr || place.empty() ? std::nullopt : set_at_place(*declared, place, m_context);
  if (!words)
    warn(fmt::format("'{}' is unknown at the place to keep away from ({})", fact,
                     target.layer.empty() ? "point" : target.layer),
         fmt::format("離れるべき場所での「{}」は不明です", fact));
  return words;
}

std::vector<std::uint32_t> Preparation::considered(const SiteTable& table, std::int64_t& outside,
                                                   std::int64_t& without_place) const {
  std::vector<std::uint32_t> out;
  out.reserve(table.size());
  const auto keep = [&](std::size_t site, bool inside) {
    if (inside)
      out.push_back(static_cast<std::uint32_t>(site));
    else
      ++outside;
  };
  if (m_question.within_area) {
    const AreaTest area(*m_question.within_area);
    geom::Geometry shape;
    for (std::size_t site = 0; site < table.size(); ++site) {
      if (site % 256 == 0) m_context.deadline.check();
      if (table.boxes[site].empty())
        ++without_place;
      else
        keep(site, area.covers(table.boxes[site], [&]() -> const geom::Geometry& {
          table.shape(site, shape);
          return shape;
        }));
    }
  } else if (!m_question.within_codes.empty()) {
    const bool is_seen = table.dataset->layer().find("municipality_code") != nullptr;
    const SiteColumn* codes = is_seen ? table.find("municipality_code") : nullptr;
    for (std::size_t site = 0; site < table.size(); ++site) {
      const std::uint32_t word = codes == nullptr ? store::no_word : codes->texts[codes->row_of(site)];
      if (word == store::no_word)
        ++without_place;
      else
        keep(site, in_codes(codes->words[word], m_question.within_codes));
    }
  } else {
    for (std::size_t site = 0; site < table.size(); ++site) out.push_back(static_cast<std::uint32_t>(site));
  }
  return out;
}

}  // namespace ritchi::analysis
