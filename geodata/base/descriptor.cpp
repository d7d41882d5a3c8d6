#include "geodata/base/descriptor.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "geodata/base/error.hpp"

namespace ritchi::base {
namespace {

Error failed_write(int reason, const std::filesystem::path& path) {
  if (reason == ENOSPC || reason == EDQUOT)
    return {ErrorKind::io, "cannot be written: the disk is full", path.string(),
            "make room and run it again"};
  return {ErrorKind::io, "cannot be written: " + std::error_code(reason, std::generic_category()).message(),
          path.string(), "check the path, its permissions and the disk"};
}

}  // namespace

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

UniqueDescriptor open_for_writing(const std::filesystem::path& path) {
  UniqueDescriptor out(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!out.valid()) throw failed_write(errno, path);
  return out;
}

std::size_t read_at(int descriptor, std::uint64_t offset, char* out, std::size_t size,
                    const std::filesystem::path& path) {
  std::size_t done = 0;
  while (done < size) {
    const auto got = ::pread(descriptor, out + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      throw Error(ErrorKind::io,
                  "cannot be read: " + std::error_code(errno, std::generic_category()).message(),
                  path.string(), "check the disk");
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

std::string read_at(int descriptor, std::uint64_t offset, std::size_t size,
                    const std::filesystem::path& path) {
  std::string out(size, '\0');
  out.resize(read_at(descriptor, offset, out.data(), size, path));
  return out;
}

void write_at(int descriptor, std::uint64_t offset, std::string_view bytes,
              const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const auto put = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) throw failed_write(errno, path);
    bytes.remove_prefix(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
}

void copy_range(int from, std::uint64_t from_offset, int to, std::uint64_t to_offset, std::uint64_t size,
                const std::filesystem::path& path) {
  auto in = static_cast<off64_t>(from_offset);
  auto out = static_cast<off64_t>(to_offset);
  bool in_kernel = true;
  while (size > 0) {
    if (in_kernel) {
      const auto moved = ::copy_file_range(from, &in, to, &out, size, 0);
      if (moved < 0 && errno == EINTR) continue;
      if (moved < 0 && (errno == ENOSPC || errno == EDQUOT)) throw failed_write(errno, path);
      // Not every file system can, and some say so by moving nothing.
      in_kernel = moved > 0;
      if (in_kernel) size -= static_cast<std::uint64_t>(moved);
      continue;
    }
    const std::size_t piece = std::min<std::uint64_t>(size, std::uint64_t{1} << 20);
    const std::string bytes = read_at(from, static_cast<std::uint64_t>(in), piece, path);
    if (bytes.size() < piece) throw Error(ErrorKind::damaged, "ends too soon", path.string());
    write_at(to, static_cast<std::uint64_t>(out), bytes, path);
    in += static_cast<off64_t>(piece);
    out += static_cast<off64_t>(piece);
    size -= piece;
  }
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
