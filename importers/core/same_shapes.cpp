#include "importers/core/same_shapes.hpp"

#include <algorithm>

#include "geodata/base/digest.hpp"

namespace ritchi::importers {
namespace {

std::uint64_t digest_of_shape(const geom::Geometry& geometry) {
  const auto bytes = [](const auto& list) {
    return std::string_view(reinterpret_cast<const char*>(list.data()), list.size() * sizeof(list.front()));
  };
  return base::fnv1a_64(bytes(geometry.points), base::fnv1a_64(bytes(geometry.ring_ends))) | 1U;
}

}  // namespace

std::optional<std::string> SameShapes::earlier(const geom::Geometry& geometry, std::string_view key) {
  // Points share places rightly: two joints of one interchange, two firms in one house.
  if (geometry.kind == geom::Kind::point || geometry.empty()) return std::nullopt;
  if (m_slots.empty()) m_slots.resize(window);
  const std::uint64_t digest = digest_of_shape(geometry);
  Slot& slot = m_slots[(digest >> 1U) % window];
  if (slot.digest == digest) return std::string(slot.key.data());
  slot.digest = digest;
  slot.key.fill('\0');
  std::size_t length = std::min(key.size(), slot.key.size() - 1);
  // Never half a character.
  while (length < key.size() && length > 0 && (static_cast<unsigned char>(key[length]) & 0xC0U) == 0x80U)
    --length;
  std::copy_n(key.begin(), length, slot.key.begin());
  return std::nullopt;
}

void SameShapes::restart() {
  std::fill(m_slots.begin(), m_slots.end(), Slot{});
}

}  // namespace ritchi::importers
