// Reads the raw digits of a shapefile's whole-number columns: "348.600" in a column declared integer keeps
// its fraction, which the usual readers cut off silently.
#pragma once
#include <cpl_vsi.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ritchi::importers {

class DbfNumbers {
 public:
  // Nothing where the table is not readable as dBASE; the caller goes on without.
  static std::optional<DbfNumbers> open(const std::string& dbf_name);

  // The raw text of a field (by its place in the table), without blanks; empty where it is not numeric.
  std::string text(std::int64_t row, std::size_t field);
  std::size_t fields() const { return m_fields.size(); }

 private:
  struct Field {
    std::size_t offset = 0;
    std::size_t width = 0;
    bool numeric = false;
  };
  struct Close {
    void operator()(VSILFILE* file) const { VSIFCloseL(file); }
  };
  std::unique_ptr<VSILFILE, Close> m_file;
  std::vector<Field> m_fields;
  std::size_t m_header = 0;
  std::size_t m_width = 0;
  std::string m_row;
  std::int64_t m_row_number = -1;
};

}  // namespace ritchi::importers
