#include "geodata/load/staging.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string>
#include <system_error>

#include "geodata/base/error.hpp"

namespace ritchi::load {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;

constexpr const char* prefix = ".import-";

void remove_leftovers(const fs::path& folder) {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed))
    if (entry.path().filename().string().starts_with(prefix)) fs::remove(entry.path(), failed);
}

void lock(int descriptor, int operation, const fs::path& folder) {
  int result = 0;
  do result = ::flock(descriptor, operation);
  while (result != 0 && errno == EINTR);
  if (result != 0)
    throw Error(ErrorKind::io,
                "cannot be locked: " + std::error_code(errno, std::generic_category()).message(),
                folder.string());
}

std::string unique_name() {
  static std::atomic<unsigned> counter{0};
  return prefix + std::to_string(::getpid()) + "-" + std::to_string(counter.fetch_add(1)) + ".tmp";
}

}  // namespace

Staging::Staging(const fs::path& data_folder, const std::string& layer) : m_folder(data_folder / layer) {
  std::error_code failed;
  fs::create_directories(m_folder, failed);
  if (failed)
    throw Error(ErrorKind::io, "cannot be made: " + failed.message(), m_folder.string(),
                "check the data folder's permissions");
  if (::access(m_folder.c_str(), W_OK) != 0)
    throw Error(ErrorKind::io, "cannot be written to", m_folder.string(),
                "check the data folder's permissions");
  m_lock = base::open_for_reading(m_folder);
  // Every living import holds a shared lock, so whoever gets the exclusive one knows that all leftovers are
  // dead.
  if (::flock(m_lock.get(), LOCK_EX | LOCK_NB) == 0) remove_leftovers(m_folder);
  lock(m_lock.get(), LOCK_SH, m_folder);
  m_file = m_folder / unique_name();
}

Staging::~Staging() {
  std::error_code ignored;
  fs::remove(m_file, ignored);
  fs::remove(m_file.string() + "-journal", ignored);
  fs::remove(companion(), ignored);
  fs::remove(tiles(), ignored);
  fs::remove(shared_tiles(), ignored);
}

fs::path Staging::companion() const {
  return m_file.string() + "-changes";
}

fs::path Staging::tiles() const {
  return m_file.string() + "-tiles";
}

fs::path Staging::shared_tiles() const {
  return m_file.string() + "-shared";
}

void Staging::publish_tiles_as(const fs::path& target) {
  std::error_code failed;
  if (fs::exists(tiles(), failed)) rename_to(tiles(), target);
}

void Staging::publish_shared_tiles_as(const fs::path& target) {
  rename_to(shared_tiles(), target);
}

void Staging::rename_to(const fs::path& from, const fs::path& target) {
  std::error_code failed;
  fs::permissions(from, fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read, failed);
  base::sync_to_disk(from);
  fs::rename(from, target, failed);
  if (failed) throw Error(ErrorKind::io, "cannot be published: " + failed.message(), target.string());
  base::sync_to_disk(m_folder);
}

base::UniqueDescriptor Staging::lock_publishing() const {
  return lock_file(".publishing");
}

base::UniqueDescriptor Staging::lock_facts() const {
  return lock_file(".publishing-facts");
}

base::UniqueDescriptor Staging::lock_file(const char* name) const {
  const fs::path file = m_folder / name;
  base::UniqueDescriptor out(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!out.valid())
    throw Error(ErrorKind::io, "cannot be made: " + std::error_code(errno, std::generic_category()).message(),
                file.string(), "check the data folder's permissions");
  lock(out.get(), LOCK_EX, m_folder);
  return out;
}

void Staging::publish_as(const fs::path& target) {
  rename_to(m_file, target);
}

}  // namespace ritchi::load
