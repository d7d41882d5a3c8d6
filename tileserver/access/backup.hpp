// A copy of the database while servers write it, and its way back.
#pragma once
#include <cstdint>
#include <filesystem>

namespace ritchi::access {

// The state of one moment as one plain file: checked, synced, and under its name only when it is whole.
// Returns its size. Throws Error(not_found) where there is nothing to save, Error(conflict) where `to` exists
// and may not be overwritten.
std::uintmax_t back_up(const std::filesystem::path& data_folder, const std::filesystem::path& to,
                       bool overwrite);

// Puts a backup in the place of the folder's database. Throws Error(conflict) while a server or a command
// uses the folder, and Error(conflict | damaged | unsupported) for a file that is not a whole backup of ours.
// What was there stays beside it: returns its name, empty where there was nothing.
std::filesystem::path restore(const std::filesystem::path& data_folder, const std::filesystem::path& from);

}  // namespace ritchi::access
