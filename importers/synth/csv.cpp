#include "importers/synth/csv.hpp"

#include <utility>

#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"

namespace ritchi::synth {

CsvFile::CsvFile(const std::filesystem::path& path, Encoding encoding,
                 std::initializer_list<std::string_view> header)
    : m_file(path), m_encoding(encoding), m_columns(header.size()) {
  if (m_encoding == Encoding::utf8) m_file.write("\xEF\xBB\xBF");
  write_row(header);
}

template <class Values>
void CsvFile::add_row(const Values& values) {
  if (values.size() != m_columns)
    throw base::Error(base::ErrorKind::internal, "a CSV row has not as many values as columns");
  write_row(values);
  ++m_count;
}

void CsvFile::add(std::initializer_list<std::string_view> values) {
  add_row(values);
}

void CsvFile::add(const std::vector<std::string>& values) {
  add_row(values);
}

void CsvFile::add_again() {
  m_file.write(m_row);
  ++m_count;
}

template <class Values>
void CsvFile::write_row(const Values& values) {
  m_row.clear();
  bool first = true;
  for (const std::string_view value : values) {
    if (!first) m_row += ',';
    first = false;
    if (value.find_first_of(",\"\r\n") == std::string_view::npos) {
      m_row += value;
      continue;
    }
    m_row += '"';
    for (const char c : value) {
      if (c == '"') m_row += '"';
      m_row += c;
    }
    m_row += '"';
  }
  m_row += "\r\n";
  if (m_encoding == Encoding::cp932) {
    auto bytes = base::encode(m_row, "CP932");
    if (!bytes) throw base::Error(base::ErrorKind::internal, "CP932 has no letters for '" + m_row + "'");
    m_row = std::move(*bytes);
  }
  m_file.write(m_row);
}

}  // namespace ritchi::synth
