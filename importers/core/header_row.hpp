// Tables of offices have titles above their header: finds the row in which the columns of a profile stand.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "importers/core/message.hpp"
#include "importers/core/profile.hpp"

namespace ritchi::importers {

inline constexpr std::size_t rows_searched_for_header = 50;

// All names of columns that a profile reads.
std::vector<std::string> known_columns(const Profile& profile);

// Whether these cells are a header: two of the known columns stand in it, or the only one.
bool is_header(const std::vector<std::string>& cells, const std::vector<std::string>& known);

// What was passed over, for the summary.
Message titles_note(std::size_t rows, const std::string& first_words);

struct CsvHeader {
  std::uint64_t offset_bytes = 0;
  std::int64_t lines = 0;  // above it
  std::uint64_t rows = 0;  // likewise
  Message note;
};

// Where the header of a CSV file stands; nothing where it is the first row, as it should, or not found.
std::optional<CsvHeader> find_csv_header(const std::string& name, const std::vector<std::string>& known);

}  // namespace ritchi::importers
