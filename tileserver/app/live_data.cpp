#include "tileserver/app/live_data.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "geodata/base/error.hpp"
#include "geodata/base/log.hpp"
#include "geodata/store/data_folder.hpp"

namespace ritchi::app {
namespace {

// Of tiles that do not fit once for each dataset: one that was taken over has been told of.
void log_faults(const store::Snapshot& now, const store::Snapshot* before) {
  for (const auto& damaged : now.damaged()) base::log_error("{}: {}", damaged.file.string(), damaged.reason);
  for (const auto& dataset : now.all()) {
    if (dataset->tiles() != nullptr) continue;
    const auto same = [&](const auto& known) {
      return known->file() == dataset->file() &&
             known->info().whole.revision == dataset->info().whole.revision &&
             known->why_no_tiles() == dataset->why_no_tiles();
    };
    if (before != nullptr && std::any_of(before->all().begin(), before->all().end(), same)) continue;
    base::log_error("{}: tiles are made from features while they are asked for: {}", dataset->file().string(),
                    dataset->why_no_tiles());
  }
}

}  // namespace

LiveData::LiveData(std::filesystem::path data_folder, const catalogue::Catalogue& catalogue)
    : m_data_folder(std::move(data_folder)), m_catalogue(catalogue) {
  m_signature = signature();
  m_snapshot = store::Snapshot::load(m_data_folder, m_catalogue, nullptr);
  log_faults(*m_snapshot, nullptr);
}

std::shared_ptr<const store::Snapshot> LiveData::snapshot() const {
  const std::lock_guard lock(m_mutex);
  return m_snapshot;
}

// Which files there are: a publish gives a name to another inode, and so do tiles that are prepared anew.
std::string LiveData::signature() const {
  std::string out;
  for (const auto& file : store::published_files(m_data_folder)) {
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
    log_faults(*fresh, snapshot().get());
    base::log_info("loaded {} datasets of {} layers", fresh->all().size(), fresh->layers().size());
    m_signature = std::move(now);
    const std::lock_guard lock(m_mutex);
    m_snapshot = std::move(fresh);
  } catch (const base::Error& error) {
    base::log_error("the data stays as it was: {}", error.line());
  }
}

}  // namespace ritchi::app
