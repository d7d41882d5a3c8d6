// Writes what a supplier has into an archive: in parallel, able to go on after a kill, whole or not at all.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>

#include "geodata/base/interrupt.hpp"
#include "geodata/base/progress.hpp"
#include "tileserver/tiles/staged_tiles.hpp"

namespace ritchi::tiles {

struct ExportRequest {
  std::filesystem::path out;  // *.pmtiles or *.mbtiles
  unsigned threads = 0;       // 0: one per processor
  bool overwrite = false;
};

struct ExportReport {
  std::uint64_t tiles = 0;
  std::uint64_t contents = 0;
  std::uint64_t bytes = 0;  // of the archive
};

// Beside the archive lies the folder <archive>.unfinished until the archive is whole.
class ArchiveExport {
 public:
  // Opens or takes over the unfinished folder. The supplier must outlive it. Throws Error(bad_input) for
  // another ending, Error(conflict) where the archive is there already or is being written, Error(io).
  ArchiveExport(const TileSupplier& supplier, ExportRequest request);

  std::uint64_t taken_over() const { return m_staged.taken_over(); }  // tiles of a run that was ended
  bool replaced_other() const { return m_staged.replaced_other(); }   // such a run had other content

  // Throws Error(io) when interrupted or the disk is full: the next run goes on. Throws Error(not_found) when
  // there is no tile at all.
  ExportReport run(base::Progress& progress, base::InterruptWatch& interrupt);

 private:
  void stage(base::Progress& progress, base::InterruptWatch& interrupt);
  void publish();

  const TileSupplier& m_supplier;
  ExportRequest m_request;
  StagedTiles m_staged;
};

}  // namespace ritchi::tiles
