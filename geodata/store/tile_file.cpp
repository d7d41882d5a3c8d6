#include "geodata/store/tile_file.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <system_error>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/catalogue/layer_part.hpp"

namespace ritchi::store {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;

constexpr const char* remedy = "run `ritchi check --rebuild`";
constexpr std::size_t revision_digits = 16;

void read_whole(int descriptor, std::uint64_t offset, char* out, std::size_t size, const fs::path& file) {
  if (base::read_at(descriptor, offset, out, size, file) < size)
    throw Error(ErrorKind::io, "the file ends too soon", file.string(), remedy);
}

// Shorter texts are filled up with zeros.
std::string_view text_of(const std::array<char, 64>& digits) {
  const std::string_view all(digits.data(), digits.size());
  return all.substr(0, all.find_last_not_of('\0') + 1);
}

bool sections_fit(const TileFileHead& head, std::uint64_t size) {
  // Each count is bounded by the file's size first, so that no sum or product can run over.
  return head.file_size == size && head.entries <= size / sizeof(TileEntry) &&
         head.vertices <= size / sizeof(VertexEntry) && head.entries_offset >= sizeof(TileFileHead) &&
         head.entries_offset <= size && head.entries_offset % alignof(TileEntry) == 0 &&
         head.vertices_offset == head.entries_offset + head.entries * sizeof(TileEntry) &&
         head.vertex_bytes_offset == head.vertices_offset + head.vertices * sizeof(VertexEntry) &&
         head.vertex_bytes_offset <= size;
}

}  // namespace

fs::path tile_file(const fs::path& dataset_file, const std::string& revision) {
  return dataset_file.parent_path() /
         (dataset_file.stem().string() + "." + revision.substr(0, revision_digits) + ".tiles");
}

std::string shared_revision(std::vector<PublishedPart> parts) {
  std::sort(parts.begin(), parts.end(),
            [](const PublishedPart& a, const PublishedPart& b) { return a.partition < b.partition; });
  base::Sha256 digest;
  for (const auto& part : parts) {
    digest.add_field(part.partition);
    digest.add_field(part.revision);
  }
  return digest.hex();
}

fs::path shared_tile_file(const fs::path& layer_folder, const std::string& revision) {
  return layer_folder /
         (std::string(shared_partition) + "." + revision.substr(0, revision_digits) + ".tiles");
}

std::string declaration_digest(const catalogue::Layer& layer) {
  nlohmann::json declared = catalogue::to_json(catalogue::public_part(layer));
  for (const char* key : {"title", "description", "children", "stated_area", "dated_by"}) declared.erase(key);
  for (auto& attribute : declared["attributes"])
    for (const char* key : {"title", "unit", "codes", "minimum", "maximum", "required"}) attribute.erase(key);
  return base::sha256_hex(declared.dump());
}

std::shared_ptr<const TileFile> TileFile::open(const fs::path& file, const std::string& revision,
                                               const std::string& declaration) {
  auto out = open_any(file, declaration);
  if (text_of(out->m_head.revision) != revision)
    throw Error(ErrorKind::damaged, "the tiles are of another revision", file.string(), remedy);
  return out;
}

std::shared_ptr<const TileFile> TileFile::open_any(const fs::path& file, const std::string& declaration) {
  std::shared_ptr<TileFile> out(new TileFile);
  out->m_file = file;
  out->m_descriptor = base::open_for_reading(file);
  const auto size = static_cast<std::uint64_t>(base::size_of(out->m_descriptor.get()));
  const auto damaged = [&] {
    return Error(ErrorKind::damaged, "is no whole file of tiles", file.string(), remedy);
  };
  TileFileHead& head = out->m_head;
  if (size < sizeof head) throw damaged();
  read_whole(out->m_descriptor.get(), 0, reinterpret_cast<char*>(&head), sizeof head, file);
  if (head.magic != TileFileHead{}.magic) throw damaged();
  if (head.version != tile_file_version)
    throw Error(ErrorKind::unsupported, "the tiles were prepared by another version", file.string(), remedy);
  if (!sections_fit(head, size)) throw damaged();
  if (text_of(head.declaration) != declaration)
    throw Error(ErrorKind::unsupported, "the tiles were prepared for another declaration of the layer",
                file.string(), remedy);
  out->map(head);
  return out;
}

void TileFile::map(const TileFileHead& head) {
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const std::uint64_t begin = head.entries_offset / page * page;
  m_mapped_size = static_cast<std::size_t>(head.file_size - begin);
  if (m_mapped_size == 0) return;
  void* mapped =
      ::mmap(nullptr, m_mapped_size, PROT_READ, MAP_SHARED, m_descriptor.get(), static_cast<off_t>(begin));
  if (mapped == MAP_FAILED)
    throw Error(ErrorKind::io, std::error_code(errno, std::generic_category()).message(), m_file.string());
  m_mapped = mapped;
  ::madvise(mapped, m_mapped_size, MADV_RANDOM);
  const auto* bytes = static_cast<const std::uint8_t*>(mapped) - begin;
  m_tiles = {reinterpret_cast<const TileEntry*>(bytes + head.entries_offset),
             static_cast<std::size_t>(head.entries)};
  m_vertices = {reinterpret_cast<const VertexEntry*>(bytes + head.vertices_offset),
                static_cast<std::size_t>(head.vertices)};
  m_vertex_bytes = {bytes + head.vertex_bytes_offset,
                    static_cast<std::size_t>(head.file_size - head.vertex_bytes_offset)};
}

TileFile::~TileFile() {
  if (m_mapped != nullptr) ::munmap(m_mapped, m_mapped_size);
}

const TileEntry* TileFile::find(std::uint64_t number) const {
  const auto found =
      std::lower_bound(m_tiles.begin(), m_tiles.end(), number,
                       [](const TileEntry& entry, std::uint64_t n) { return entry.number < n; });
  if (found == m_tiles.end() || found->number != number) return nullptr;
  check_place(*found);
  return &*found;
}

// Before anything as large as the entry says is asked for.
void TileFile::check_place(const TileEntry& entry) const {
  if (entry.size > m_head.entries_offset || entry.offset > m_head.entries_offset - entry.size)
    throw Error(ErrorKind::damaged, "a tile lies outside its file", m_file.string(), remedy);
}

void TileFile::read(const TileEntry& entry, char* out) const {
  check_place(entry);
  read_whole(m_descriptor.get(), entry.offset, out, entry.size, m_file);
}

std::span<const std::uint8_t> TileFile::vertex_zooms(std::int64_t id) const {
  const auto found = std::lower_bound(m_vertices.begin(), m_vertices.end(), id,
                                      [](const VertexEntry& entry, std::int64_t n) { return entry.id < n; });
  if (found == m_vertices.end() || found->id != id) return {};
  const std::uint64_t end = found + 1 == m_vertices.end() ? m_vertex_bytes.size() : (found + 1)->offset;
  if (found->offset > end || end > m_vertex_bytes.size())
    throw Error(ErrorKind::damaged, "the vertices of a feature lie outside their file", m_file.string(),
                remedy);
  return m_vertex_bytes.subspan(static_cast<std::size_t>(found->offset),
                                static_cast<std::size_t>(end - found->offset));
}

void TileFile::verify() const {
  base::Sha256 digest;
  digest.add({reinterpret_cast<const char*>(&m_head.unprepared_from), sizeof m_head.unprepared_from});
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const std::uint64_t begin = m_head.entries_offset % page;
  digest.add({static_cast<const char*>(m_mapped) + begin, m_mapped_size - static_cast<std::size_t>(begin)});
  if (digest.hex() != text_of(m_head.checksum))
    throw Error(ErrorKind::damaged, "the directory of tiles has changed since it was written",
                m_file.string(), remedy);
}

}  // namespace ritchi::store
