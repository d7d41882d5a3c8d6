#include "tileserver/access/folder_lock.hpp"

#include <sys/file.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "geodata/base/error.hpp"

namespace ritchi::access {
namespace {

using base::Error;
using base::ErrorKind;

base::UniqueDescriptor locked(const std::filesystem::path& folder, int operation, const char* why,
                              const char* remedy) {
  base::UniqueDescriptor descriptor = base::open_for_reading(folder);
  int result = 0;
  do result = ::flock(descriptor.get(), operation | LOCK_NB);
  while (result != 0 && errno == EINTR);
  if (result == 0) return descriptor;
  if (errno == EWOULDBLOCK) throw Error(ErrorKind::conflict, why, folder.string(), remedy);
  throw Error(ErrorKind::io, "cannot be locked: " + std::error_code(errno, std::generic_category()).message(),
              folder.string());
}

}  // namespace

FolderLock FolderLock::shared(const std::filesystem::path& data_folder) {
  return FolderLock(
      locked(data_folder, LOCK_SH, "its database is being restored", "run it again after that"));
}

FolderLock FolderLock::alone(const std::filesystem::path& data_folder) {
  return FolderLock(
      locked(data_folder, LOCK_EX, "a server or another command is using it", "end that first"));
}

}  // namespace ritchi::access
