#include "tileserver/app/live_data.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <utility>

#include "geodata/base/error.hpp"
#include "geodata/base/log.hpp"
#include "geodata/store/data_folder.hpp"

namespace ritchi::app {

LiveData::LiveData(std::filesystem::path data_folder, const catalogue::Catalogue& catalogue)
    : m_data_folder(std::move(data_folder)), m_catalogue(catalogue) {
  m_signature = signature();
  m_snapshot = store::Snapshot::load(m_data_folder, m_catalogue, nullptr);
  for (const auto& damaged : m_snapshot->damaged())
    base::log_error("{}: {}", damaged.file.string(), damaged.reason);
}

std::shared_ptr<const store::Snapshot> LiveData::snapshot() const {
  const std::lock_guard lock(m_mutex);
  return m_snapshot;
}

// Which files there are: a publish gives a name to another inode.
std::string LiveData::signature() const {
  std::string out;
  for (const auto& file : store::dataset_files(m_data_folder)) {
    struct stat found {};
    if (::stat(file.c_str(), &found) != 0) continue;
    fmt::format_to(std::back_inserter(out), "{} {} {} {}.{}\n", file.string(), found.st_ino, found.st_size,
                   found.st_mtim.tv_sec, found.st_mtim.tv_nsec);
  }
  return out;
}

void LiveData::refresh(bool always) {
  try {
    std::string now = signature();
    if (!always && now == m_signature) return;
    auto fresh = store::Snapshot::load(m_data_folder, m_catalogue, snapshot().get());
    for (const auto& damaged : fresh->damaged())
      base::log_error("{}: {}", damaged.file.string(), damaged.reason);
    base::log_info("loaded {} datasets of {} layers", fresh->all().size(), fresh->layers().size());
    m_signature = std::move(now);
    const std::lock_guard lock(m_mutex);
    m_snapshot = std::move(fresh);
  } catch (const base::Error& error) {
    base::log_error("the data stays as it was: {}", error.line());
  }
}

}  // namespace ritchi::app
