// One file of the disk cache: records behind each other, each with its key, length and checksums.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "geodata/base/descriptor.hpp"
#include "geodata/base/key128.hpp"

namespace ritchi::tiles {

struct DiskRecord {
  base::Key128 key;
  std::uint8_t coding = 0;
  std::uint32_t length = 0;  // of the bytes behind the header
};

// Where a failure is not an error but the end of a cache, the functions say so in their value: errno.
class DiskSegment {
 public:
  static constexpr std::size_t header_bytes = 36;

  // An existing one, to be read only; nullopt when it cannot be opened.
  static std::optional<DiskSegment> open(std::filesystem::path file);
  // A new one which counts as capacity_bytes at once; nullopt with errno set.
  static std::optional<DiskSegment> create(std::filesystem::path file, std::uint64_t capacity_bytes);

  // Calls each(record, offset) up to the first place that is no whole record.
  void scan(const std::function<void(const DiskRecord&, std::uint64_t)>& each) const;
  // The bytes of the record at that offset; nullopt when it is damaged or another's.
  std::optional<std::string> read(const DiskRecord& expected, std::uint64_t offset) const;
  bool has_room_for(std::size_t bytes) const { return m_end + header_bytes + bytes <= m_capacity_bytes; }
  // The offset of the new record; nullopt with errno set.
  std::optional<std::uint64_t> append(const DiskRecord& record, std::string_view bytes);
  // Gives back what was set aside and not used.
  void close_writing();

  const std::filesystem::path& file() const { return m_file; }
  std::uint64_t capacity_bytes() const { return m_capacity_bytes; }
  // Whether the file is still in its folder.
  bool is_linked() const;

 private:
  DiskSegment(std::filesystem::path file, base::UniqueDescriptor descriptor, std::uint64_t capacity_bytes)
      : m_file(std::move(file)), m_descriptor(std::move(descriptor)), m_capacity_bytes(capacity_bytes) {}

  std::filesystem::path m_file;
  base::UniqueDescriptor m_descriptor;
  std::uint64_t m_capacity_bytes = 0;
  std::uint64_t m_end = 0;  // of what this process has written
};

}  // namespace ritchi::tiles
