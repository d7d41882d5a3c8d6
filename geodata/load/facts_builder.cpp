#include "geodata/load/facts_builder.hpp"

#include <algorithm>
#include <cmath>

#include "geodata/base/error.hpp"
#include "geodata/geom/spatialite_blob.hpp"
#include "geodata/load/parallel_rows.hpp"
#include "geodata/store/changes.hpp"

namespace ritchi::load {
namespace {

using base::Error;
using base::ErrorKind;
using catalogue::Fact;
using catalogue::FactKind;
using facts::FactGroup;
using facts::Origin;
using facts::OriginPart;

// More changes than that are not compared with every feature: then all of a column is computed.
constexpr std::size_t most_compared = 2000;
constexpr std::size_t columns_in_a_pass = 6;

store::FactSource source_of(const store::DatasetInfo& info) {
  return {info.layer,       info.partition, info.open.revision, info.as_of,
          info.source_name, info.licence,   info.attribution,   info.open.synthetic_rows > 0};
}

std::vector<store::FactSource> sources_of(const store::Snapshot& snapshot,
                                          const std::vector<std::string>& layers,
                                          const store::DatasetInfo& own) {
  std::vector<store::FactSource> out{source_of(own)};
  for (const auto& layer : layers)
    if (const auto* view = snapshot.find(layer))
      for (const auto& dataset : view->datasets) out.push_back(source_of(dataset->info()));
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::tie(a.layer, a.partition) < std::tie(b.layer, b.partition);
  });
  return out;
}

bool equal(const FactValue& a, const FactValue& b) {
  return a.words == b.words && a.at_least == b.at_least &&
         (a.number == b.number || (std::isnan(a.number) && std::isnan(b.number)));
}

FactValues empty_column(const Fact& fact) {
  const bool of_features = fact.kind != FactKind::attribute && fact.kind != FactKind::extendable;
  return {fact.name, fact.form, of_features, {}, {}};
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

FactsBuilder::FactsBuilder(const FactsRequest& request, std::shared_ptr<const store::Snapshot> snapshot,
                           std::shared_ptr<const store::Dataset> dataset)
    : m_request(request),
      m_snapshot(std::move(snapshot)),
      m_dataset(std::move(dataset)),
      m_declared(request.catalogue.facts_of(m_dataset->info().layer)),
      m_origin(*m_snapshot, facts::layers_of(m_declared), request.today),
      m_coverage(m_snapshot),
      m_context{m_snapshot, m_coverage, request.today,
                sources_of(*m_snapshot, facts::layers_of(m_declared), m_dataset->info())} {}

FactsBuilder::~FactsBuilder() = default;

void FactsBuilder::go_on_from(const JustPublished& published) {
  const store::DatasetInfo& own = m_dataset->info();
  const store::DatasetInfo& now = published.now;
  try {
    m_old = store::FactsFile::open(store::facts_file(m_request.data_folder, own.layer, own.partition));
  } catch (const Error&) {
    return;  // there is none that could be gone on from
  }
  std::vector<store::Change> changes;
  bool listed = published.before.has_value();
  if (listed) try {
      store::ChangeSummary step;
      step.layer = now.layer;
      step.partition = now.partition;
      step.from = published.before->whole.revision;
      step.to = now.whole.revision;
      listed = store::read_changes(store::changes_file(m_request.data_folder, step),
                                   [&](const store::Change& change) { changes.push_back(change); })
                   .listed;
    } catch (const Error&) {
      listed = false;
    }
  if (now.layer == own.layer) {
    const bool follows = listed && own.whole.revision == now.whole.revision &&
                         m_old->dataset_revision() == published.before->whole.revision;
    if (!follows) return m_old.reset();
    for (const auto& change : changes) m_changed_rows.insert(change.id);
  } else {
    if (m_old->dataset_revision() != own.whole.revision) return m_old.reset();
    const auto* view = m_snapshot->find(now.layer);
    if (view == nullptr || !listed || changes.size() > most_compared) return;
    const auto present = std::find_if(view->datasets.begin(), view->datasets.end(), [&](const auto& dataset) {
      return dataset->info().partition == now.partition;
    });
    if (present == view->datasets.end() || (*present)->info().whole.revision != now.whole.revision) return;
    const auto moment = [&](const store::DatasetInfo& info) {
      return facts::moment_of((*present)->layer(), info.as_of, m_request.today);
    };
    const store::DatasetInfo& before = *published.before;
    if (before.open.rows == 0 || before.covers != now.covers || moment(before) != moment(now)) return;
    m_old_origin = m_origin.with(now.layer, OriginPart{now.partition, before.open.revision, moment(before)});
    m_change = facts::LayerChange{now.layer, std::move(changes), m_context.source_of(now)};
    m_changed_before = before;
    m_changed_now = (*present)->info();
  }
}

std::string FactsBuilder::made_from(const Fact& fact) const {
  return m_origin.digest(fact, m_declared, m_dataset->info().whole.revision);
}

void FactsBuilder::read_rows() {
  const auto add = [&](std::int64_t id, std::string_view blob, std::int64_t old_row) {
    m_rows.add(id, blob);
    m_old_row.push_back(old_row);
  };
  if (!m_old) {
    m_dataset->page(0, INT64_MAX, base::Deadline::never(), [&](const store::FeatureView& row) {
      add(row.id, text_of(row.geometry), -1);
      if (m_request.tick && m_rows.size() % 1024 == 0) m_request.tick();
    });
    return;
  }
  // What is new or changed is read, everything else is in the old file.
  auto changed = m_changed_rows.begin();
  const auto read_until = [&](std::int64_t id) {
    for (; changed != m_changed_rows.end() && *changed <= id; ++changed)
      if (const auto row = m_dataset->by_id(*changed)) add(row->id, text_of(row->geometry), -1);
  };
  for (std::size_t i = 0; i < m_old->ids().size(); ++i) {
    read_until(m_old->ids()[i]);
    if (!m_changed_rows.contains(m_old->ids()[i]))
      add(m_old->ids()[i], text_of(m_old->blob(i)), static_cast<std::int64_t>(i));
  }
  read_until(INT64_MAX);
}

// The columns with the rows that the old file has; others are empty. whole: none are.
std::vector<FactValues> FactsBuilder::taken_over(const std::vector<const Fact*>& of, bool whole) const {
  std::vector<FactValues> out;
  for (const Fact* fact : of) {
    FactValues& column = out.emplace_back(empty_column(*fact));
    column.rows.resize(m_rows.size());
    if (whole) continue;
    FactValues old = values_of(*m_old->find(fact->name));
    for (FactValue& value : old.rows)
      if (value.source != store::no_source) value.source = m_old_sources[value.source];
    for (std::size_t i = 0; i < m_rows.size(); ++i)
      if (m_old_row[i] >= 0) column.rows[i] = std::move(old.rows[static_cast<std::size_t>(m_old_row[i])]);
  }
  return out;
}

void FactsBuilder::finish_columns(std::vector<FactValues>& columns, bool computed, FactsFileWriter& writer) {
  for (FactValues& column : columns) {
    const auto fact = std::find_if(m_declared.begin(), m_declared.end(),
                                   [&](const Fact& one) { return one.name == column.name; });
    column.made_from = made_from(*fact);
    writer.add(column);
    m_outcome.columns += computed ? 1 : 0;
    const bool compared_with = std::any_of(m_declared.begin(), m_declared.end(),
                                           [&](const Fact& other) { return other.same_fact == column.name; });
    if (compared_with) m_kept.push_back(std::move(column));
  }
}

void FactsBuilder::read_own_columns(FactsFileWriter& writer) {
  std::vector<const Fact*> own;
  for (const Fact& fact : m_declared)
    if (fact.kind == FactKind::attribute) own.push_back(&fact);
  const std::uint16_t source = m_context.source_of(m_dataset->info());
  for (std::size_t from = 0; from < own.size(); from += columns_in_a_pass) {
    const std::vector<const Fact*> some(
        own.begin() + static_cast<std::ptrdiff_t>(from),
        own.begin() + static_cast<std::ptrdiff_t>(std::min(own.size(), from + columns_in_a_pass)));
    const bool all = std::any_of(some.begin(), some.end(), [&](const Fact* fact) {
      const auto* column = m_old ? m_old->find(fact->name) : nullptr;
      return column == nullptr || column->form != fact->form ||
             column->made_from != m_origin.digest(*fact, m_declared, m_old->dataset_revision());
    });
    auto columns = taken_over(some, all);
    const auto put = [&](std::size_t i, std::span<const store::ValueView> values) {
      for (std::size_t k = 0; k < some.size(); ++k)
        columns[k].rows[i] = facts::own_value(*some[k], m_dataset->layer(), values, source);
      m_computed[i] = 1;
    };
    bool any = all;
    if (all) {
      std::size_t i = 0;
      m_dataset->page(0, INT64_MAX, base::Deadline::never(), [&](const store::FeatureView& row) {
        put(i++, row.values);
        if (m_request.tick && i % 1024 == 0) m_request.tick();
      });
    }
    for (std::size_t i = 0; !all && i < m_rows.size(); ++i) {
      if (m_old_row[i] >= 0) continue;
      any = true;
      const auto row = m_dataset->by_id(m_rows.ids[i]);
      std::vector<store::ValueView> values;
      for (const auto& value : row->values) values.push_back(store::view_of(value));
      put(i, values);
    }
    finish_columns(columns, any, writer);
  }
}

FactsBuilder::Doing FactsBuilder::what_to_do(const FactGroup& group) const {
  if (!m_old) return Doing::all;
  Doing out = Doing::nothing;
  for (const Fact* fact : group.facts()) {
    const auto* column = m_old->find(fact->name);
    if (column == nullptr || column->form != fact->form) return Doing::all;
    const std::string& revision = m_old->dataset_revision();
    if (column->made_from == m_origin.digest(*fact, m_declared, revision)) continue;
    if (!m_old_origin || column->made_from != m_old_origin->digest(*fact, m_declared, revision))
      return Doing::all;
    out = Doing::affected;
  }
  return out;
}

std::vector<std::size_t> FactsBuilder::rows_to_compute(FactGroup& group, Doing doing,
                                                       const std::vector<FactValues>& columns) {
  const auto kept = std::find_if(m_kept.begin(), m_kept.end(),
                                 [&](const FactValues& column) { return column.name == group.same_fact(); });
  const FactValues* same = kept == m_kept.end() ? nullptr : &*kept;
  FactValues same_before;
  if (same != nullptr && doing == Doing::affected) same_before = values_of(*m_old->find(same->name));
  std::vector<std::size_t> out;
  std::vector<FactValue> present(columns.size());
  const auto affected = [&](std::size_t i) {
    const FactValue* same_now = same == nullptr ? nullptr : &same->rows[i];
    const auto old_row = static_cast<std::size_t>(m_old_row[i]);
    if (same_now != nullptr && !equal(*same_now, same_before.rows[old_row])) return true;
    const geom::Box& box = m_rows.boxes[i];
    // Where no dataset states what it covers, its extent tells where there are data.
    if (m_changed_before->open.extent.intersects(box) != m_changed_now->open.extent.intersects(box))
      return true;
    for (std::size_t k = 0; k < columns.size(); ++k) present[k] = columns[k].rows[i];
    return group.affected(box, present, same_now, *m_change);
  };
  for (std::size_t i = 0; i < m_rows.size(); ++i) {
    if (m_request.tick && i % 256 == 0) m_request.tick();
    if (m_rows.boxes[i].empty()) continue;
    if (doing == Doing::all || m_old_row[i] < 0 || (doing == Doing::affected && affected(i)))
      out.push_back(i);
  }
  return out;
}

void FactsBuilder::compute(FactGroup& group, const std::vector<std::size_t>& rows,
                           std::vector<FactValues>& columns) {
  const auto kept = std::find_if(m_kept.begin(), m_kept.end(),
                                 [&](const FactValues& column) { return column.name == group.same_fact(); });
  std::atomic<std::int64_t> unusable{0};
  const auto make = [&]() -> std::function<void(std::size_t)> {
    return [&, worker = std::shared_ptr<FactGroup::Worker>(group.worker()), shape = geom::Geometry(),
            values = std::vector<FactValue>(columns.size())](std::size_t at) mutable {
      const std::size_t i = rows[at];
      std::fill(values.begin(), values.end(), FactValue{});
      try {
        const std::string_view blob = m_rows.shape(i);
        geom::decode_spatialite(std::as_bytes(std::span(blob)), shape);
        if (!m_places[i]) m_places[i] = m_coverage.municipalities(shape);
        const facts::Site site{shape, m_rows.boxes[i], *m_places[i],
                               kept == m_kept.end() ? nullptr : &kept->rows[i]};
        worker->compute(site, values);
      } catch (const Error& error) {
        // One shape that cannot be used must not cost all others their facts.
        if (error.kind() != ErrorKind::damaged && error.kind() != ErrorKind::bad_input) throw;
        ++unusable;
        std::fill(values.begin(), values.end(), FactValue{});
      }
      for (std::size_t k = 0; k < columns.size(); ++k) columns[k].rows[i] = std::move(values[k]);
      m_computed[i] = 1;
    };
  };
  for_each_row(rows.size(), make, m_request.tick);
  m_outcome.unusable = std::max(m_outcome.unusable, unusable.load());
}

void FactsBuilder::compute_group(FactGroup& group, FactsFileWriter& writer) {
  const Doing doing = what_to_do(group);
  auto columns = taken_over(group.facts(), doing == Doing::all);
  const bool any_new = std::any_of(m_old_row.begin(), m_old_row.end(), [](auto old) { return old < 0; });
  bool computed = false;
  if (doing != Doing::nothing || any_new) {
    group.prepare();
    const auto rows = rows_to_compute(group, doing, columns);
    compute(group, rows, columns);
    computed = doing == Doing::all || !rows.empty();
  }
  finish_columns(columns, computed, writer);
}

FactsOutcome FactsBuilder::write(const std::filesystem::path& file) {
  if (m_old)
    for (const auto& source : m_old->sources()) {
      const auto found = std::find_if(
          m_context.sources.begin(), m_context.sources.end(),
          [&](const auto& now) { return now.layer == source.layer && now.partition == source.partition; });
      m_old_sources.push_back(found == m_context.sources.end()
                                  ? store::no_source
                                  : static_cast<std::uint16_t>(found - m_context.sources.begin()));
    }
  read_rows();
  m_places.resize(m_rows.size());
  m_computed.assign(m_rows.size(), 0);
  FactsFileWriter writer(file, m_dataset->info().whole.revision, m_rows, m_context.sources);
  read_own_columns(writer);
  for (const auto& group : facts::make_groups(m_declared, m_context, m_request.tick))
    compute_group(*group, writer);
  writer.finish();
  m_outcome.layer = m_dataset->info().layer;
  m_outcome.partition = m_dataset->info().partition;
  m_outcome.features = static_cast<std::int64_t>(m_rows.size());
  m_outcome.features_computed = std::count(m_computed.begin(), m_computed.end(), 1);
  return std::move(m_outcome);
}

}  // namespace ritchi::load
