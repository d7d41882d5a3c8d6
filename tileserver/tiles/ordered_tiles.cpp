#include "tileserver/tiles/ordered_tiles.hpp"

#include <algorithm>

namespace ritchi::tiles {
namespace {

constexpr std::size_t waiting_per_thread = 32;

}  // namespace

OrderedTiles::OrderedTiles(const TileSupplier& supplier, std::uint64_t from, unsigned threads)
    : m_supplier(supplier),
      m_numbers(supplier.numbers(from)),
      m_slots(std::max(1U, threads) * waiting_per_thread) {
  for (unsigned i = 0; i < std::max(1U, threads); ++i) m_threads.emplace_back([this] { work(); });
}

OrderedTiles::~OrderedTiles() {
  {
    const std::lock_guard lock(m_lock);
    m_stop = true;
  }
  m_changed.notify_all();
  for (std::thread& thread : m_threads) thread.join();
}

bool OrderedTiles::reserve(std::uint64_t& ticket, std::uint64_t& number) {
  const std::lock_guard numbers(m_numbers_lock);
  {
    std::unique_lock lock(m_lock);
    m_changed.wait(lock, [&] { return m_stop || m_all_given || m_given - m_taken < m_slots.size(); });
    if (m_stop || m_all_given) return false;
  }
  const auto found = m_numbers->next();
  const std::lock_guard lock(m_lock);
  if (!found) {
    m_all_given = true;
    m_changed.notify_all();
    return false;
  }
  number = *found;
  ticket = m_given++;
  return true;
}

void OrderedTiles::make_tiles() {
  std::uint64_t ticket = 0;
  std::uint64_t number = 0;
  while (reserve(ticket, number)) {
    Slot slot;
    slot.ready = true;
    slot.made.number = number;
    try {
      slot.made.tile = m_supplier.tile(number);
    } catch (...) {
      slot.failure = std::current_exception();
    }
    const std::lock_guard lock(m_lock);
    m_slots[ticket % m_slots.size()] = std::move(slot);
    m_changed.notify_all();
  }
}

void OrderedTiles::work() {
  try {
    make_tiles();
  } catch (...) {
    const std::lock_guard lock(m_lock);
    m_numbers_failure = std::current_exception();
    m_all_given = true;
    m_changed.notify_all();
  }
}

std::optional<NumberedTile> OrderedTiles::next() {
  std::unique_lock lock(m_lock);
  Slot& slot = m_slots[m_taken % m_slots.size()];
  m_changed.wait(lock, [&] { return slot.ready || (m_all_given && m_taken == m_given); });
  if (!slot.ready) {
    if (m_numbers_failure) std::rethrow_exception(m_numbers_failure);
    return std::nullopt;
  }
  Slot out = std::move(slot);
  slot = {};
  ++m_taken;
  lock.unlock();
  m_changed.notify_all();
  if (out.failure) std::rethrow_exception(out.failure);
  return std::move(out.made);
}

}  // namespace ritchi::tiles
