#include "geodata/base/descriptor.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "geodata/base/error.hpp"

namespace ritchi::base {

UniqueDescriptor::~UniqueDescriptor() {
  if (m_descriptor >= 0) ::close(m_descriptor);
}

UniqueDescriptor open_for_reading(const std::filesystem::path& path) {
  UniqueDescriptor out(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (out.valid()) return out;
  const auto reason = std::error_code(errno, std::generic_category());
  throw Error(reason == std::errc::no_such_file_or_directory ? ErrorKind::not_found : ErrorKind::io,
              "cannot be opened: " + reason.message(), path.string(), "check the path and its permissions");
}

std::int64_t size_of(int descriptor) {
  struct stat found {};
  if (::fstat(descriptor, &found) != 0)
    throw Error(ErrorKind::io, std::error_code(errno, std::generic_category()).message());
  return found.st_size;
}

bool is_same_file(int descriptor, const std::filesystem::path& path) {
  struct stat held {};
  struct stat named {};
  return ::fstat(descriptor, &held) == 0 && ::stat(path.c_str(), &named) == 0 &&
         held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

void sync_to_disk(const std::filesystem::path& path) {
  const UniqueDescriptor descriptor = open_for_reading(path);
  if (::fsync(descriptor.get()) != 0)
    throw Error(ErrorKind::io,
                "cannot be written to disk: " + std::error_code(errno, std::generic_category()).message(),
                path.string());
}

}  // namespace ritchi::base
