#include "geodata/load/tile_file_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"

namespace ritchi::load {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t buffer_size = 1 << 20;
constexpr std::size_t waiting_memory = 4 << 20;
constexpr std::size_t remembered_parts = 1 << 14;

[[noreturn]] void fail(const std::filesystem::path& file) {
  const auto reason = std::error_code(errno, std::generic_category());
  if (reason == std::errc::no_space_on_device)
    throw Error(ErrorKind::io, "the disk is full", file.parent_path().string(), "make room and run it again");
  throw Error(ErrorKind::io, "cannot be written: " + reason.message(), file.string(),
              "check the disk and its permissions");
}

template <class Entry>
std::string_view bytes_of(const Entry& entry) {
  return {reinterpret_cast<const char*>(&entry), sizeof entry};
}

void put_digits(std::array<char, 64>& to, const std::string& digits) {
  std::memcpy(to.data(), digits.data(), std::min(to.size(), digits.size()));
}

}  // namespace

TileFileWriter::TileFileWriter(const std::filesystem::path& file)
    : m_file(file),
      m_descriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)),
      m_entries(file.parent_path(), waiting_memory),
      m_vertex_entries(file.parent_path(), waiting_memory),
      m_vertex_zooms(file.parent_path(), waiting_memory),
      m_written(remembered_parts) {
  if (!m_descriptor.valid()) fail(file);
  write(bytes_of(store::TileFileHead{}));
}

TileFileWriter::~TileFileWriter() = default;

void TileFileWriter::write(std::string_view bytes) {
  m_buffer += bytes;
  m_size += bytes.size();
  if (m_buffer.size() >= buffer_size) flush();
}

void TileFileWriter::flush() {
  const char* from = m_buffer.data();
  std::size_t left = m_buffer.size();
  while (left > 0) {
    const auto done = ::write(m_descriptor.get(), from, left);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) fail(m_file);
    from += done;
    left -= static_cast<std::size_t>(done);
  }
  m_buffer.clear();
}

void TileFileWriter::add(store::TileEntry entry, const tiling::DeflatePart& part) {
  entry.size = static_cast<std::uint32_t>(part.bytes.size());
  entry.plain_size = part.plain_size;
  entry.crc32 = part.crc32;
  if (!part.bytes.empty()) {
    Written& known = m_written[entry.content[0] % m_written.size()];
    if (known.offset == 0 || known.content != entry.content) {
      known = {entry.content, m_size};
      write(part.bytes);
    }
    entry.offset = known.offset;
  }
  m_entries.add(entry.number, bytes_of(entry));
  ++m_tiles;
}

void TileFileWriter::add_vertices(std::int64_t id, std::span<const std::uint8_t> zooms) {
  const auto key = static_cast<std::uint64_t>(id);
  m_vertex_entries.add(key, bytes_of(store::VertexEntry{id, m_vertex_bytes}));
  m_vertex_zooms.add(key, {reinterpret_cast<const char*>(zooms.data()), zooms.size()});
  m_vertex_bytes += zooms.size();
  ++m_vertices;
}

void TileFileWriter::finish(const std::string& revision, const std::string& declaration,
                            std::uint32_t unprepared_from) {
  write(std::string((8 - m_size % 8) % 8, '\0'));
  store::TileFileHead head;
  head.unprepared_from = unprepared_from;
  put_digits(head.revision, revision);
  put_digits(head.declaration, declaration);
  head.entries_offset = m_size;
  head.entries = m_tiles;
  head.vertices_offset = head.entries_offset + m_tiles * sizeof(store::TileEntry);
  head.vertices = m_vertices;
  head.vertex_bytes_offset = head.vertices_offset + m_vertices * sizeof(store::VertexEntry);
  head.file_size = head.vertex_bytes_offset + m_vertex_bytes;
  base::Sha256 digest;
  digest.add(bytes_of(head.unprepared_from));
  for (ExternalSort* waiting : {&m_entries, &m_vertex_entries, &m_vertex_zooms}) {
    waiting->rewind();
    std::uint64_t key = 0;
    std::string_view bytes;
    while (waiting->next(key, bytes)) {
      digest.add(bytes);
      write(bytes);
    }
  }
  put_digits(head.checksum, digest.hex());
  flush();
  if (::pwrite(m_descriptor.get(), &head, sizeof head, 0) != sizeof head || ::fsync(m_descriptor.get()) != 0)
    fail(m_file);
}

}  // namespace ritchi::load
