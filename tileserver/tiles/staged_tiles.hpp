// Tiles on their way into an archive: each content once, in a folder that a later run can go on with.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "geodata/base/descriptor.hpp"
#include "tileserver/tiles/tile_supplier.hpp"

namespace ritchi::tiles {

// Where a tile's bytes lie among the staged ones.
struct StagedTile {
  std::uint64_t number = 0;
  std::uint64_t offset = 0;
  std::uint32_t length = 0;
};

// The folder holds the contents one behind the other, and a journal of blocks, each with a digest of itself
// and of its contents: whatever a kill or a power cut leaves behind, the whole blocks are taken over and the
// rest is cut off. In memory: about 80 bytes for every content.
class StagedTiles {
 public:
  // Takes over what a run with the same digest has left; what another has left is thrown away. Throws
  // Error(conflict) while another process works in the folder, Error(io).
  StagedTiles(const std::filesystem::path& folder, const std::string& digest);
  StagedTiles(const StagedTiles&) = delete;
  StagedTiles& operator=(const StagedTiles&) = delete;

  std::uint64_t taken_over() const { return m_taken_over; }
  bool replaced_other() const { return m_replaced_other; }

  // Behind the last tile: where to go on.
  std::uint64_t next_number() const { return m_next_number; }
  std::uint64_t tiles() const { return m_tiles; }
  std::uint64_t contents() const { return m_places.size(); }
  std::uint64_t data_bytes() const { return m_data_end; }

  // Numbers must ascend; the tile must not be empty.
  void add(std::uint64_t number, const SuppliedTile& tile);
  // After it, everything added survives the process.
  void flush();

  // In ascending order; flushed before.
  void for_each(const std::function<void(const StagedTile&)>& visit) const;
  int data() const { return m_data.get(); }
  const std::filesystem::path& data_file() const { return m_data_file; }
  // For the archive while it is not whole.
  std::filesystem::path archive_file() const { return m_folder / "archive"; }
  // Removes the folder; nothing may be asked afterwards.
  void remove();

 private:
  struct Place {
    std::uint64_t offset = 0;
    std::uint32_t length = 0;
  };
  struct Block;
  void begin_anew();
  void take_over();
  bool read_block(std::uint64_t at, Block& block) const;
  bool data_is_whole(const Block& block) const;

  std::filesystem::path m_folder;
  std::filesystem::path m_data_file;
  std::filesystem::path m_journal_file;
  std::string m_head;
  base::UniqueDescriptor m_data;
  base::UniqueDescriptor m_journal;
  std::map<ContentKey, Place> m_places;
  std::string m_pending_data;
  std::string m_pending_records;
  std::uint32_t m_pending = 0;
  std::uint64_t m_journal_end = 0;
  std::uint64_t m_data_end = 0;
  std::uint64_t m_next_number = 0;
  std::uint64_t m_tiles = 0;
  std::uint64_t m_taken_over = 0;
  bool m_replaced_other = false;
};

}  // namespace ritchi::tiles
