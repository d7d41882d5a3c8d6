// A data folder: DATA/<layer>/<partition>.sqlite. Finding what is published in it.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "geodata/store/dataset_info.hpp"

namespace ritchi::store {

std::filesystem::path dataset_file(const std::filesystem::path& data_folder, const std::string& layer,
                                   const std::string& partition);

// Every dataset file, by layer and partition; unfinished imports are not listed. Throws Error(not_found) or
// Error(io) where the folder cannot be read.
std::vector<std::filesystem::path> dataset_files(const std::filesystem::path& data_folder);

// The same and the files of tiles and facts beside them: what changes when something is published.
std::vector<std::filesystem::path> published_files(const std::filesystem::path& data_folder);

// The published datasets of one layer; damaged files are passed over (`ritchi check` names them).
std::vector<DatasetInfo> find_published(const std::filesystem::path& data_folder, const std::string& layer);

}  // namespace ritchi::store
