// A CSV file as Japanese offices send it: CP932, or UTF-8 with byte order mark; CRLF, quotes where needed
// (RFC 4180).
#pragma once
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "importers/synth/text_file.hpp"

namespace ritchi::synth {

class CsvFile {
 public:
  enum class Encoding { utf8, cp932 };
  CsvFile(const std::filesystem::path& path, Encoding encoding,
          std::initializer_list<std::string_view> header);
  // As many as the header has, UTF-8, letters that the encoding has; throws Error(internal) otherwise.
  void add(std::initializer_list<std::string_view> values);
  void add(const std::vector<std::string>& values);
  void add_again();  // the row before this one once more
  void close() { m_file.close(); }
  std::int64_t count() const { return m_count; }

 private:
  template <class Values>
  void add_row(const Values& values);
  template <class Values>
  void write_row(const Values& values);
  TextFile m_file;
  Encoding m_encoding;
  std::size_t m_columns;
  std::string m_row;
  std::int64_t m_count = 0;
};

}  // namespace ritchi::synth
