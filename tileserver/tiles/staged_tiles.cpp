#include "tileserver/tiles/staged_tiles.hpp"

#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "geodata/base/bytes.hpp"
#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"

namespace ritchi::tiles {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;

constexpr const char* journal_version = "ritchi staged tiles 1\n";
// A block is written when it has so many tiles or bytes: what a kill can cost.
constexpr std::uint32_t block_tiles = 64;
constexpr std::size_t block_bytes = std::size_t{4} << 20;
constexpr std::size_t block_head_bytes = 28;
constexpr std::size_t record_bytes = 36;
constexpr std::size_t checksum_bytes = 8;

void cut(int descriptor, std::uint64_t size, const fs::path& path) {
  if (::ftruncate(descriptor, static_cast<off_t>(size)) != 0)
    throw Error(ErrorKind::io, "cannot be cut: " + std::error_code(errno, std::generic_category()).message(),
                path.string());
}

}  // namespace

struct StagedTiles::Block {
  std::uint32_t count = 0;
  std::uint64_t data_begin = 0;
  std::uint64_t data_end = 0;
  std::uint64_t data_digest = 0;
  std::string records;
  std::uint64_t bytes() const { return block_head_bytes + records.size() + checksum_bytes; }

  struct Record {
    std::uint64_t number = 0;
    ContentKey content;
    Place place;
  };
  template <class Each>
  void for_each(const Each& visit) const {
    base::ByteTaker taker(records);
    for (std::uint32_t i = 0; i < count; ++i) {
      Record record;
      record.number = taker.number<std::uint64_t>();
      record.content.high = taker.number<std::uint64_t>();
      record.content.low = taker.number<std::uint64_t>();
      record.place.offset = taker.number<std::uint64_t>();
      record.place.length = taker.number<std::uint32_t>();
      visit(record);
    }
  }
};

StagedTiles::StagedTiles(const fs::path& folder, const std::string& digest)
    : m_folder(folder),
      m_data_file(folder / "tiles"),
      m_journal_file(folder / "journal"),
      m_head(journal_version + digest + "\n") {
  std::error_code failed;
  fs::create_directory(m_folder, failed);
  if (failed)
    throw Error(ErrorKind::io, "cannot be made: " + failed.message(), m_folder.string(),
                "check that the folder above it is there and may be written to");
  m_journal = base::open_for_writing(m_journal_file);
  if (::flock(m_journal.get(), LOCK_EX | LOCK_NB) != 0)
    throw Error(ErrorKind::conflict, "another export is writing this archive", m_folder.string(),
                "wait until it has ended");
  m_data = base::open_for_writing(m_data_file);
  fs::remove(archive_file(), failed);
  const std::string head = base::read_at(m_journal.get(), 0, m_head.size(), m_journal_file);
  if (head == m_head) {
    take_over();
  } else {
    m_replaced_other = head.size() == m_head.size();
    begin_anew();
  }
}

void StagedTiles::begin_anew() {
  cut(m_journal.get(), 0, m_journal_file);
  cut(m_data.get(), 0, m_data_file);
  base::write_at(m_journal.get(), 0, m_head, m_journal_file);
  m_journal_end = m_head.size();
}

bool StagedTiles::read_block(std::uint64_t at, Block& block) const {
  const std::string head = base::read_at(m_journal.get(), at, block_head_bytes, m_journal_file);
  if (head.size() < block_head_bytes) return false;
  base::ByteTaker taker(head);
  block.count = taker.number<std::uint32_t>();
  block.data_begin = taker.number<std::uint64_t>();
  block.data_end = taker.number<std::uint64_t>();
  block.data_digest = taker.number<std::uint64_t>();
  if (block.count == 0 || block.count > block_tiles) return false;
  const std::size_t size = block.count * record_bytes;
  block.records =
      base::read_at(m_journal.get(), at + block_head_bytes, size + checksum_bytes, m_journal_file);
  if (block.records.size() < size + checksum_bytes) return false;
  const auto checksum = base::ByteTaker(std::string_view(block.records).substr(size)).number<std::uint64_t>();
  block.records.resize(size);
  return checksum == base::fnv1a_64(block.records, base::fnv1a_64(head));
}

bool StagedTiles::data_is_whole(const Block& block) const {
  std::uint64_t digest = base::fnv1a_64({});
  for (std::uint64_t at = block.data_begin; at < block.data_end;) {
    const std::size_t piece = std::min<std::uint64_t>(block.data_end - at, block_bytes);
    const std::string bytes = base::read_at(m_data.get(), at, piece, m_data_file);
    if (bytes.size() < piece) return false;
    digest = base::fnv1a_64(bytes, digest);
    at += piece;
  }
  return digest == block.data_digest;
}

void StagedTiles::take_over() {
  m_journal_end = m_head.size();
  Block block;
  while (read_block(m_journal_end, block) && block.data_begin == m_data_end &&
         block.data_end >= block.data_begin && data_is_whole(block)) {
    block.for_each([&](const Block::Record& record) {
      m_places.emplace(record.content, record.place);
      m_next_number = record.number + 1;
    });
    m_tiles += block.count;
    m_data_end = block.data_end;
    m_journal_end += block.bytes();
  }
  m_taken_over = m_tiles;
  cut(m_journal.get(), m_journal_end, m_journal_file);
  cut(m_data.get(), m_data_end, m_data_file);
}

void StagedTiles::add(std::uint64_t number, const SuppliedTile& tile) {
  const Place fresh{m_data_end + m_pending_data.size(), static_cast<std::uint32_t>(tile.gzip->size())};
  const auto [place, is_new] = m_places.try_emplace(tile.content, fresh);
  if (is_new) m_pending_data += *tile.gzip;
  base::put_bytes(m_pending_records, number);
  base::put_bytes(m_pending_records, tile.content.high);
  base::put_bytes(m_pending_records, tile.content.low);
  base::put_bytes(m_pending_records, place->second.offset);
  base::put_bytes(m_pending_records, place->second.length);
  m_next_number = number + 1;
  ++m_tiles;
  ++m_pending;
  if (m_pending == block_tiles || m_pending_data.size() >= block_bytes) flush();
}

void StagedTiles::flush() {
  if (m_pending == 0) return;
  std::string block;
  base::put_bytes(block, m_pending);
  base::put_bytes(block, m_data_end);
  base::put_bytes(block, m_data_end + m_pending_data.size());
  base::put_bytes(block, base::fnv1a_64(m_pending_data));
  block += m_pending_records;
  base::put_bytes(block, base::fnv1a_64(block));
  base::write_at(m_data.get(), m_data_end, m_pending_data, m_data_file);
  base::write_at(m_journal.get(), m_journal_end, block, m_journal_file);
  m_data_end += m_pending_data.size();
  m_journal_end += block.size();
  m_pending_data.clear();
  m_pending_records.clear();
  m_pending = 0;
}

void StagedTiles::for_each(const std::function<void(const StagedTile&)>& visit) const {
  Block block;
  for (std::uint64_t at = m_head.size(); at < m_journal_end; at += block.bytes()) {
    if (!read_block(at, block))
      throw Error(ErrorKind::damaged, "was changed by another program", m_journal_file.string(),
                  "run the export again");
    block.for_each([&](const Block::Record& record) {
      visit({record.number, record.place.offset, record.place.length});
    });
  }
}

void StagedTiles::remove() {
  std::error_code ignored;
  // The journal last: without it the rest is not taken for something to go on with.
  fs::remove(archive_file(), ignored);
  fs::remove(m_data_file, ignored);
  fs::remove(m_journal_file, ignored);
  fs::remove(m_folder, ignored);
}

}  // namespace ritchi::tiles
