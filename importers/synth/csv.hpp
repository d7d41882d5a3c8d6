// A CSV file as Japanese offices send it: UTF-8 with byte order mark, CRLF, quotes where needed (RFC 4180).
#pragma once
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

#include "importers/synth/text_file.hpp"

namespace ritchi::synth {

class CsvFile {
 public:
  CsvFile(const std::filesystem::path& path, std::initializer_list<std::string_view> header);
  // As many as the header has; throws Error(internal) otherwise.
  void add(std::initializer_list<std::string_view> values);
  void close() { m_file.close(); }
  std::int64_t count() const { return m_count; }

 private:
  void write_row(std::initializer_list<std::string_view> values);
  TextFile m_file;
  std::size_t m_columns;
  std::string m_row;
  std::int64_t m_count = 0;
};

}  // namespace ritchi::synth
