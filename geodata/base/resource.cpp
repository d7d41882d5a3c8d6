#include "geodata/base/resource.hpp"

#include <cstdlib>
#include <fstream>
#include <system_error>

#include "geodata/base/error.hpp"

namespace ritchi::base {

namespace fs = std::filesystem;

fs::path self_path() {
  return fs::read_symlink("/proc/self/exe");
}

fs::path share_folder() {
  if (const char* named = std::getenv("RITCHI_SHARE"); named != nullptr && *named != '\0') return named;
  fs::path folder = self_path().parent_path().parent_path() / "share" / "ritchi";
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored))
    throw Error(ErrorKind::not_found, "the program's data folder is missing", folder.string(),
                "install with `cmake --install`, or set RITCHI_SHARE");
  return folder;
}

std::string read_file(const fs::path& path, std::size_t limit_bytes) {
  std::error_code failed;
  const auto size = fs::file_size(path, failed);
  if (failed) {
    const bool missing = failed == std::errc::no_such_file_or_directory;
    throw Error(missing ? ErrorKind::not_found : ErrorKind::io, missing ? "does not exist" : failed.message(),
                path.string());
  }
  if (size > limit_bytes)
    throw Error(ErrorKind::too_large, "is larger than this program reads at once", path.string());
  std::ifstream in(path, std::ios::binary);
  std::string text(static_cast<std::size_t>(size), '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(size)))
    throw Error(ErrorKind::io, "cannot be read", path.string(), "check its permissions");
  return text;
}

}  // namespace ritchi::base
