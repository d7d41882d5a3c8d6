#include "tileserver/tiles/archive_export.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <system_error>
#include <thread>

#include "geodata/base/error.hpp"
#include "tileserver/tiles/mbtiles_writer.hpp"
#include "tileserver/tiles/ordered_tiles.hpp"
#include "tileserver/tiles/pmtiles_writer.hpp"

namespace ritchi::tiles {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;

constexpr base::ProgressPhase phase_counting{"counting tiles", "タイルの数え上げ"};
constexpr base::ProgressPhase phase_making{"making tiles", "タイルの作成"};
constexpr base::ProgressPhase phase_writing{"writing the archive", "アーカイブの書き出し"};
constexpr const char* if_interrupted = "the same command goes on where it stopped";

fs::path staging_folder(const ExportRequest& request) {
  const fs::path ending = request.out.extension();
  if (ending != ".pmtiles" && ending != ".mbtiles")
    throw Error(ErrorKind::bad_input, "'" + request.out.string() + "' ends in neither .pmtiles nor .mbtiles",
                "--out", "name the archive X.pmtiles or X.mbtiles");
  std::error_code failed;
  if (fs::is_directory(request.out, failed))
    throw Error(ErrorKind::conflict, "is a folder", request.out.string(), "choose another name");
  if (!request.overwrite && fs::exists(fs::symlink_status(request.out, failed)))
    throw Error(ErrorKind::conflict, "is there already", request.out.string(),
                "choose another name, or overwrite it with --force");
  return request.out.string() + ".unfinished";
}

std::uint64_t count(const TileSupplier& supplier, std::uint64_t from, base::InterruptWatch& interrupt) {
  std::uint64_t out = 0;
  for (const auto numbers = supplier.numbers(from); numbers->next(); ++out)
    if (out % 1024 == 0) interrupt.check(if_interrupted);
  return out;
}

void write_pmtiles_archive(const StagedTiles& tiles, const TileSetInfo& info, const fs::path& file,
                           const std::function<void()>& check) {
  write_pmtiles(tiles, info, file, check);
}

}  // namespace

ArchiveExport::ArchiveExport(const TileSupplier& supplier, ExportRequest request)
    : m_supplier(supplier),
      m_request(std::move(request)),
      m_staged(staging_folder(m_request), supplier.digest()) {
  if (m_request.threads == 0) m_request.threads = std::max(1U, std::thread::hardware_concurrency());
}

void ArchiveExport::stage(base::Progress& progress, base::InterruptWatch& interrupt) {
  const std::uint64_t from = m_staged.next_number();
  const bool is_shown = progress.mode() != base::Progress::Mode::none;
  std::optional<std::uint64_t> expected;
  if (is_shown) {
    progress.phase(phase_counting);
    expected = count(m_supplier, from, interrupt);
    progress.phase(phase_making);
  }
  OrderedTiles tiles(m_supplier, from, m_request.threads);
  std::uint64_t done = 0;
  while (const auto made = tiles.next()) {
    if (made->tile.gzip && !made->tile.gzip->empty()) m_staged.add(made->number, made->tile);
    progress.tick(++done, expected);
    interrupt.check(if_interrupted);
  }
  m_staged.flush();
}

void ArchiveExport::publish() {
  const fs::path file = m_staged.archive_file();
  base::sync_to_disk(file);
  std::error_code failed;
  fs::rename(file, m_request.out, failed);
  if (failed) throw Error(ErrorKind::io, "cannot be written: " + failed.message(), m_request.out.string());
  const fs::path folder = m_request.out.parent_path();
  base::sync_to_disk(folder.empty() ? fs::path(".") : folder);
}

ExportReport ArchiveExport::run(base::Progress& progress, base::InterruptWatch& interrupt) {
  try {
    stage(progress, interrupt);
  } catch (...) {
    // What is in memory is whole as well; a full disk must not hide what went wrong first.
    try {
      m_staged.flush();
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): the first error is the one to tell
    }
    throw;
  }
  if (m_staged.tiles() == 0) {
    m_staged.remove();
    throw Error(ErrorKind::not_found, "there is no tile at these zooms: nothing was written", "--zoom",
                "`ritchi layers` lists what is published");
  }
  progress.phase(phase_writing);
  const auto check = [&] { interrupt.check(if_interrupted); };
  const auto write = m_request.out.extension() == ".pmtiles" ? write_pmtiles_archive : write_mbtiles;
  write(m_staged, m_supplier.info(), m_staged.archive_file(), check);
  publish();
  progress.finish();
  ExportReport out{m_staged.tiles(), m_staged.contents(), fs::file_size(m_request.out)};
  m_staged.remove();
  return out;
}

}  // namespace ritchi::tiles
