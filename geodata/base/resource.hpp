// Where the program's own data files are: share/ritchi beside the binary's folder, in a build tree as
// installed.
#pragma once
#include <filesystem>
#include <string>

namespace ritchi::base {

// <folder of the running binary>/../share/ritchi, or $RITCHI_SHARE; throws Error(not_found).
std::filesystem::path share_folder();
// The running binary's own path.
std::filesystem::path self_path();
// A whole file; throws Error(not_found) or Error(io), Error(too_large) over limit_bytes.
std::string read_file(const std::filesystem::path& path, std::size_t limit_bytes = std::size_t{64} << 20);

}  // namespace ritchi::base
