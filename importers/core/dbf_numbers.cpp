#include "importers/core/dbf_numbers.hpp"

#include <array>

#include "geodata/base/text.hpp"

namespace ritchi::importers {

std::optional<DbfNumbers> DbfNumbers::open(const std::string& dbf_name) {
  DbfNumbers table;
  table.m_file.reset(VSIFOpenL(dbf_name.c_str(), "rb"));
  if (!table.m_file) return std::nullopt;
  std::array<unsigned char, 32> head{};
  if (VSIFReadL(head.data(), 1, head.size(), table.m_file.get()) != head.size()) return std::nullopt;
  table.m_header = static_cast<std::size_t>(head[8] | (head[9] << 8));
  table.m_width = static_cast<std::size_t>(head[10] | (head[11] << 8));
  std::size_t offset = 1;  // the deletion mark
  for (std::size_t at = 32; at + 32 <= table.m_header; at += 32) {
    std::array<unsigned char, 32> field{};
    if (VSIFReadL(field.data(), 1, field.size(), table.m_file.get()) != field.size()) return std::nullopt;
    if (field[0] == 0x0D) break;
    const bool numeric = field[11] == 'N' || field[11] == 'F';
    const std::size_t width = numeric ? field[16] : static_cast<std::size_t>(field[16] | (field[17] << 8));
    table.m_fields.push_back({offset, width, numeric});
    offset += width;
  }
  if (offset > table.m_width || table.m_width == 0) return std::nullopt;
  table.m_row.resize(table.m_width);
  return table;
}

std::string DbfNumbers::text(std::int64_t row, std::size_t field) {
  if (field >= m_fields.size() || !m_fields[field].numeric) return {};
  if (row != m_row_number) {
    const auto at = m_header + static_cast<std::size_t>(row) * m_width;
    if (VSIFSeekL(m_file.get(), at, SEEK_SET) != 0 ||
        VSIFReadL(m_row.data(), 1, m_width, m_file.get()) != m_width)
      return {};
    m_row_number = row;
  }
  return std::string(
      base::trim(std::string_view(m_row).substr(m_fields[field].offset, m_fields[field].width)));
}

}  // namespace ritchi::importers
