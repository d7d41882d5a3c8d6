#include "geodata/store/dataset.hpp"

#include <mutex>
#include <utility>
#include <vector>

#include "geodata/base/descriptor.hpp"
#include "geodata/base/error.hpp"
#include "geodata/filter/evaluate.hpp"
#include "geodata/store/dataset_meta.hpp"
#include "geodata/store/filter_sql.hpp"
#include "geodata/store/sqlite.hpp"
#include "geodata/store/stored_value.hpp"

namespace ritchi::store {
namespace {

using base::Deadline;
using base::Error;
using base::ErrorKind;

constexpr int first_attribute = 4;            // after id, source_id, synthetic, geom
constexpr std::int64_t every_id = INT64_MIN;  // ids are greater

// A connection with its statements: used by one thread at a time.
struct Session {
  Connection connection;
  Statement box;
  Statement count;
  Statement id;
  Statement page;
};

std::string column_list(const catalogue::Layer& shown, const catalogue::Layer& stored,
                        const std::string& table) {
  std::string out = table + ".id, source_id, synthetic, geom";
  for (const auto& attribute : shown.attributes)
    out += stored.find(attribute.name) != nullptr ? ", " + sql_name(attribute.name) : ", NULL";
  return out;
}

std::string index_name(const std::string& layer) {
  return sql_name("idx_" + layer + "_geom");
}

// A condition that holds for the rows in the index's box, which is bound to the first four parameters.
std::string box_clause(const std::string& layer) {
  return sql_name(layer) + ".id IN (SELECT pkid FROM " + index_name(layer) +
         " WHERE xmax >= ?1 AND xmin <= ?3 AND ymax >= ?2 AND ymin <= ?4)";
}

// A condition that holds for the rows which the level bound to this parameter may see.
std::string visible_clause(const catalogue::Layer& stored, const std::string& parameter) {
  if (stored.find(disclosure_attribute) == nullptr) return "";
  return " AND CASE " + sql_name(disclosure_attribute) + " WHEN '" + std::string(public_disclosure) +
         "' THEN 0 WHEN '" + std::string(consented_disclosure) + "' THEN 1 ELSE 2 END <= " + parameter;
}

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

}  // namespace

struct Dataset::State {
  std::filesystem::path file;
  base::UniqueDescriptor descriptor;  // holds the very file, whatever becomes of its name
  DatasetMeta meta;
  catalogue::Layer layer;
  std::shared_ptr<const TileFile> tiles;
  std::string why_no_tiles;
  bool tiles_damaged = false;
  mutable std::mutex mutex;
  mutable std::vector<std::unique_ptr<Session>> idle;

  std::unique_ptr<Session> open_session() const {
    Connection connection = Connection::open_immutable(descriptor.get(), file.string());
    connection.execute(
        "PRAGMA mmap_size = 1099511627776; PRAGMA cache_size = -512; PRAGMA query_only = 1;"
        "PRAGMA temp_store = MEMORY");
    const std::string table = sql_name(meta.info.layer);
    const std::string columns = this->columns();
    const std::string index = index_name(meta.info.layer);
    Statement box =
        connection.prepare("SELECT " + columns + " FROM " + table + " WHERE " + box_clause(meta.info.layer) +
                           visible_clause(meta.layer, "?5") + " ORDER BY " + table + ".id");
    Statement count =
        connection.prepare("SELECT count(*) FROM (SELECT 1 FROM " + index +
                           " WHERE xmax >= ?1 AND xmin <= ?3 AND ymax >= ?2 AND ymin <= ?4 LIMIT ?5)");
    Statement id = connection.prepare("SELECT " + columns + " FROM " + table + " WHERE id = ?1" +
                                      visible_clause(meta.layer, "?2"));
    Statement page = connection.prepare("SELECT " + columns + " FROM " + table + " WHERE id > ?1" +
                                        visible_clause(meta.layer, "?3") + " ORDER BY id LIMIT ?2");
    return std::make_unique<Session>(
        Session{std::move(connection), std::move(box), std::move(count), std::move(id), std::move(page)});
  }

  std::filesystem::path tile_path() const { return tile_file(file, meta.info.whole.revision); }

  void open_tiles() {
    try {
      tiles = TileFile::open(tile_path(), meta.info.whole.revision, declaration_digest(layer));
    } catch (const Error& error) {
      why_no_tiles = error.kind() == ErrorKind::not_found
                         ? "no tiles are prepared: run `ritchi check --rebuild`"
                         : error.line();
      tiles_damaged = error.kind() != ErrorKind::not_found && error.kind() != ErrorKind::unsupported;
    }
  }

  bool knows_disclosure() const { return meta.layer.find(disclosure_attribute) != nullptr; }

  // Statements of a layer without disclosure have no such parameter.
  void bind_level(Statement& statement, int parameter, Disclosure up_to) const {
    if (knows_disclosure()) statement.bind(parameter, static_cast<std::int64_t>(up_to));
  }

  FeatureView view_of(const Statement& row, std::vector<ValueView>& values) const {
    values.clear();
    for (std::size_t i = 0; i < layer.attributes.size(); ++i)
      values.push_back(stored_value(row, first_attribute + static_cast<int>(i), layer.attributes[i].type));
    return {row.integer(0), row.text(1), row.integer(2) != 0, row.blob(3), values};
  }

  // rest: what a row must fulfil beside the statement's own conditions; limit: of rows that do.
  void visit_rows(const Session& session, Statement& rows, const Deadline& deadline, const Visitor& visit,
                  const filter::NodePtr& rest = nullptr, std::int64_t limit = INT64_MAX) const {
    const Watch watch(session.connection, deadline);
    std::optional<filter::Evaluator> evaluator;
    if (rest) evaluator.emplace(rest);
    // A shape may have very many vertices: then each row costs as much as many.
    const int rows_between_checks = rest ? 16 : 256;
    std::vector<ValueView> values;
    values.reserve(layer.attributes.size());
    try {
      for (int count = 1; limit > 0 && rows.step(); ++count) {
        if (count % rows_between_checks == 0) deadline.check();
        const FeatureView view = view_of(rows, values);
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
  // is parameters 1 to 4; the level is 5, the lowest id 6, and the filter's values follow.
  struct Filtered {
    Statement rows;
    filter::NodePtr rest;
    std::vector<catalogue::Value> values;  // bound without a copy
  };
  Filtered filtered(const Session& session, const std::string& what, const geom::Box* box, std::int64_t after,
                    Disclosure up_to, const filter::Predicate* only) const {
    const std::string table = sql_name(meta.info.layer);
    FilterSql sql;
    if (only != nullptr) sql = to_sql(*only, layer, meta.layer, index_name(meta.info.layer), 7);
    Filtered out{session.connection.prepare("SELECT " + what + " FROM " + table + " WHERE " +
                                            (box != nullptr ? box_clause(meta.info.layer) + " AND " : "") +
                                            table + ".id > ?6" + visible_clause(meta.layer, "?5") +
                                            sql.clause + " ORDER BY " + table + ".id"),
                 sql.rest, std::move(sql.values)};
    if (box != nullptr) bind_box(out.rows, *box);
    bind_level(out.rows, 5, up_to);
    out.rows.bind(6, after);
    for (std::size_t i = 0; i < out.values.size(); ++i) out.rows.bind(static_cast<int>(i) + 7, out.values[i]);
    return out;
  }

  std::string columns() const { return column_list(layer, meta.layer, sql_name(meta.info.layer)); }
};

namespace {

// Borrows an idle session, or opens one; gives it back even when a query throws.
template <class State>
class Lease {
 public:
  explicit Lease(const State& state) : m_state(state) {
    {
      const std::lock_guard lock(state.mutex);
      if (!state.idle.empty()) {
        m_session = std::move(state.idle.back());
        state.idle.pop_back();
      }
    }
    if (!m_session) m_session = state.open_session();
  }
  ~Lease() {
    if (!m_session) return;
    const std::lock_guard lock(m_state.mutex);
    m_state.idle.push_back(std::move(m_session));
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  Session* operator->() const { return m_session.get(); }
  Session& operator*() const { return *m_session; }

 private:
  const State& m_state;
  std::unique_ptr<Session> m_session;
};

void check_size(const Connection& connection, int descriptor, const std::string& where) {
  Statement size =
      connection.prepare("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()");
  size.step();
  if (size.integer(0) != base::size_of(descriptor))
    throw Error(ErrorKind::damaged, "the file is shorter or longer than its head says", where,
                "import it again");
}

}  // namespace

Dataset::Dataset(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Dataset::~Dataset() = default;

std::shared_ptr<const Dataset> Dataset::open(const std::filesystem::path& file, const FindLayer& declared) {
  auto state = std::make_unique<State>();
  state->file = file;
  state->descriptor = base::open_for_reading(file);
  {
    const Connection connection = Connection::open_immutable(state->descriptor.get(), file.string());
    state->meta = read_meta(connection, file.string());
    check_size(connection, state->descriptor.get(), file.string());
  }
  const catalogue::Layer* layer = declared ? declared(state->meta.info.layer) : nullptr;
  state->layer = layer != nullptr ? *layer : state->meta.layer;
  // Finds what is wrong now and not at the first query; not kept, since hundreds of datasets may be open and
  // most of what is asked of them is prepared.
  state->open_session();
  state->open_tiles();
  return std::shared_ptr<const Dataset>(new Dataset(std::move(state)));
}

const DatasetInfo& Dataset::info() const {
  return m_state->meta.info;
}
const catalogue::Layer& Dataset::layer() const {
  return m_state->layer;
}
const TileFile* Dataset::tiles() const {
  return m_state->tiles.get();
}
const std::string& Dataset::why_no_tiles() const {
  return m_state->why_no_tiles;
}
bool Dataset::has_damaged_tiles() const {
  return m_state->tiles_damaged;
}
bool Dataset::is_current() const {
  if (!base::is_same_file(m_state->descriptor.get(), m_state->file)) return false;
  std::error_code ignored;
  return m_state->tiles ? base::is_same_file(m_state->tiles->descriptor(), m_state->tiles->file())
                        : !std::filesystem::exists(m_state->tile_path(), ignored);
}
const std::filesystem::path& Dataset::file() const {
  return m_state->file;
}

void Dataset::in_box(const geom::Box& box, Disclosure up_to, const Deadline& deadline, const Visitor& visit,
                     const filter::Predicate* only) const {
  const Lease session(*m_state);
  if (only != nullptr) {
    auto query = m_state->filtered(*session, m_state->columns(), &box, every_id, up_to, only);
    return m_state->visit_rows(*session, query.rows, deadline, visit, query.rest);
  }
  Statement& rows = session->box;
  bind_box(rows, box);
  m_state->bind_level(rows, 5, up_to);
  m_state->visit_rows(*session, rows, deadline, visit);
}

std::int64_t Dataset::count_in_box(const geom::Box& box, std::int64_t limit) const {
  const Lease session(*m_state);
  bind_box(session->count, box);
  session->count.bind(5, limit);
  session->count.step();
  const std::int64_t found = session->count.integer(0);
  session->count.reset();
  return found;
}

std::optional<Feature> Dataset::by_id(std::int64_t id, Disclosure up_to) const {
  const Lease session(*m_state);
  std::optional<Feature> found;
  session->id.bind(1, id);
  m_state->bind_level(session->id, 2, up_to);
  m_state->visit_rows(*session, session->id, Deadline::never(),
                      [&](const FeatureView& view) { found = copy_of(view); });
  return found;
}

void Dataset::page(std::int64_t after, std::int64_t limit, Disclosure up_to, const Deadline& deadline,
                   const Visitor& visit, const filter::Predicate* only) const {
  const Lease session(*m_state);
  if (only != nullptr) {
    auto query = m_state->filtered(*session, m_state->columns(), nullptr, after, up_to, only);
    return m_state->visit_rows(*session, query.rows, deadline, visit, query.rest, limit);
  }
  session->page.bind(1, after);
  session->page.bind(2, limit);
  m_state->bind_level(session->page, 3, up_to);
  m_state->visit_rows(*session, session->page, deadline, visit);
}

std::int64_t Dataset::count(const std::optional<geom::Box>& box, Disclosure up_to, const Deadline& deadline,
                            const filter::Predicate* only) const {
  const Lease session(*m_state);
  const geom::Box* within = box ? &*box : nullptr;
  std::int64_t found = 0;
  auto counted = m_state->filtered(*session, "count(*)", within, every_id, up_to, only);
  if (!counted.rest) {
    const Watch watch(session->connection, deadline);
    if (counted.rows.step()) found = counted.rows.integer(0);
    return found;
  }
  auto query = m_state->filtered(*session, m_state->columns(), within, every_id, up_to, only);
  m_state->visit_rows(
      *session, query.rows, deadline, [&](const FeatureView&) { ++found; }, query.rest);
  return found;
}

}  // namespace ritchi::store
