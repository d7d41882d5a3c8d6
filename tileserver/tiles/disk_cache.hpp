// Finished tiles on disk, for what is expensive to make: survives restarts, keeps a quota, and is never an
// error.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "geodata/base/key128.hpp"
#include "tileserver/tiles/tile_cache.hpp"

namespace ritchi::tiles {

// A folder of segment files. A process only appends to segments of its own, so several may share a folder;
// each sees what the others had written when it started. An entry is whole or not there: every part of it is
// covered by a checksum. The oldest segments go first, as a whole, when the quota demands it; a segment takes
// its full size of the quota from the beginning, so that the quota holds for all processes together.
//
// Thread safe. Reads and writes files: for worker threads only. Nothing throws but the constructor, and that
// only for a lack of memory: a folder that cannot be written or a full disk switches the cache off with one
// warning in the log, and damaged entries are misses.
class DiskCache {
 public:
  DiskCache(const std::filesystem::path& folder, std::uint64_t quota_bytes);
  ~DiskCache();
  DiskCache(const DiskCache&) = delete;
  DiskCache& operator=(const DiskCache&) = delete;

  struct Kept {
    std::uint8_t coding = 0;  // as the caller gave it
    std::string bytes;
  };
  std::optional<Kept> find(const base::Key128& key);
  // Not kept where it is larger than a segment, a sixteenth of the quota.
  void store(const base::Key128& key, std::uint8_t coding, std::string_view bytes);

  // Evictions are of whole segments' entries; bytes are those of the segments that this process knows.
  CacheFigures figures() const;

 private:
  class Store;
  std::unique_ptr<Store> m_store;
};

}  // namespace ritchi::tiles
