// Asks a supplier for tiles in several threads and hands them out in the order of their numbers.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "tileserver/tiles/tile_supplier.hpp"

namespace ritchi::tiles {

struct NumberedTile {
  std::uint64_t number = 0;
  SuppliedTile tile;
};

// At most a few tiles for each thread are kept waiting. Ends its threads when it goes.
class OrderedTiles {
 public:
  OrderedTiles(const TileSupplier& supplier, std::uint64_t from, unsigned threads);
  ~OrderedTiles();
  OrderedTiles(const OrderedTiles&) = delete;
  OrderedTiles& operator=(const OrderedTiles&) = delete;

  // The next one, also one without bytes; nothing after the last. Throws what the supplier threw for it.
  std::optional<NumberedTile> next();

 private:
  struct Slot {
    bool ready = false;
    NumberedTile made;
    std::exception_ptr failure;
  };
  void work();
  void make_tiles();
  bool reserve(std::uint64_t& ticket, std::uint64_t& number);

  const TileSupplier& m_supplier;
  std::mutex m_numbers_lock;  // taken before m_lock
  std::unique_ptr<TileNumbers> m_numbers;

  std::mutex m_lock;  // guards all below
  std::condition_variable m_changed;
  std::vector<Slot> m_slots;  // of ticket t: t modulo their number
  std::uint64_t m_given = 0;
  std::uint64_t m_taken = 0;
  bool m_all_given = false;
  bool m_stop = false;
  std::exception_ptr m_numbers_failure;

  std::vector<std::thread> m_threads;
};

}  // namespace ritchi::tiles
