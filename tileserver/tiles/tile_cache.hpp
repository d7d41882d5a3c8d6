// Finished tiles in memory: bounded by the bytes that they really hold, each made once however many ask for
// it.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "geodata/base/deadline.hpp"
#include "geodata/base/key128.hpp"

namespace ritchi::tiles {

struct CacheFigures {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t stores = 0;
  std::uint64_t evictions = 0;  // had been kept, made room for others
  std::uint64_t rejections =
      0;                    // not kept: asked for less often than what would have had to go, or too large
  std::uint64_t waits = 0;  // for a value that another thread was making
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
};

// The cache without its values' type; see TileCache. Keys are of contents: the same key always means the same
// value, so nothing ever has to be taken out because it is wrong.
//
// Which entries stay is decided by W-TinyLFU (see frequency_sketch.hpp): a newcomer passes a small window in
// the order of use and is then kept only when it is asked for more often, byte for byte, than those that
// would have to go for it; so a scan through thousands of tiles that nobody wants again displaces nothing,
// and a large tile has the same chance as the small ones in its place. The main part is segmented: what was
// asked for again is protected from what was not.
class CacheCore {
 public:
  using Pointer = std::shared_ptr<const void>;
  using Cost = std::size_t (*)(const void*);
  using Make = std::function<Pointer()>;

  CacheCore(std::size_t capacity_bytes, Cost cost);
  ~CacheCore();
  CacheCore(const CacheCore&) = delete;
  CacheCore& operator=(const CacheCore&) = delete;

  struct Found {
    bool hit = false;
    Pointer value;
  };
  Found find(const base::Key128& key);
  Pointer get(const base::Key128& key, const base::Deadline& deadline, const Make& make);
  void recharge(const base::Key128& key);
  CacheFigures figures() const;

 private:
  class Shard;
  Shard& shard_of(const base::Key128& key) noexcept;

  std::vector<std::unique_ptr<Shard>> m_shards;
};

// Values are shared and immutable but for their cost; a null value is kept too (an empty tile). Thread safe.
template <class Value>
class TileCache {
 public:
  using Pointer = std::shared_ptr<const Value>;

  // cost_of: the bytes that a value holds now, besides the cache's own for the entry.
  template <std::size_t (*cost_of)(const Value&)>
  static std::unique_ptr<TileCache> charged_by(std::size_t capacity_bytes) {
    return std::unique_ptr<TileCache>(new TileCache(
        capacity_bytes, [](const void* value) { return cost_of(*static_cast<const Value*>(value)); }));
  }

  struct Found {
    bool hit = false;
    Pointer value;
  };
  // Never waits for a value that is being made, allocates nothing.
  Found find(const base::Key128& key) {
    CacheCore::Found found = m_core.find(key);
    return {found.hit, std::static_pointer_cast<const Value>(std::move(found.value))};
  }

  // `make` runs without a lock, in the thread that asked first; those who ask for the same key meanwhile wait
  // for it, until their deadline: Error(timeout). When it throws, that thread gets the exception and one of
  // the others makes the value.
  template <class Maker>
  Pointer get(const base::Key128& key, const base::Deadline& deadline, const Maker& make) {
    return std::static_pointer_cast<const Value>(
        m_core.get(key, deadline, [&make]() -> CacheCore::Pointer { return make(); }));
  }

  // To be called when the value of that key has grown: it is charged anew, and others make room for it.
  void recharge(const base::Key128& key) { m_core.recharge(key); }

  CacheFigures figures() const { return m_core.figures(); }

 private:
  TileCache(std::size_t capacity_bytes, CacheCore::Cost cost) : m_core(capacity_bytes, cost) {}

  CacheCore m_core;
};

}  // namespace ritchi::tiles
