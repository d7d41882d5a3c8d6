#include "tileserver/tiles/pmtiles_reader.hpp"

#include <algorithm>

#include "geodata/base/error.hpp"
#include "geodata/base/gzip.hpp"
#include "geodata/geom/tile_id.hpp"

namespace ritchi::tiles {
namespace {

using base::Error;
using base::ErrorKind;

constexpr int max_depth = 4;  // directories on the way to a tile, the root included
constexpr std::size_t max_packed_directory_bytes = std::size_t{8} << 20;
constexpr std::size_t max_directory_bytes = std::size_t{32} << 20;
constexpr std::size_t max_metadata_bytes = std::size_t{32} << 20;
constexpr std::size_t max_packed_tile_bytes = std::size_t{32} << 20;
constexpr std::size_t max_tile_bytes = std::size_t{128} << 20;

std::size_t memory_of(const std::vector<PmtilesEntry>& entries) {
  return entries.size() * sizeof(PmtilesEntry);
}

bool inside(PmtilesSection part, std::uint64_t size) {
  return part.offset <= size && part.length <= size - part.offset;
}

void check_compression(PmtilesCompression found, const char* of, const std::string& where) {
  if (found != PmtilesCompression::gzip && found != PmtilesCompression::none)
    throw Error(ErrorKind::unsupported, std::string(of) + " are compressed neither by gzip nor not at all",
                where, "convert the archive to gzip");
}

// The same error, with the archive's name and what to do.
[[noreturn]] void rethrow_named(const Error& error, const std::string& where) {
  throw Error(error.kind(), error.what(), where,
              error.remedy().empty() ? "fetch or export the archive again" : error.remedy());
}

}  // namespace

PmtilesReader::PmtilesReader(const std::filesystem::path& file, std::size_t leaf_cache_bytes)
    : m_file(file),
      m_descriptor(base::open_for_reading(file)),
      m_leaves(TileCache<Directory>::charged_by<memory_of>(leaf_cache_bytes)) {
  m_size = static_cast<std::uint64_t>(base::size_of(m_descriptor.get()));
  try {
    m_header = decode_header(base::read_at(m_descriptor.get(), 0, pmtiles_header_bytes, m_file));
    check_sections();
    m_root = directory(m_header.root);
    const std::string text = unpacked(m_header.metadata, "the metadata", max_metadata_bytes);
    m_metadata = nlohmann::json::parse(text, nullptr, false);
    if (!m_metadata.is_object()) throw Error(ErrorKind::damaged, "the metadata is no JSON object");
  } catch (const Error& error) {
    rethrow_named(error, m_file.string());
  }
}

void PmtilesReader::check_sections() const {
  const auto damaged = [](const std::string& what) { return Error(ErrorKind::damaged, what); };
  if (!inside(m_header.root, std::min<std::uint64_t>(m_size, pmtiles_first_bytes)) ||
      m_header.root.offset < pmtiles_header_bytes || m_header.root.length == 0)
    throw damaged("the root directory does not lie in the first 16,384 bytes");
  for (const auto& [section, name] :
       {std::pair{m_header.metadata, "the metadata"}, std::pair{m_header.leaves, "the leaf directories"},
        std::pair{m_header.data, "the tiles"}})
    if (!inside(section, m_size)) throw damaged(std::string(name) + " would lie behind the end of the file");
  if (m_header.min_zoom > m_header.max_zoom || m_header.max_zoom > geom::max_numbered_zoom)
    throw damaged("the zooms are no range");
  check_compression(m_header.internal_compression, "directories", m_file.string());
  check_compression(m_header.tile_compression, "tiles", m_file.string());
  if (m_header.tile_type != PmtilesType::mvt)
    throw Error(ErrorKind::unsupported, "it does not hold Mapbox vector tiles", {},
                "only archives of vector tiles are served");
}

std::string PmtilesReader::read(PmtilesSection section, const char* what) const {
  std::string out = base::read_at(m_descriptor.get(), section.offset, section.length, m_file);
  if (out.size() < section.length)
    throw Error(ErrorKind::damaged, std::string(what) + " would lie behind the end of the file");
  return out;
}

std::string PmtilesReader::unpacked(PmtilesSection section, const char* what, std::size_t limit_bytes) const {
  if (section.length > max_packed_directory_bytes)
    throw Error(ErrorKind::too_large, std::string(what) + " is over the limit");
  std::string out = read(section, what);
  if (m_header.internal_compression == PmtilesCompression::none) return out;
  return base::gunzip(out, limit_bytes);
}

PmtilesReader::Directory PmtilesReader::directory(PmtilesSection section) const {
  Directory out = decode_directory(unpacked(section, "a directory", max_directory_bytes));
  check_entries(out);
  return out;
}

void PmtilesReader::check_entries(const Directory& entries) const {
  for (const PmtilesEntry& entry : entries) {
    const PmtilesSection& section = entry.run == 0 ? m_header.leaves : m_header.data;
    if (!inside({entry.offset, entry.length}, section.length))
      throw Error(ErrorKind::damaged, "a directory points behind the end of its section");
  }
}

std::shared_ptr<const PmtilesReader::Directory> PmtilesReader::leaf(const PmtilesEntry& entry) const {
  const base::Key128 key = base::keyed(base::keyed({}, entry.offset), std::uint64_t{entry.length});
  auto out = m_leaves->get(key, base::Deadline::never(), [&] {
    return std::make_shared<const Directory>(
        directory({m_header.leaves.offset + entry.offset, entry.length}));
  });
  if (out->front().tile < entry.tile)
    throw Error(ErrorKind::damaged, "a leaf directory begins before its place");
  return out;
}

std::optional<std::string> PmtilesReader::stored_tile(std::uint64_t number) const {
  try {
    std::shared_ptr<const Directory> held;
    const Directory* entries = &m_root;
    for (int depth = 0; depth < max_depth; ++depth) {
      const auto after =
          std::upper_bound(entries->begin(), entries->end(), number,
                           [](std::uint64_t tile, const PmtilesEntry& entry) { return tile < entry.tile; });
      if (after == entries->begin()) return std::nullopt;
      const PmtilesEntry entry = *std::prev(after);
      if (entry.run > 0) {
        if (number - entry.tile >= entry.run) return std::nullopt;
        if (entry.length > max_packed_tile_bytes)
          throw Error(ErrorKind::too_large, "a tile is over the limit");
        return read({m_header.data.offset + entry.offset, entry.length}, "a tile");
      }
      held = leaf(entry);
      entries = held.get();
    }
    throw Error(ErrorKind::damaged, "directories lie too deep in each other");
  } catch (const Error& error) {
    rethrow_named(error, m_file.string());
  }
}

std::string PmtilesReader::plain(const std::string& stored) const {
  if (m_header.tile_compression == PmtilesCompression::none) return stored;
  try {
    return base::gunzip(stored, max_tile_bytes);
  } catch (const Error& error) {
    rethrow_named(error, m_file.string());
  }
}

}  // namespace ritchi::tiles
