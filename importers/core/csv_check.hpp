// Refuses tables in which quotation marks or commas are not where they belong: readers for tables in general
// pass over them silently, and rows or values are lost.
#pragma once
#include <cstdint>
#include <string>

namespace ritchi::importers {

// The table begins at this offset; lines: above it. Throws Error(bad_input) naming the row.
void check_csv(const std::string& name, const std::string& shown, std::uint64_t offset_bytes,
               std::uint64_t rows_above);

}  // namespace ritchi::importers
