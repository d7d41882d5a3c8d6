// The folder that the generator writes: it replaces its own files and touches no other's.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace ritchi::synth {

// Makes the folder, or clears an earlier run's files (finished or not) from a folder marked by it. Throws
// Error(conflict) when it holds anything else, Error(io) when it cannot be written.
void prepare_output_folder(const std::filesystem::path& folder);

// Names of the generator's files below the folder, relative, sorted; without manifest.json.
std::vector<std::string> files_in(const std::filesystem::path& folder);

}  // namespace ritchi::synth
