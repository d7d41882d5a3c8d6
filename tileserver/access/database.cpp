#include "tileserver/access/database.hpp"

#include <unistd.h>

#include <utility>

#include "geodata/base/error.hpp"
#include "tileserver/access/schema.hpp"

namespace ritchi::access {

using base::Error;
using base::ErrorKind;

namespace {

// A damaged database is not mended by an import, which is what is said of other files.
template <class Call>
auto with_remedy(const Call& call) {
  try {
    return call();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::damaged) throw;
    throw Error(ErrorKind::damaged, error.what(), error.where(),
                "put a backup in its place: `ritchi restore`");
  }
}

}  // namespace

store::Statement& Session::prepared(const char* sql) {
  auto found = m_prepared.find(sql);
  if (found == m_prepared.end()) found = m_prepared.emplace(sql, connection.prepare(sql)).first;
  found->second.reset();
  return found->second;
}

void Session::finish() {
  for (auto& [sql, statement] : m_prepared) statement.reset();
}

struct Database::Watch {
  explicit Watch(const std::filesystem::path& file)
      : connection(store::open_live_for_reading(file)), mark(connection) {}
  store::Connection connection;
  store::ChangeMark mark;
};

Database::Database(const std::filesystem::path& data_folder, Clock clock)
    : m_file(data_folder / database_name), m_clock(std::move(clock)) {}

Database::~Database() = default;

bool Database::exists() const {
  return ::access(m_file.c_str(), F_OK) == 0;
}

Database::Reading::~Reading() {
  if (!m_session) return;
  m_session->finish();
  const std::lock_guard lock(m_home->m_idle_mutex);
  m_home->m_idle.push_back(std::move(m_session));
}

Database::Reading Database::read() const {
  {
    const std::lock_guard lock(m_idle_mutex);
    if (!m_idle.empty()) {
      std::unique_ptr<Session> session = std::move(m_idle.back());
      m_idle.pop_back();
      return {*this, std::move(session)};
    }
  }
  if (!exists()) return {*this, nullptr};
  return with_remedy([this]() -> Reading {
    auto session = std::make_unique<Session>(store::open_live_for_reading(m_file));
    // Another process may be just making it.
    if (!check_layout(session->connection, m_file.string())) session = nullptr;
    return {*this, std::move(session)};
  });
}

Database::Writing Database::write() {
  std::unique_lock lock(m_writer_mutex);
  if (!m_writer)
    with_remedy([this] {
      store::make_private_file(m_file);
      auto session = std::make_unique<Session>(store::open_live_for_writing(m_file));
      bring_up_to_date(session->connection, m_file.string());
      m_writer = std::move(session);
    });
  return {std::move(lock), *m_writer};
}

std::int64_t Database::change_mark() const {
  const std::lock_guard lock(m_watch_mutex);
  if (!m_watch) {
    if (!exists()) return 0;
    m_watch = with_remedy([this] { return std::make_unique<Watch>(m_file); });
  }
  return m_watch->mark.read();
}

}  // namespace ritchi::access
