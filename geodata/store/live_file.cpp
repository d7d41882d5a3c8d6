#include "geodata/store/live_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <memory>
#include <system_error>

#include "geodata/base/descriptor.hpp"
#include "geodata/base/error.hpp"

namespace ritchi::store {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;

constexpr int wait_ms = 5000;  // for another process' transaction

std::int32_t pragma_number(const Connection& connection, const char* sql) {
  Statement statement = connection.prepare(sql);
  return statement.step() ? static_cast<std::int32_t>(statement.integer(0)) : 0;
}

void prepare_waiting(const Connection& connection) {
  sqlite3_busy_timeout(connection.handle(), wait_ms);
}

}  // namespace

FileMark read_mark(const Connection& connection) {
  return {pragma_number(connection, "PRAGMA application_id"),
          pragma_number(connection, "PRAGMA user_version")};
}

void write_mark(const Connection& connection, const FileMark& mark) {
  // A pragma takes no parameters; these are numbers of ours.
  connection.execute(fmt::format("PRAGMA application_id = {}", mark.application));
  connection.execute(fmt::format("PRAGMA user_version = {}", mark.layout));
}

void make_private_file(const fs::path& file) {
  // Closed before SQLite opens it: closing a file gives back every lock that the process has on it.
  const base::UniqueDescriptor made(::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
}

bool has_log(const fs::path& file) {
  std::error_code failed;
  const auto size = fs::file_size(file.string() + "-wal", failed);
  return !failed && size > 0;
}

Connection open_live_for_writing(const fs::path& file) {
  Connection out = Connection::open_shared(file);
  if (out.is_read_only())
    throw Error(ErrorKind::io, "cannot be written", file.string(), "check its permissions and its folder's");
  prepare_waiting(out);
  out.execute("PRAGMA journal_mode = WAL");
  out.execute("PRAGMA synchronous = FULL");
  out.execute("PRAGMA foreign_keys = ON");
  return out;
}

Connection open_live_for_reading(const fs::path& file) {
  try {
    Connection out = Connection::open_shared(file);
    prepare_waiting(out);
    out.execute("PRAGMA query_only = ON");
    read_mark(out);  // the first to look into the log
    return out;
  } catch (const Error& error) {
    // The log's index can neither be found nor made; without a log it is not needed.
    if (error.kind() != ErrorKind::io || has_log(file)) throw;
  }
  const base::UniqueDescriptor descriptor = base::open_for_reading(file);
  return Connection::open_immutable(descriptor.get(), file.string());
}

ChangeMark::ChangeMark(const Connection& connection)
    : m_statement(connection.prepare("PRAGMA data_version")) {}

std::int64_t ChangeMark::read() {
  const std::int64_t out = m_statement.step() ? m_statement.integer(0) : 0;
  m_statement.reset();
  return out;
}

Transaction::Transaction(const Connection& connection) : m_connection(connection) {
  m_connection.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (m_is_open) sqlite3_exec(m_connection.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  m_connection.execute("COMMIT");
  m_is_open = false;
}

void copy_live(const Connection& from, const fs::path& to) {
  const Connection copy = Connection::create(to);
  {
    struct Finish {
      void operator()(sqlite3_backup* job) const { sqlite3_backup_finish(job); }
    };
    const std::unique_ptr<sqlite3_backup, Finish> job(
        sqlite3_backup_init(copy.handle(), "main", from.handle(), "main"));
    if (!job) throw_sqlite(copy.handle(), sqlite3_errcode(copy.handle()), to.string());
    // In one go: a copy in steps begins anew whenever another process commits.
    const int code = sqlite3_backup_step(job.get(), -1);
    if (code != SQLITE_DONE) throw_sqlite(nullptr, code, to.string());
  }
  copy.execute("PRAGMA journal_mode = DELETE");
}

void check_whole(const Connection& connection, const fs::path& file) {
  std::string findings;
  Statement statement = connection.prepare("PRAGMA integrity_check(5)");
  while (statement.step())
    if (statement.text(0) != "ok")
      findings += (findings.empty() ? "" : "; ") + std::string(statement.text(0));
  Statement references = connection.prepare("PRAGMA foreign_key_check");
  if (references.step())
    findings +=
        fmt::format("{}a row of '{}' refers to nothing", findings.empty() ? "" : "; ", references.text(0));
  if (!findings.empty()) throw Error(ErrorKind::damaged, "the file is damaged: " + findings, file.string());
}

}  // namespace ritchi::store
