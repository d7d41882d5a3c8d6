// Builds the bytes of one vector tile layer (Mapbox Vector Tile 2.1). A tile of several layers is the
// concatenation of its layers' bytes.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/tiling/item.hpp"
#include "geodata/tiling/value.hpp"

namespace ritchi::tiling {

class LayerEncoder {
 public:
  LayerEncoder(std::string_view name, std::uint32_t extent);

  // Forgets the features, keeps the memory.
  void clear();
  // Values by position in `keys`; there may be fewer values than keys. A key that no feature uses costs
  // nothing. id 0: none is written. The path must be valid by MVT 2.1.
  void add(Form form, std::int64_t id, std::string_view path, const std::vector<std::string>& keys,
           const ValueList& values);
  std::int64_t features() const { return m_count; }
  // Of the layer as it is now.
  std::size_t size() const;
  // Equal calls since clear() give equal bytes.
  std::string finish() const;

 private:
  std::uint32_t key_index(std::size_t position, const std::vector<std::string>& keys);
  std::uint32_t value_index(std::string_view value);
  void grow();

  std::string m_head;
  std::string m_tail;
  std::string m_features;
  std::string m_keys;
  std::string m_values;
  std::int64_t m_count = 0;
  std::vector<std::int32_t> m_key_index;  // by position in keys; -1: not used yet
  std::uint32_t m_key_count = 0;
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t offset = 0;  // of the message in m_values
    std::uint32_t size = 0;
    std::uint32_t index_plus_one = 0;  // 0: free
  };
  std::vector<Slot> m_slots;  // open addressing; a power of two
  std::uint32_t m_value_count = 0;
  std::string m_tags;
  std::string m_feature;
};

}  // namespace ritchi::tiling
