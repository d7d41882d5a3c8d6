// Reads a PMTiles v3 archive of vector tiles that may be damaged or hostile.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "geodata/base/descriptor.hpp"
#include "tileserver/tiles/pmtiles_format.hpp"
#include "tileserver/tiles/tile_cache.hpp"

namespace ritchi::tiles {

// Every offset and length is checked against the file, every directory against the specification, and one
// question reads four directories at most. Thread safe. The file is held open: a newer one of the same name
// is not seen. Errors are Error(damaged), Error(unsupported), Error(too_large) or Error(io), naming the file.
class PmtilesReader {
 public:
  explicit PmtilesReader(const std::filesystem::path& file,
                         std::size_t leaf_cache_bytes = std::size_t{16} << 20);

  const std::filesystem::path& file() const { return m_file; }
  const PmtilesHeader& header() const { return m_header; }
  const nlohmann::json& metadata() const { return m_metadata; }

  // A tile's bytes as they are stored, gzip or plain by header().tile_compression; nothing where none is.
  std::optional<std::string> stored_tile(std::uint64_t number) const;
  // The tile's plain bytes of bytes that stored_tile gave.
  std::string plain(const std::string& stored) const;

 private:
  using Directory = std::vector<PmtilesEntry>;
  std::string read(PmtilesSection section, const char* what) const;
  std::string unpacked(PmtilesSection section, const char* what, std::size_t limit_bytes) const;
  Directory directory(PmtilesSection section) const;
  std::shared_ptr<const Directory> leaf(const PmtilesEntry& entry) const;
  void check_sections() const;
  void check_entries(const Directory& directory) const;

  std::filesystem::path m_file;
  base::UniqueDescriptor m_descriptor;
  std::uint64_t m_size = 0;
  PmtilesHeader m_header;
  Directory m_root;
  nlohmann::json m_metadata;
  std::unique_ptr<TileCache<Directory>> m_leaves;
};

}  // namespace ritchi::tiles
