// RAII over SQLite; no room but store and load sees a type of SQLite's own.
#pragma once
#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "geodata/catalogue/value.hpp"

namespace ritchi::store {

// Throws base::Error of the kind that fits an SQLite result code (full disk: io, corrupt: damaged, interrupt:
// timeout).
[[noreturn]] void throw_sqlite(sqlite3* connection, int code, const std::string& where);

// "name" as an SQL identifier; only for names from the catalogue, never for what a caller sent.
std::string sql_name(std::string_view identifier);

class Statement {
 public:
  Statement(sqlite3* connection, std::string_view sql, const std::string& where);

  // Parameters are numbered from 1. Texts and blobs are not copied: they must live until the next reset().
  void bind(int parameter, std::int64_t value);
  void bind(int parameter, double value);
  void bind(int parameter, std::string_view text);
  void bind_blob(int parameter, std::string_view bytes);
  void bind_null(int parameter);
  void bind(int parameter, const catalogue::Value& value);

  bool step();  // true: a row is there
  void run();   // to the end, ready for the next bindings
  void reset();

  std::int64_t integer(int column) const { return sqlite3_column_int64(m_handle.get(), column); }
  double real(int column) const { return sqlite3_column_double(m_handle.get(), column); }
  int type(int column) const { return sqlite3_column_type(m_handle.get(), column); }
  bool is_null(int column) const { return type(column) == SQLITE_NULL; }
  std::string_view text(int column) const;            // valid until the next step
  std::span<const std::byte> blob(int column) const;  // valid until the next step

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  void check(int code) const;
  sqlite3* m_connection;
  std::string m_where;
  std::unique_ptr<sqlite3_stmt, Finalize> m_handle;
};

class Connection {
 public:
  // Read-only, no locks, no change detection: for published files, which never change. Opens the very file
  // behind this descriptor, even when the name has meanwhile been given to a newer one. `where` names it in
  // errors.
  static Connection open_immutable(int descriptor, const std::string& where);
  // A new file; it must not exist.
  static Connection create(const std::filesystem::path& file);
  // A file that changes while it is used; made where it is missing. Where the system does not let this
  // process write it, it can be read all the same (see is_read_only). live_file.hpp says what else that
  // takes.
  static Connection open_shared(const std::filesystem::path& file);

  Statement prepare(std::string_view sql) const { return {m_handle.get(), sql, m_where}; }
  void execute(const std::string& sql) const;
  bool is_read_only() const { return sqlite3_db_readonly(m_handle.get(), "main") == 1; }
  std::int64_t last_inserted_id() const { return sqlite3_last_insert_rowid(m_handle.get()); }
  std::int64_t changed_rows() const { return sqlite3_changes64(m_handle.get()); }  // by the last statement
  sqlite3* handle() const { return m_handle.get(); }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  Connection(const std::string& uri, int flags, const char* vfs, std::string where);
  std::string m_where;
  std::unique_ptr<sqlite3, Close> m_handle;
};

}  // namespace ritchi::store
