// Checks a JSON document against a JSON Schema file (draft-07).
#pragma once
#include <filesystem>
#include <nlohmann/json_fwd.hpp>

namespace ritchi::catalogue {

// Reads a JSON file; throws Error(bad_input) with line and column where it is not JSON.
nlohmann::json read_json(const std::filesystem::path& file);

// Throws Error(bad_input) naming the file, the key and the reason of every breach (at most five).
void check_schema(const nlohmann::json& document, const std::filesystem::path& file,
                  const std::filesystem::path& schema_file);

}  // namespace ritchi::catalogue
