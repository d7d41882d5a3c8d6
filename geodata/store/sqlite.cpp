#include "geodata/store/sqlite.hpp"

#include <fcntl.h>

#include <utility>

#include "geodata/base/error.hpp"

namespace ritchi::store {
namespace {

using base::Error;
using base::ErrorKind;

constexpr const char* descriptor_vfs = "ritchi-descriptor";

constexpr std::string_view descriptor_prefix = "/proc/self/fd/";

// As SQLite opens files, but for its refusal of links where the link is one to an open descriptor.
int open_file(const char* path, int flags, int mode) {
  if (std::string_view(path).starts_with(descriptor_prefix)) flags &= ~O_NOFOLLOW;
  return ::open(path, flags, mode);
}

// SQLite resolves symbolic links in file names, and so turns /proc/self/fd/N back into a path that may by now
// be another file. This file system is the usual one but for that step.
void register_descriptor_vfs() {
  static const bool done = [] {
    sqlite3_vfs* usual = sqlite3_vfs_find(nullptr);
    usual->xSetSystemCall(usual, "open", reinterpret_cast<sqlite3_syscall_ptr>(open_file));
    static sqlite3_vfs vfs = *usual;
    vfs.zName = descriptor_vfs;
    vfs.pNext = nullptr;
    vfs.xFullPathname = [](sqlite3_vfs*, const char* name, int size, char* out) {
      sqlite3_snprintf(size, out, "%s", name);
      return SQLITE_OK;
    };
    return sqlite3_vfs_register(&vfs, 0) == SQLITE_OK;
  }();
  if (!done) throw Error(ErrorKind::internal, "SQLite's file layer cannot be registered");
}

}  // namespace

void throw_sqlite(sqlite3* connection, int code, const std::string& where) {
  const std::string message = connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
  switch (code & 0xff) {
    case SQLITE_FULL:
      throw Error(ErrorKind::io, "the disk is full", where, "make room and run it again");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      throw Error(ErrorKind::damaged, "the file is damaged: " + message, where,
                  "run `ritchi check`, then import again");
    case SQLITE_INTERRUPT:
      throw Error(ErrorKind::timeout, "the time for this request is over")
          .in_japanese("制限時間を超えました", "時間をおいて再度お試しください");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw Error(ErrorKind::overloaded, "the database is being written by somebody else", where,
                  "try again in a moment")
          .in_japanese("データベースは他の処理が書き込み中です", "しばらくして再試行してください");
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_IOERR:
      throw Error(ErrorKind::io, message, where, "check the path, its permissions and the disk");
    case SQLITE_CONSTRAINT:
      throw Error(ErrorKind::conflict, message, where);
    default:
      throw Error(ErrorKind::internal, "SQLite: " + message, where);
  }
}

std::string sql_name(std::string_view identifier) {
  std::string out = "\"";
  for (const char c : identifier) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

Statement::Statement(sqlite3* connection, std::string_view sql, const std::string& where)
    : m_connection(connection), m_where(where) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(connection, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  m_handle.reset(handle);
  if (code != SQLITE_OK) throw_sqlite(connection, code, where);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) throw_sqlite(m_connection, code, m_where);
}

void Statement::bind(int parameter, std::int64_t value) {
  check(sqlite3_bind_int64(m_handle.get(), parameter, value));
}
void Statement::bind(int parameter, double value) {
  check(sqlite3_bind_double(m_handle.get(), parameter, value));
}
void Statement::bind(int parameter, std::string_view text) {
  check(sqlite3_bind_text64(m_handle.get(), parameter, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8));
}
void Statement::bind_blob(int parameter, std::string_view bytes) {
  check(sqlite3_bind_blob64(m_handle.get(), parameter, bytes.data(), bytes.size(), SQLITE_STATIC));
}
void Statement::bind_null(int parameter) {
  check(sqlite3_bind_null(m_handle.get(), parameter));
}

void Statement::bind(int parameter, const catalogue::Value& value) {
  if (const auto* flag = std::get_if<bool>(&value))
    bind(parameter, std::int64_t{*flag ? 1 : 0});
  else if (const auto* whole = std::get_if<std::int64_t>(&value))
    bind(parameter, *whole);
  else if (const auto* number = std::get_if<double>(&value))
    bind(parameter, *number);
  else if (const auto* words = std::get_if<std::string>(&value))
    bind(parameter, std::string_view(*words));
  else
    bind_null(parameter);
}

bool Statement::step() {
  const int code = sqlite3_step(m_handle.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  check(code);
  return false;
}

void Statement::run() {
  while (step()) {
  }
  reset();
}

void Statement::reset() {
  sqlite3_reset(m_handle.get());  // repeats the last step's error, which step() has thrown already
}

std::string_view Statement::text(int column) const {
  const auto* at = reinterpret_cast<const char*>(sqlite3_column_text(m_handle.get(), column));
  return {at, static_cast<std::size_t>(sqlite3_column_bytes(m_handle.get(), column))};
}

std::span<const std::byte> Statement::blob(int column) const {
  const auto* at = static_cast<const std::byte*>(sqlite3_column_blob(m_handle.get(), column));
  return {at, static_cast<std::size_t>(sqlite3_column_bytes(m_handle.get(), column))};
}

Connection::Connection(const std::string& uri, int flags, const char* vfs, std::string where)
    : m_where(std::move(where)) {
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(uri.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs);
  m_handle.reset(handle);
  if (code != SQLITE_OK) throw_sqlite(handle, code, m_where);
}

Connection Connection::open_immutable(int descriptor, const std::string& where) {
  register_descriptor_vfs();
  return {"file:" + std::string(descriptor_prefix) + std::to_string(descriptor) + "?immutable=1",
          SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, descriptor_vfs, where};
}

Connection Connection::create(const std::filesystem::path& file) {
  return {file.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr, file.string()};
}

Connection Connection::open_shared(const std::filesystem::path& file) {
  return {file.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr, file.string()};
}

void Connection::execute(const std::string& sql) const {
  const int code = sqlite3_exec(m_handle.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw_sqlite(m_handle.get(), code, m_where);
}

}  // namespace ritchi::store
