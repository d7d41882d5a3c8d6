// The one SQLite file that changes while it is used, by several processes at once: write-ahead log, every
// commit synced, short waits for each other.
#pragma once
#include <cstdint>
#include <filesystem>

#include "geodata/store/sqlite.hpp"

namespace ritchi::store {

// How a file says whose it is (PRAGMA application_id) and which layout it has (user_version).
struct FileMark {
  std::int32_t application = 0;
  std::int32_t layout = 0;
  friend bool operator==(const FileMark&, const FileMark&) = default;
};
FileMark read_mark(const Connection& connection);
// Both are part of the transaction that is open.
void write_mark(const Connection& connection, const FileMark& mark);

// Makes it, empty, where it is missing: to be read by its owner alone. SQLite gives its log the same rights.
void make_private_file(const std::filesystem::path& file);

// Does a log lie beside it with changes that the file itself does not have yet?
bool has_log(const std::filesystem::path& file);

// Makes the file where it is missing. Throws Error(io) where it cannot be written.
Connection open_live_for_writing(const std::filesystem::path& file);
// Also from a folder that cannot be written, unless a log of changes lies there that nobody has taken over
// yet.
Connection open_live_for_reading(const std::filesystem::path& file);

// Differs from what it was when any other connection, of any process, has committed in between.
class ChangeMark {
 public:
  explicit ChangeMark(const Connection& connection);
  std::int64_t read();

 private:
  Statement m_statement;
};

// Takes the right to write at once, and gives all changes back unless commit() was reached.
class Transaction {
 public:
  explicit Transaction(const Connection& connection);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  const Connection& m_connection;
  bool m_is_open = true;
};

// Every page as of one moment, while others go on writing; the copy is one plain file without a log. `to`
// must not exist.
void copy_live(const Connection& from, const std::filesystem::path& to);

// SQLite's own check of pages, indexes and references. Throws Error(damaged) with its first findings.
void check_whole(const Connection& connection, const std::filesystem::path& file);

}  // namespace ritchi::store
