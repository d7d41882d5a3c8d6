#include "importers/synth/csv.hpp"

#include "geodata/base/error.hpp"

namespace ritchi::synth {

CsvFile::CsvFile(const std::filesystem::path& path, std::initializer_list<std::string_view> header)
    : m_file(path), m_columns(header.size()) {
  m_file.write("\xEF\xBB\xBF");
  write_row(header);
}

void CsvFile::add(std::initializer_list<std::string_view> values) {
  if (values.size() != m_columns)
    throw base::Error(base::ErrorKind::internal, "a CSV row has not as many values as columns");
  write_row(values);
  ++m_count;
}

void CsvFile::write_row(std::initializer_list<std::string_view> values) {
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
  m_file.write(m_row);
}

}  // namespace ritchi::synth
