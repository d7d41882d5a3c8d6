#include "tileserver/tiles/disk_cache.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <mutex>
#include <system_error>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "geodata/base/log.hpp"
#include "tileserver/tiles/disk_segment.hpp"

namespace ritchi::tiles {
namespace {

namespace fs = std::filesystem;
using base::Key128;
using SegmentPointer = std::shared_ptr<DiskSegment>;

constexpr std::uint64_t segments_per_quota = 16;
// Each start leaves a segment behind, however short it is; more files than this are of no use.
constexpr std::size_t most_segments = 64;
constexpr const char* segment_ending = ".tiles";

struct Place {
  SegmentPointer segment;
  std::uint64_t offset = 0;
  std::uint32_t length = 0;
  std::uint8_t coding = 0;
};

// Held while segments come and go, against other processes of the same folder.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& folder)
      : m_file(::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    while (m_file.valid() && ::flock(m_file.get(), LOCK_EX) != 0) {
      if (errno != EINTR) m_file = base::UniqueDescriptor();
    }
  }
  bool is_held() const { return m_file.valid(); }

 private:
  base::UniqueDescriptor m_file;
};

// By age: the names begin with the time of their making.
std::vector<fs::path> segment_files(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code error;
  for (fs::directory_iterator each(folder, error), end; !error && each != end; each.increment(error))
    if (each->path().extension() == segment_ending) out.push_back(each->path());
  std::sort(out.begin(), out.end());
  return out;
}

fs::path new_segment_name(const fs::path& folder) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return folder /
         fmt::format("{:016x}-{}{}", std::chrono::nanoseconds(now).count(), ::getpid(), segment_ending);
}

}  // namespace

class DiskCache::Store {
 public:
  Store(fs::path folder, std::uint64_t quota_bytes)
      : m_folder(std::move(folder)),
        m_quota_bytes(quota_bytes),
        m_segment_bytes(quota_bytes / segments_per_quota) {
    std::error_code error;
    fs::create_directories(m_folder, error);
    if (error) {
      switch_off(error.message());
      return;
    }
    for (const fs::path& file : segment_files(m_folder)) {
      auto opened = DiskSegment::open(file);
      if (!opened) continue;
      const auto segment = std::make_shared<DiskSegment>(std::move(*opened));
      m_segments.push_back(segment);
      segment->scan([&](const DiskRecord& record, std::uint64_t offset) {
        m_places.insert_or_assign(record.key, Place{segment, offset, record.length, record.coding});
      });
    }
    begin_segment();
  }

  ~Store() {
    if (m_own) m_own->close_writing();
  }
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  std::optional<Kept> find(const Key128& key) {
    Place place;
    {
      const std::lock_guard lock(m_lock);
      const auto found = m_places.find(key);
      if (found == m_places.end()) {
        ++m_figures.misses;
        return std::nullopt;
      }
      place = found->second;
    }
    // Read without the lock: the segment's file stays open as long as somebody holds it.
    auto bytes = place.segment->read({key, place.coding, place.length}, place.offset);
    const std::lock_guard lock(m_lock);
    if (!bytes) {
      const auto found = m_places.find(key);
      if (found != m_places.end() && found->second.segment == place.segment) m_places.erase(found);
      ++m_figures.misses;
      return std::nullopt;
    }
    ++m_figures.hits;
    return Kept{place.coding, std::move(*bytes)};
  }

  void store(const Key128& key, std::uint8_t coding, std::string_view bytes) {
    const std::lock_guard lock(m_lock);
    if (!m_own) return;
    if (bytes.size() + DiskSegment::header_bytes > m_segment_bytes || bytes.size() > UINT32_MAX) {
      ++m_figures.rejections;
      return;
    }
    if (m_places.contains(key)) return;
    // Another process may have removed it for the quota.
    if (!m_own->has_room_for(bytes.size()) || !m_own->is_linked()) {
      begin_segment();
      if (!m_own) return;
    }
    const DiskRecord record{key, coding, static_cast<std::uint32_t>(bytes.size())};
    const auto offset = m_own->append(record, bytes);
    if (!offset) return switch_off(std::strerror(errno));
    m_places.insert_or_assign(key, Place{m_own, *offset, record.length, coding});
    ++m_figures.stores;
  }

  CacheFigures figures() const {
    const std::lock_guard lock(m_lock);
    CacheFigures out = m_figures;
    out.entries = m_places.size();
    for (const SegmentPointer& segment : m_segments) out.bytes += segment->capacity_bytes();
    return out;
  }

 private:
  // What is there can still be read.
  void switch_off(const std::string& reason) {
    if (m_own) m_own->close_writing();
    m_own = nullptr;
    base::log_warning(
        "{}: tiles are no longer kept on disk: {} (free some space or mend the folder's permissions, then "
        "start again)",
        m_folder.string(), reason);
  }

  void begin_segment() {
    if (m_own) m_own->close_writing();
    m_own = nullptr;
    const FolderLock folder_lock(m_folder);
    if (!folder_lock.is_held()) return switch_off(std::strerror(errno));
    make_room();
    auto created = DiskSegment::create(new_segment_name(m_folder), m_segment_bytes);
    if (!created) return switch_off(std::strerror(errno));
    m_own = std::make_shared<DiskSegment>(std::move(*created));
    m_segments.push_back(m_own);
  }

  // Removes the oldest files until another segment fits, and forgets what is gone, whoever removed it.
  void make_room() {
    const std::vector<fs::path> files = segment_files(m_folder);
    std::vector<std::uint64_t> sizes;
    std::uint64_t sum = 0;
    for (const fs::path& file : files) {
      std::error_code error;
      const std::uintmax_t size = fs::file_size(file, error);
      sizes.push_back(error ? 0 : size);
      sum += sizes.back();
    }
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (sum + m_segment_bytes <= m_quota_bytes && files.size() - i < most_segments) break;
      std::error_code ignored;
      fs::remove(files[i], ignored);
      sum -= sizes[i];
    }
    std::unordered_set<SegmentPointer> gone;
    for (const SegmentPointer& segment : m_segments)
      if (!segment->is_linked()) gone.insert(segment);
    std::erase_if(m_segments, [&gone](const SegmentPointer& segment) { return gone.contains(segment); });
    m_figures.evictions +=
        std::erase_if(m_places, [&gone](const auto& each) { return gone.contains(each.second.segment); });
  }

  const fs::path m_folder;
  const std::uint64_t m_quota_bytes;
  const std::uint64_t m_segment_bytes;
  mutable std::mutex m_lock;  // for a new segment's files and an entry's write; reads go on without it
  std::unordered_map<Key128, Place, base::Key128Hash> m_places;
  std::vector<SegmentPointer> m_segments;
  SegmentPointer m_own;  // the last of them, where this process writes; null when switched off
  CacheFigures m_figures;
};

DiskCache::DiskCache(const fs::path& folder, std::uint64_t quota_bytes)
    : m_store(std::make_unique<Store>(folder, quota_bytes)) {}

DiskCache::~DiskCache() = default;

std::optional<DiskCache::Kept> DiskCache::find(const Key128& key) {
  return m_store->find(key);
}

void DiskCache::store(const Key128& key, std::uint8_t coding, std::string_view bytes) {
  m_store->store(key, coding, bytes);
}

CacheFigures DiskCache::figures() const {
  return m_store->figures();
}

}  // namespace ritchi::tiles
