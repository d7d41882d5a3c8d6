// DATA/ritchi.sqlite: the one database of what changes. Made when something is first written; many read it
// while one writes, in this process and others.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "geodata/store/live_file.hpp"
#include "tileserver/access/moment.hpp"

namespace ritchi::access {

// One connection and what has been prepared on it; used by one thread at a time.
class Session {
 public:
  explicit Session(store::Connection opened) : connection(std::move(opened)) {}
  // Ready to be bound; every parameter must be, since those of the last time stay. sql must be a constant.
  store::Statement& prepared(const char* sql);
  // Ends whatever was left half read: as long as that is open, the connection sees the past.
  void finish();

  store::Connection connection;

 private:
  std::unordered_map<std::string_view, store::Statement> m_prepared;
};

class Database {
 public:
  // Nothing is opened yet. The clock is what everything in the database is dated by.
  explicit Database(const std::filesystem::path& data_folder, Clock clock = system_seconds);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  const std::filesystem::path& file() const { return m_file; }
  std::int64_t now() const { return m_clock(); }

  // A connection to read from, given back when it goes. Null where nothing was ever written.
  class Reading {
   public:
    Reading(Reading&&) noexcept = default;
    ~Reading();
    explicit operator bool() const { return m_session != nullptr; }
    Session* operator->() const { return m_session.get(); }
    store::Statement& prepared(const char* sql) const { return m_session->prepared(sql); }

   private:
    friend class Database;
    Reading(const Database& home, std::unique_ptr<Session> session)
        : m_home(&home), m_session(std::move(session)) {}
    const Database* m_home;
    std::unique_ptr<Session> m_session;
  };
  Reading read() const;

  // The right to write, and a transaction that is given back unless commit() is reached.
  class Writing {
   public:
    ~Writing() { m_session.finish(); }
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;
    store::Statement& prepared(const char* sql) const { return m_session.prepared(sql); }
    std::int64_t last_id() const { return m_session.connection.last_inserted_id(); }
    std::int64_t changed_rows() const { return m_session.connection.changed_rows(); }
    void commit() { m_transaction.commit(); }

   private:
    friend class Database;
    Writing(std::unique_lock<std::mutex> lock, Session& session)
        : m_lock(std::move(lock)), m_session(session), m_transaction(session.connection) {}
    std::unique_lock<std::mutex> m_lock;
    Session& m_session;
    store::Transaction m_transaction;
  };
  Writing write();

  // Differs from what it was when anything has been committed by anybody in between; 0 where there is no
  // database. Cheap enough to be asked at every request.
  std::int64_t change_mark() const;

 private:
  struct Watch;
  bool exists() const;
  const std::filesystem::path m_file;
  const Clock m_clock;
  mutable std::mutex m_idle_mutex;
  mutable std::vector<std::unique_ptr<Session>> m_idle;
  mutable std::mutex m_watch_mutex;
  mutable std::unique_ptr<Watch> m_watch;
  std::mutex m_writer_mutex;
  std::unique_ptr<Session> m_writer;
};

}  // namespace ritchi::access
