#include "geodata/store/dataset_file.hpp"

#include <map>

#include "geodata/base/error.hpp"

namespace ritchi::store {
namespace {

using base::Error;
using base::ErrorKind;

std::string_view text_of(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

const Visibility* visibility_of(sqlite3_context* context) {
  return static_cast<const Session*>(sqlite3_user_data(context))->visibility;
}

// Nothing is seen of a session that nobody has.
void sight_function(sqlite3_context* context, int, sqlite3_value** arguments) {
  const Visibility* visibility = visibility_of(context);
  const Sight sight = visibility == nullptr
                          ? Sight::hidden
                          : visibility->of_row(sqlite3_value_int64(arguments[0]), text_of(arguments[1]),
                                               text_of(arguments[2]));
  sqlite3_result_int(context, static_cast<int>(sight));
}

void home_function(sqlite3_context* context, int, sqlite3_value** arguments) {
  const Visibility* visibility = visibility_of(context);
  sqlite3_result_int(context, visibility != nullptr && visibility->is_home(text_of(arguments[0])) ? 1 : 0);
}

void add_functions(Session& session, const std::string& where) {
  sqlite3* handle = session.connection.handle();
  constexpr int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY;
  for (const int code : {sqlite3_create_function_v2(handle, "ritchi_sight", 3, flags, &session,
                                                    sight_function, nullptr, nullptr, nullptr),
                         sqlite3_create_function_v2(handle, "ritchi_home", 1, flags, &session, home_function,
                                                    nullptr, nullptr, nullptr)})
    if (code != SQLITE_OK) throw_sqlite(handle, code, where);
}

}  // namespace

void DatasetFile::open_tiles() {
  try {
    tiles = TileFile::open(tile_path(), meta.info.whole.revision, declaration_digest(declared));
  } catch (const Error& error) {
    why_no_tiles = error.kind() == ErrorKind::not_found
                       ? "no tiles are prepared: run `ritchi check --rebuild`"
                       : error.line();
    tiles_damaged = error.kind() != ErrorKind::not_found && error.kind() != ErrorKind::unsupported;
  }
}

std::filesystem::path DatasetFile::facts_path() const {
  return std::filesystem::path(file).replace_extension(".facts");
}

void DatasetFile::open_facts() {
  try {
    facts_looked_at = base::open_for_reading(facts_path());
    auto found = FactsFile::open(facts_path());
    if (found->dataset_revision() == meta.info.whole.revision)
      facts = std::move(found);
    else
      why_no_facts = "the facts are of another revision: run `ritchi check --rebuild`";
  } catch (const Error& error) {
    why_no_facts = error.kind() == ErrorKind::not_found
                       ? "no facts are computed: run `ritchi check --rebuild`"
                       : error.line();
  }
}

std::unique_ptr<Session> DatasetFile::open_session() const {
  auto session = std::make_unique<Session>(Connection::open_immutable(descriptor.get(), file.string()));
  session->connection.execute(
      "PRAGMA mmap_size = 1099511627776; PRAGMA cache_size = -512; PRAGMA query_only = 1;"
      "PRAGMA temp_store = MEMORY");
  add_functions(*session, file.string());
  return session;
}

RowStatements& DatasetFile::statements(Session& session, const Visibility& visibility) const {
  const bool every = visibility.sees_every_row();
  auto& made = every ? session.every : session.seen;
  if (made) return *made;
  const std::string select = "SELECT " + columns() + " FROM " + table() + " WHERE ";
  const std::string shown = every ? "" : " AND " + sight();
  const auto prepare = [&](const std::string& condition, const char* rest) {
    return session.connection.prepare(select + condition + shown + rest);
  };
  const std::string order = " ORDER BY " + table() + ".id";
  made.emplace(RowStatements{prepare(box_clause(), order.c_str()), prepare(table() + ".id = ?1", ""),
                             prepare(table() + ".id > ?1", (order + " LIMIT ?2").c_str())});
  return *made;
}

std::string DatasetFile::columns() const {
  std::string out = table() + ".id, source_id, synthetic, geom";
  for (const auto& attribute : declared.attributes)
    out += stores(attribute.name) ? ", " + sql_name(attribute.name) : ", NULL";
  for (const auto name : {disclosure_attribute, municipality_attribute})
    out += stores(name) ? ", " + sql_name(name) : ", NULL";
  return out;
}

std::string DatasetFile::box_clause() const {
  return table() + ".id IN (SELECT pkid FROM " + index() +
         " WHERE xmax >= ?1 AND xmin <= ?3 AND ymax >= ?2 AND ymin <= ?4)";
}

std::string DatasetFile::sight() const {
  const auto column = [this](std::string_view name) { return stores(name) ? sql_name(name) : "NULL"; };
  return "ritchi_sight(" + table() + ".id, " + column(disclosure_attribute) + ", " +
         column(municipality_attribute) + ")";
}

std::string DatasetFile::at_home() const {
  return "ritchi_home(" + (stores(municipality_attribute) ? sql_name(municipality_attribute) : "NULL") + ")";
}

const std::vector<RowConsent>& DatasetFile::read_consents() const {
  std::call_once(consents_read, [this] {
    const bool ends = stores(consent_until_attribute), names = stores(consented_to_attribute);
    if (!stores(disclosure_attribute) || (!ends && !names)) return;
    const std::string until = ends ? sql_name(consent_until_attribute) : "NULL";
    const std::string holder = names ? sql_name(consented_to_attribute) : "NULL";
    const auto session = open_session();
    const std::string level = sql_name(disclosure_attribute);
    Statement rows = session->connection.prepare(
        "SELECT id, " + level + ", " + until + ", " + holder + " FROM " + table() + " WHERE " + level +
        " IN (?1, ?2) AND (" + until + " <> '' OR " + holder + " <> '') ORDER BY id");
    rows.bind(1, public_disclosure);
    rows.bind(2, consented_disclosure);
    while (rows.step()) {
      const Disclosure stated = level_named(rows.text(1));
      consents.push_back({rows.integer(0), stated, std::string(rows.text(2)),
                          stated == Disclosure::consented ? std::string(rows.text(3)) : std::string()});
    }
  });
  return consents;
}

StatedLevels DatasetFile::stated_levels(const Restated* restated, std::string_view today,
                                        bool only_public) const {
  std::map<std::int64_t, Restated::Level> out;
  const auto matters = [only_public](Disclosure own, const Restated::Level& now) {
    const bool was_open = own == Disclosure::open;
    const bool is_open = now.level == Disclosure::open && now.holders.empty();
    return only_public ? was_open != is_open : now.level != own || !now.holders.empty();
  };
  if (!today.empty())
    for (const RowConsent& consent : read_consents()) {
      const bool over = !consent.until.empty() && consent.until < today;
      Restated::Level now;
      if (!over) now.level = consent.level;
      if (!over && !consent.holder.empty()) now.holders = {consent.holder};
      if (matters(consent.level, now)) out[consent.id] = now;
    }
  if (restated != nullptr)
    if (const auto of = restated->by_layer.find(meta.info.layer); of != restated->by_layer.end()) {
      const bool has_levels = stores(disclosure_attribute);
      const auto session = open_session();
      Statement own =
          session->connection.prepare("SELECT " + (has_levels ? sql_name(disclosure_attribute) : "NULL") +
                                      " FROM " + table() + " WHERE id = ?1");
      for (const auto& [id, now] : of->second) {
        own.bind(1, id);
        if (own.step()) {
          out.erase(id);
          if (matters(has_levels ? level_named(own.text(0)) : Disclosure::open, now)) out[id] = now;
        }
        own.reset();
      }
    }
  return {out.begin(), out.end()};
}

SessionLease::SessionLease(const DatasetFile& file, const Visibility& visibility) : m_file(file) {
  {
    const std::lock_guard lock(file.idle_mutex);
    if (!file.idle.empty()) {
      m_session = std::move(file.idle.back());
      file.idle.pop_back();
    }
  }
  if (!m_session) m_session = file.open_session();
  m_session->visibility = &visibility;
}

SessionLease::~SessionLease() {
  m_session->visibility = nullptr;
  const std::lock_guard lock(m_file.idle_mutex);
  m_file.idle.push_back(std::move(m_session));
}

}  // namespace ritchi::store
