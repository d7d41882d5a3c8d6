// Verifies one dataset file to the last row.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace ritchi::store {

// What is wrong with the file, one sentence each; empty when it is whole: SQLite's structure, the spatial
// index, the geometries, the counts, and the digest of the content against the revision.
std::vector<std::string> check_dataset(const std::filesystem::path& file);

}  // namespace ritchi::store
