#include "tileserver/tiles/disk_segment.hpp"

#include <fcntl.h>
#include <libdeflate.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "geodata/base/bytes.hpp"

namespace ritchi::tiles {
namespace {

// "RTC1": another layout of the records gets another number.
constexpr std::uint32_t magic = 0x31435452;

std::uint32_t checksum(std::string_view bytes) {
  return libdeflate_crc32(0, bytes.data(), bytes.size());
}

// magic, length, key, coding, checksum of the bytes, checksum of all before.
std::string header_of(const DiskRecord& record, std::uint32_t bytes_checksum) {
  std::string out;
  out.reserve(DiskSegment::header_bytes);
  base::put_bytes(out, magic);
  base::put_bytes(out, record.length);
  base::put_bytes(out, record.key.low);
  base::put_bytes(out, record.key.high);
  base::put_bytes(out, std::uint32_t{record.coding});
  base::put_bytes(out, bytes_checksum);
  base::put_bytes(out, checksum(out));
  return out;
}

// nullopt when the bytes are no header.
std::optional<std::pair<DiskRecord, std::uint32_t>> parse_header(std::string_view bytes) {
  base::ByteTaker taker(bytes);
  if (taker.number<std::uint32_t>() != magic) return std::nullopt;
  DiskRecord record;
  record.length = taker.number<std::uint32_t>();
  record.key.low = taker.number<std::uint64_t>();
  record.key.high = taker.number<std::uint64_t>();
  record.coding = static_cast<std::uint8_t>(taker.number<std::uint32_t>());
  const auto bytes_checksum = taker.number<std::uint32_t>();
  if (bytes != header_of(record, bytes_checksum)) return std::nullopt;
  return std::pair(record, bytes_checksum);
}

bool read_whole(int descriptor, std::string& into, std::uint64_t offset) {
  for (std::size_t done = 0; done < into.size();) {
    const ssize_t step =
        ::pread(descriptor, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
    if (step < 0 && errno == EINTR) continue;
    if (step <= 0) return false;
    done += static_cast<std::size_t>(step);
  }
  return true;
}

bool write_whole(int descriptor, std::string_view bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t step = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (step < 0 && errno == EINTR) continue;
    if (step <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(step));
    offset += static_cast<std::uint64_t>(step);
  }
  return true;
}

}  // namespace

std::optional<DiskSegment> DiskSegment::open(std::filesystem::path file) {
  base::UniqueDescriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat found {};
  if (!descriptor.valid() || ::fstat(descriptor.get(), &found) != 0) return std::nullopt;
  return DiskSegment(std::move(file), std::move(descriptor), static_cast<std::uint64_t>(found.st_size));
}

std::optional<DiskSegment> DiskSegment::create(std::filesystem::path file, std::uint64_t capacity_bytes) {
  base::UniqueDescriptor descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!descriptor.valid()) return std::nullopt;
  if (::ftruncate(descriptor.get(), static_cast<off_t>(capacity_bytes)) != 0) {
    const int reason = errno;
    ::unlink(file.c_str());
    errno = reason;
    return std::nullopt;
  }
  return DiskSegment(std::move(file), std::move(descriptor), capacity_bytes);
}

void DiskSegment::scan(const std::function<void(const DiskRecord&, std::uint64_t)>& each) const {
  std::string header(header_bytes, '\0');
  for (std::uint64_t at = 0; at + header_bytes <= m_capacity_bytes;) {
    if (!read_whole(m_descriptor.get(), header, at)) return;
    const auto parsed = parse_header(header);
    if (!parsed || at + header_bytes + parsed->first.length > m_capacity_bytes) return;
    each(parsed->first, at);
    at += header_bytes + parsed->first.length;
  }
}

std::optional<std::string> DiskSegment::read(const DiskRecord& expected, std::uint64_t offset) const {
  std::string bytes(header_bytes + expected.length, '\0');
  if (!read_whole(m_descriptor.get(), bytes, offset)) return std::nullopt;
  const auto parsed = parse_header(std::string_view(bytes).substr(0, header_bytes));
  if (!parsed || parsed->first.key != expected.key || parsed->first.length != expected.length ||
      parsed->first.coding != expected.coding)
    return std::nullopt;
  bytes.erase(0, header_bytes);
  if (checksum(bytes) != parsed->second) return std::nullopt;
  return bytes;
}

std::optional<std::uint64_t> DiskSegment::append(const DiskRecord& record, std::string_view bytes) {
  // The header last: a record whose bytes never reached the file has none.
  const std::uint64_t offset = m_end;
  if (!write_whole(m_descriptor.get(), bytes, offset + header_bytes) ||
      !write_whole(m_descriptor.get(), header_of(record, checksum(bytes)), offset))
    return std::nullopt;
  m_end = offset + header_bytes + bytes.size();
  return offset;
}

void DiskSegment::close_writing() {
  if (m_end == 0) {
    ::unlink(m_file.c_str());
  } else if (::ftruncate(m_descriptor.get(), static_cast<off_t>(m_end)) == 0) {
    m_capacity_bytes = m_end;
  }
}

bool DiskSegment::is_linked() const {
  struct stat found {};
  return ::fstat(m_descriptor.get(), &found) == 0 && found.st_nlink > 0;
}

}  // namespace ritchi::tiles
