// Prepares the tiles of a dataset: every zoom, every tile, once, when it is published.
//
// Each row is projected once and cut into the tiles of all zooms; the pieces wait, sorted by tile, in bounded
// memory and a nameless file; then tile by tile is generalised, encoded, compressed and written.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "geodata/catalogue/layer.hpp"
#include "geodata/load/prepared_row.hpp"

namespace ritchi::load {

struct Preparation {
  std::uint64_t tiles = 0;
  std::uint64_t bytes = 0;  // of the file
};

// Takes rows as they come. For layers of which every row can be cut without knowing the others.
class TilePreparer {
 public:
  // Writes to `target`, which must not exist. layer must outlive it.
  TilePreparer(const catalogue::Layer& layer, const std::filesystem::path& target);
  ~TilePreparer();
  TilePreparer(const TilePreparer&) = delete;
  TilePreparer& operator=(const TilePreparer&) = delete;

  // Only rows that everybody may see, each once, by ascending id.
  void add(const PreparedRow& row);
  // tick is called now and then; what it throws ends the work. Throws Error(io) for a full disk, as add does.
  Preparation finish(const std::string& revision, const std::function<void()>& tick = {});

 private:
  friend Preparation prepare_tiles(const std::filesystem::path&, const catalogue::Layer&, const std::string&,
                                   const std::filesystem::path&, const std::function<void()>&);
  struct State;
  explicit TilePreparer(std::unique_ptr<State> state);
  std::unique_ptr<State> m_state;
};

// Whether features share borders that are thinned out together, so that all must be known before one is cut.
bool shares_borders(const catalogue::Layer& layer);

// Reads the finished dataset file and writes `target`, which must not exist. Only rows that everybody may see
// go in. tick is called now and then; what it throws ends the work. Throws Error(io) for a full disk.
Preparation prepare_tiles(const std::filesystem::path& dataset, const catalogue::Layer& layer,
                          const std::string& revision, const std::filesystem::path& target,
                          const std::function<void()>& tick = {});

}  // namespace ritchi::load
