#include "tileserver/analysis/site_table.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

#include "geodata/base/error.hpp"
#include "geodata/geom/spatialite_blob.hpp"

namespace ritchi::analysis {

using catalogue::Attribute;
using catalogue::AttributeType;
using store::FactForm;
using store::FeatureView;

namespace {

constexpr double unknown_number = std::numeric_limits<double>::quiet_NaN();

struct OwnColumn {
  std::size_t attribute = 0;
  FactForm form = FactForm::number;
  std::vector<double> numbers;
  std::vector<std::uint32_t> texts;
  std::vector<std::string> words;
  std::unordered_map<std::string, std::uint32_t> word_numbers;

  std::uint32_t word(std::string_view text) {
    const auto [found, is_new] =
        word_numbers.try_emplace(std::string(text), static_cast<std::uint32_t>(words.size()));
    if (is_new) words.emplace_back(text);
    return found->second;
  }

  void add(const catalogue::ValueView& value) {
    if (form == FactForm::number) {
      double number = unknown_number;
      if (const auto* whole = std::get_if<std::int64_t>(&value)) number = static_cast<double>(*whole);
      if (const auto* real = std::get_if<double>(&value)) number = *real;
      numbers.push_back(number);
      return;
    }
    if (const auto* truth = std::get_if<bool>(&value))
      texts.push_back(word(*truth ? "true" : "false"));
    else if (const auto* text = std::get_if<std::string_view>(&value))
      texts.push_back(word(*text));
    else
      texts.push_back(store::no_word);
  }
};

struct Owned {
  std::vector<std::int64_t> ids;
  std::vector<geom::Box> boxes;
  std::vector<std::uint32_t> fact_rows;
  std::vector<std::uint16_t> own_sources;
  std::vector<OwnColumn> own;
  std::shared_ptr<const store::FactsFile> facts;
};

std::vector<OwnColumn> columns_for(const catalogue::Layer& layer, const store::FactsFile* facts) {
  std::vector<OwnColumn> out;
  for (std::size_t i = 0; i < layer.attributes.size(); ++i) {
    const Attribute& attribute = layer.attributes[i];
    if (!is_askable(attribute) || (facts != nullptr && facts->find(attribute.name) != nullptr)) continue;
    out.emplace_back();
    out.back().attribute = i;
    out.back().form = form_of(attribute);
  }
  return out;
}

void add_own_columns(SiteTable& table, const Owned& owned, const catalogue::Layer& layer) {
  for (const OwnColumn& own : owned.own) {
    SiteColumn& column = table.columns.emplace_back();
    column.name = layer.attributes[own.attribute].name;
    column.form = own.form;
    column.numbers = own.numbers;
    column.texts = own.texts;
    column.words = own.words;
    column.sources = owned.own_sources;
    table.bytes += own.numbers.size() * sizeof(double) + own.texts.size() * sizeof(std::uint32_t);
  }
}

void add_fact_columns(SiteTable& table, const Owned& owned) {
  if (!owned.facts) return;
  for (const store::FactColumn& fact : owned.facts->columns()) {
    SiteColumn& column = table.columns.emplace_back();
    column.name = fact.name;
    column.form = fact.form;
    column.numbers = fact.numbers;
    column.texts = fact.texts;
    column.text_ends = fact.text_ends;
    column.words = fact.words;
    column.sources = fact.sources;
    column.features = fact.features;
    column.at_least = fact.at_least;
    column.rows = owned.fact_rows;
  }
}

void note_used_sources(SiteTable& table) {
  for (SiteColumn& column : table.columns) {
    if (column.sources.empty()) continue;
    std::vector<bool> used(table.sources.size());
    for (std::size_t site = 0; site < table.size(); ++site)
      if (const std::uint16_t source = column.sources[column.row_of(site)]; source != store::no_source)
        used[source] = true;
    for (std::size_t i = 0; i < used.size(); ++i)
      if (used[i]) column.used_sources.push_back(static_cast<std::uint16_t>(i));
  }
}

}  // namespace

const SiteColumn* SiteTable::find(std::string_view name) const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const SiteColumn& column) { return column.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

void for_each_row(const store::Dataset& dataset, const base::Deadline& deadline, const store::Visitor& visit,
                  const filter::Predicate* only) {
  constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
  constexpr auto every = std::numeric_limits<std::int64_t>::max();
  dataset.page(lowest, every, deadline, visit, only);
}

store::FactSource source_of(const store::Dataset& dataset) {
  const store::DatasetInfo& info = dataset.info();
  return {.layer = info.layer,
          .partition = info.partition,
          .revision = info.open.revision,
          .as_of = info.as_of,
          .source_name = info.source_name,
          .licence = info.licence,
          .attribution = info.attribution,
          .synthetic = info.open.synthetic_rows > 0};
}

bool is_askable(const Attribute& attribute) {
  switch (attribute.type) {
    case AttributeType::integer:
    case AttributeType::real:
    case AttributeType::boolean:
      return true;
    case AttributeType::text:
      return !attribute.codes.empty() || attribute.name == "municipality_code";
    default:
      return false;
  }
}

FactForm form_of(const Attribute& attribute) {
  return attribute.type == AttributeType::integer || attribute.type == AttributeType::real ? FactForm::number
                                                                                           : FactForm::text;
}

std::shared_ptr<const store::FactsFile> open_facts(const store::Dataset& dataset, bool& stale) {
  stale = false;
  const auto folder = dataset.file().parent_path().parent_path();
  try {
    auto out =
        store::FactsFile::open(store::facts_file(folder, dataset.info().layer, dataset.info().partition));
    stale = out->dataset_revision() != dataset.info().whole.revision;
    return stale ? nullptr : out;
  } catch (const base::Error& error) {
    if (error.kind() == base::ErrorKind::not_found) return nullptr;
    stale = error.kind() == base::ErrorKind::unsupported;
    if (stale) return nullptr;
    throw;
  }
}

std::shared_ptr<const SiteTable> read_sites(std::shared_ptr<const store::Dataset> dataset,
                                            std::shared_ptr<const store::FactsFile> facts, bool stale,
                                            const base::Deadline& deadline) {
  auto owned = std::make_shared<Owned>();
  owned->facts = std::move(facts);
  owned->own = columns_for(dataset->layer(), owned->facts.get());
  const std::span<const std::int64_t> fact_ids =
      owned->facts ? owned->facts->ids() : std::span<const std::int64_t>();
  std::size_t fact_row = 0;
  for_each_row(*dataset, deadline, [&](const FeatureView& row) {
    if (owned->facts) {
      while (fact_row < fact_ids.size() && fact_ids[fact_row] < row.id) ++fact_row;
      if (fact_row == fact_ids.size() || fact_ids[fact_row] != row.id)
        throw base::Error(base::ErrorKind::damaged, "a row has no facts", owned->facts->file().string());
      owned->fact_rows.push_back(static_cast<std::uint32_t>(fact_row));
    }
    owned->ids.push_back(row.id);
    owned->boxes.push_back(row.geometry.empty() ? geom::Box{} : geom::decode_spatialite_bounds(row.geometry));
    for (OwnColumn& column : owned->own) column.add(row.values[column.attribute]);
  });

  auto table = std::make_shared<SiteTable>();
  table->ids = owned->ids;
  table->boxes = owned->boxes;
  table->places = std::make_shared<const facts::Places>(owned->boxes);
  table->dataset = dataset;
  table->keeps = owned;
  if (owned->facts) table->sources = owned->facts->sources();
  const auto own_source = static_cast<std::uint16_t>(table->sources.size());
  table->sources.push_back(source_of(*dataset));
  owned->own_sources.assign(owned->ids.size(), own_source);
  add_fact_columns(*table, *owned);
  add_own_columns(*table, *owned, dataset->layer());
  note_used_sources(*table);
  table->bytes += owned->ids.size() * (sizeof(std::int64_t) + sizeof(geom::Box) + 8) + table->places->bytes();
  if (!owned->facts) table->missing.emplace_back(stale ? "stale" : "none");
  if (owned->facts)
    table->shape = [held = owned.get()](std::size_t site, geom::Geometry& out) {
      held->facts->shape(held->fact_rows[site], out);
    };
  else
    table->shape = [held = owned.get(), from = std::move(dataset)](std::size_t site, geom::Geometry& out) {
      const auto row = from->by_id(held->ids[site]);
      out.clear();
      if (row && !row->geometry.empty()) geom::decode_spatialite(row->geometry, out);
    };
  return table;
}

}  // namespace ritchi::analysis
