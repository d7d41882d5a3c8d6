#include "geodata/store/dataset.hpp"

#include <algorithm>
#include <utility>

#include "geodata/base/error.hpp"
#include "geodata/catalogue/layer_part.hpp"
#include "geodata/filter/evaluate.hpp"
#include "geodata/store/filter_sql.hpp"
#include "geodata/store/seen.hpp"
#include "geodata/store/stored_value.hpp"

namespace ritchi::store {
namespace {

using base::Deadline;
using base::Error;
using base::ErrorKind;

constexpr std::int64_t every_id = INT64_MIN;  // ids are greater

void bind_box(Statement& statement, const geom::Box& box) {
  statement.bind(1, box.min_x);
  statement.bind(2, box.min_y);
  statement.bind(3, box.max_x);
  statement.bind(4, box.max_y);
}

// Stops a running query at the deadline: SQLite calls back every few thousand steps of its machine.
class Watch {
 public:
  Watch(const Connection& connection, const Deadline& deadline)
      : m_handle(connection.handle()), m_deadline(deadline) {
    sqlite3_progress_handler(
        m_handle, 20000, [](void* at) { return static_cast<const Deadline*>(at)->passed() ? 1 : 0; },
        &m_deadline);
  }
  ~Watch() { sqlite3_progress_handler(m_handle, 0, nullptr, nullptr); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

 private:
  sqlite3* m_handle;
  Deadline m_deadline;
};

FeatureView view_of(const Seen& seen, const Statement& row, std::vector<ValueView>& values) {
  values.clear();
  const bool masked = seen.masks && !seen.visibility.is_home(row.text(seen.file->municipality_at()));
  for (std::size_t i = 0; i < seen.columns.size(); ++i) {
    const Seen::Column& column = seen.columns[i];
    values.push_back(masked && column.only_at_home
                         ? ValueView{}
                         : stored_value(row, column.at, seen.layer.attributes[i].type));
  }
  return {row.integer(id_at), row.text(source_id_at), row.integer(synthetic_at) != 0, row.blob(geometry_at),
          values};
}

// rest: what a row must fulfil beside the statement's own conditions; limit: of rows that do.
void visit_rows(const Seen& seen, const Session& session, Statement& rows, const Deadline& deadline,
                const Visitor& visit, const filter::NodePtr& rest = nullptr, std::int64_t limit = INT64_MAX) {
  const Watch watch(session.connection, deadline);
  std::optional<filter::Evaluator> evaluator;
  if (rest) evaluator.emplace(rest);
  // A shape may have very many vertices: then each row costs as much as many.
  const int rows_between_checks = rest ? 16 : 256;
  std::vector<ValueView> values;
  values.reserve(seen.columns.size());
  try {
    for (int count = 1; limit > 0 && rows.step(); ++count) {
      if (count % rows_between_checks == 0) deadline.check();
      const FeatureView view = view_of(seen, rows, values);
      if (evaluator && (*evaluator)({view.id, view.source_id, view.synthetic, values, view.geometry}) !=
                           filter::Truth::yes)
        continue;
      --limit;
      visit(view);
    }
  } catch (...) {
    rows.reset();
    throw;
  }
  rows.reset();
}

// Statements with a filter are made for one use: each filter has a text of its own. Where a box is given it
// is parameters 1 to 4; the lowest id is 5, and the filter's values follow.
struct Filtered {
  Statement rows;
  filter::NodePtr rest;
  std::vector<catalogue::Value> values;  // bound without a copy
};

Filtered filtered(const Seen& seen, const Session& session, const std::string& what, const geom::Box* box,
                  std::int64_t after, const filter::Predicate* only) {
  const DatasetFile& file = *seen.file;
  constexpr int lowest_id = 5, first_value = 6;
  FilterSql sql;
  if (only != nullptr) {
    Masks masks{file.at_home(), {}};
    for (std::size_t i = 0; i < seen.columns.size(); ++i)
      if (seen.columns[i].only_at_home) masks.names.push_back(seen.layer.attributes[i].name);
    sql = to_sql(*only, seen.layer, file.meta.layer, file.index(), first_value, masks);
  }
  Filtered out{session.connection.prepare("SELECT " + what + " FROM " + file.table() + " WHERE " +
                                          (box != nullptr ? file.box_clause() + " AND " : "") + file.table() +
                                          ".id > ?5" +
                                          (seen.visibility.sees_every_row() ? "" : " AND " + file.sight()) +
                                          sql.clause + " ORDER BY " + file.table() + ".id"),
               sql.rest, std::move(sql.values)};
  if (box != nullptr) bind_box(out.rows, *box);
  out.rows.bind(lowest_id, after);
  for (std::size_t i = 0; i < out.values.size(); ++i)
    out.rows.bind(static_cast<int>(i) + first_value, out.values[i]);
  return out;
}

void check_size(const Connection& connection, int descriptor, const std::string& where) {
  Statement size =
      connection.prepare("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()");
  size.step();
  if (size.integer(0) != base::size_of(descriptor))
    throw Error(ErrorKind::damaged, "the file is shorter or longer than its head says", where,
                "import it again");
}

}  // namespace

Dataset::Dataset(std::unique_ptr<const Seen> seen) : m_seen(std::move(seen)) {}
Dataset::~Dataset() = default;

std::shared_ptr<const Dataset> Dataset::open(const std::filesystem::path& file, const FindLayer& declared) {
  auto opened = std::make_shared<DatasetFile>();
  opened->file = file;
  opened->descriptor = base::open_for_reading(file);
  {
    const Connection connection = Connection::open_immutable(opened->descriptor.get(), file.string());
    opened->meta = read_meta(connection, file.string());
    check_size(connection, opened->descriptor.get(), file.string());
  }
  const catalogue::Layer* layer = declared ? declared(opened->meta.info.layer) : nullptr;
  opened->declared = layer != nullptr ? *layer : opened->meta.layer;
  auto everything = Visibility::of_everything(opened->meta.layer);
  // Finds what is wrong now and not at the first query; not kept, since hundreds of datasets may be open and
  // most of what is asked of them is prepared.
  opened->statements(*opened->open_session(), everything);
  opened->open_tiles();
  opened->open_facts();
  const catalogue::Layer all = opened->declared;
  auto seen = std::make_unique<Seen>(std::move(opened), std::move(everything), all);
  seen->whole = true;
  return std::shared_ptr<const Dataset>(new Dataset(std::move(seen)));
}

std::shared_ptr<const Dataset> Dataset::seen_by(const Audience& audience, const Restated* restated,
                                                std::string_view today) const {
  if (!m_seen->whole)
    throw Error(ErrorKind::internal, "a part of a dataset cannot be seen by others", file().string());
  const std::shared_ptr<const DatasetFile> of = m_seen->file;
  const bool asks_public = audience == Audience{};
  Visibility visibility(audience, of->meta.layer, of->stated_levels(restated, today, asks_public));
  catalogue::Layer part = visibility.seen_part(of->declared);
  if (!asks_public) {
    auto everybody = seen_by({}, restated, today);
    const bool every_row = visibility.sees_every_row() && everybody->m_seen->visibility.sees_every_row();
    if (every_row && catalogue::same_attributes(part, everybody->layer())) return everybody;
  }
  {
    const std::lock_guard lock(of->seen_mutex);
    std::erase_if(of->seen, [](const auto& known) { return known.dataset.expired(); });
    for (const auto& known : of->seen)
      if (known.visibility == visibility && known.is_public == asks_public)
        if (auto dataset = known.dataset.lock()) return dataset;
  }
  std::unique_ptr<Seen> seen;
  if (asks_public && visibility.has_nothing_stated()) {
    seen = std::make_unique<Seen>(of, visibility, part);
  } else {
    std::int64_t reserved = 0;
    seen = look_through(of, visibility, part, reserved);
    if (!asks_public && reserved == 0) {
      auto everybody = seen_by({}, restated, today);
      if (catalogue::same_attributes(part, everybody->layer())) return everybody;
    }
  }
  seen->is_public = asks_public;
  std::shared_ptr<const Dataset> out(new Dataset(std::move(seen)));
  const std::lock_guard lock(of->seen_mutex);
  of->seen.push_back({std::move(visibility), asks_public, out});
  return out;
}

const DatasetInfo& Dataset::info() const {
  return m_seen->info;
}
const catalogue::Layer& Dataset::layer() const {
  return m_seen->layer;
}
const std::filesystem::path& Dataset::file() const {
  return m_seen->file->file;
}
bool Dataset::is_public() const {
  return m_seen->is_public;
}
const TileFile* Dataset::tiles() const {
  return m_seen->whole || m_seen->no_tiles.empty() ? m_seen->file->tiles.get() : nullptr;
}
const std::string& Dataset::why_no_tiles() const {
  return m_seen->whole || m_seen->no_tiles.empty() ? m_seen->file->why_no_tiles : m_seen->no_tiles;
}
bool Dataset::has_damaged_tiles() const {
  return m_seen->file->tiles_damaged;
}
bool Dataset::differs() const {
  return m_seen->differs_everywhere || !m_seen->differences.empty();
}
const FactsFile* Dataset::facts() const {
  return m_seen->file->facts.get();
}
const std::string& Dataset::why_no_facts() const {
  return m_seen->file->why_no_facts;
}
bool Dataset::differs_near(const geom::Box& box) const {
  return m_seen->differs_everywhere ||
         std::any_of(m_seen->differences.begin(), m_seen->differences.end(),
                     [&](const geom::Box& place) { return place.intersects(box); });
}
std::span<const std::uint8_t> Dataset::vertex_zooms(std::int64_t id) const {
  const TileFile* prepared = m_seen->file->tiles.get();
  return prepared == nullptr ? std::span<const std::uint8_t>{} : prepared->vertex_zooms(id);
}
bool Dataset::is_current() const {
  const DatasetFile& file = *m_seen->file;
  if (!base::is_same_file(file.descriptor.get(), file.file)) return false;
  std::error_code ignored;
  const auto facts = file.facts_path();
  if (file.facts_looked_at.valid() ? !base::is_same_file(file.facts_looked_at.get(), facts)
                                   : std::filesystem::exists(facts, ignored))
    return false;
  return file.tiles ? base::is_same_file(file.tiles->descriptor(), file.tiles->file())
                    : !std::filesystem::exists(file.tile_path(), ignored);
}

void Dataset::in_box(const geom::Box& box, const Deadline& deadline, const Visitor& visit,
                     const filter::Predicate* only) const {
  const SessionLease session(*m_seen->file, m_seen->visibility);
  if (only != nullptr) {
    auto query = filtered(*m_seen, *session, m_seen->file->columns(), &box, every_id, only);
    return visit_rows(*m_seen, *session, query.rows, deadline, visit, query.rest);
  }
  Statement& rows = m_seen->file->statements(*session, m_seen->visibility).box;
  bind_box(rows, box);
  visit_rows(*m_seen, *session, rows, deadline, visit);
}

std::int64_t Dataset::count_in_box(const geom::Box& box, std::int64_t limit) const {
  const SessionLease session(*m_seen->file, m_seen->visibility);
  if (!session->count)
    session->count.emplace(session->connection.prepare(
        "SELECT count(*) FROM (SELECT 1 FROM " + m_seen->file->index() +
        " WHERE xmax >= ?1 AND xmin <= ?3 AND ymax >= ?2 AND ymin <= ?4 LIMIT ?5)"));
  bind_box(*session->count, box);
  session->count->bind(5, limit);
  session->count->step();
  const std::int64_t found = session->count->integer(0);
  session->count->reset();
  return found;
}

std::optional<Feature> Dataset::by_id(std::int64_t id) const {
  const SessionLease session(*m_seen->file, m_seen->visibility);
  Statement& row = m_seen->file->statements(*session, m_seen->visibility).id;
  std::optional<Feature> found;
  row.bind(1, id);
  visit_rows(*m_seen, *session, row, Deadline::never(),
             [&](const FeatureView& view) { found = copy_of(view); });
  return found;
}

void Dataset::page(std::int64_t after, std::int64_t limit, const Deadline& deadline, const Visitor& visit,
                   const filter::Predicate* only) const {
  const SessionLease session(*m_seen->file, m_seen->visibility);
  if (only != nullptr) {
    auto query = filtered(*m_seen, *session, m_seen->file->columns(), nullptr, after, only);
    return visit_rows(*m_seen, *session, query.rows, deadline, visit, query.rest, limit);
  }
  Statement& rows = m_seen->file->statements(*session, m_seen->visibility).page;
  rows.bind(1, after);
  rows.bind(2, limit);
  visit_rows(*m_seen, *session, rows, deadline, visit);
}

std::int64_t Dataset::count(const std::optional<geom::Box>& box, const Deadline& deadline,
                            const filter::Predicate* only) const {
  const SessionLease session(*m_seen->file, m_seen->visibility);
  const geom::Box* within = box ? &*box : nullptr;
  std::int64_t found = 0;
  auto counted = filtered(*m_seen, *session, "count(*)", within, every_id, only);
  if (!counted.rest) {
    const Watch watch(session->connection, deadline);
    if (counted.rows.step()) found = counted.rows.integer(0);
    return found;
  }
  auto query = filtered(*m_seen, *session, m_seen->file->columns(), within, every_id, only);
  visit_rows(
      *m_seen, *session, query.rows, deadline, [&](const FeatureView&) { ++found; }, query.rest);
  return found;
}

std::vector<std::int64_t> Dataset::reserved_in_box(const geom::Box& box, const Deadline& deadline) const {
  std::vector<std::int64_t> out;
  if (m_seen->is_public) return out;
  const DatasetFile& file = *m_seen->file;
  const SessionLease session(file, m_seen->visibility);
  const Watch watch(session->connection, deadline);
  Statement rows = session->connection.prepare(
      "SELECT " + file.table() + ".id FROM " + file.table() + " WHERE " + file.box_clause() + " AND " +
      file.sight() + " = " + std::to_string(static_cast<int>(Sight::reserved)) + " ORDER BY 1");
  bind_box(rows, box);
  while (rows.step()) out.push_back(rows.integer(0));
  return out;
}

}  // namespace ritchi::store
