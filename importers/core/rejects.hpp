// The reject file: every record that was not taken, which value was wrong, why, and what to do about it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "importers/core/mapper.hpp"

namespace ritchi::importers {

// CSV, UTF-8 with byte order mark and CRLF (as spreadsheets want it), columns: source, record, field, value,
// reason, remedy. Nothing exists on disk until something is rejected, and nothing is left without keep().
class RejectFile {
 public:
  // It grows in <stem>.<process>.part, which must lie in the folder where keep() will put it.
  explicit RejectFile(const std::filesystem::path& stem);
  ~RejectFile();
  RejectFile(const RejectFile&) = delete;
  RejectFile& operator=(const RejectFile&) = delete;

  void add(const std::string& source, const std::string& record, const Fault& fault);
  void restart();  // forget all
  std::int64_t lines() const { return m_lines; }
  // Gives the file its name, replacing an older one; with nothing rejected an older one is removed. True if
  // there is one.
  bool keep(const std::filesystem::path& name);

 private:
  std::filesystem::path m_part;
  std::ofstream m_out;
  std::int64_t m_lines = 0;
};

}  // namespace ritchi::importers
