// Writes one dataset: an immutable SpatiaLite file for one layer and partition, published by one atomic
// rename.
//
// Layout: DATA/<layer>/<partition>.sqlite. While it is written the file is DATA/<layer>/.import-<pid>-….tmp;
// a writer first removes such files left by processes that have died.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "geodata/catalogue/value.hpp"
#include "geodata/geom/geometry.hpp"
#include "geodata/store/dataset_info.hpp"

namespace ritchi::load {

// What an import changed or found worth telling about one feature, kept with it: a shape that was repaired, a
// code that has a successor, an area that is not the shape's. Stored in table ritchi_notes.
struct Note {
  std::string kind;    // a word for programs: shape_repaired, code_replaced, area_differs, …
  std::string field;   // the attribute, or "geometry"
  std::string before;  // as the source has it, with its unit
  std::string after;   // as it is stored, or what it was compared with
  friend auto operator<=>(const Note&, const Note&) = default;
};

// One validated feature. Geometry is EPSG:6668 (longitude, latitude); none where the place is not known.
struct Record {
  std::int64_t id = 0;  // 0 < id < 2^53, unique in the dataset
  std::string source_id;
  bool synthetic = false;
  std::optional<geom::Geometry> geometry;
  std::vector<catalogue::Value> values;  // in the order of layer.attributes; computed ones are filled here
  // Rows of each of layer.children, in its order, each with the values of its attributes; empty = none.
  std::vector<std::vector<std::vector<catalogue::Value>>> children{};
  std::vector<Note> notes{};
};

enum class Outcome { published, unchanged };

class DatasetWriter {
 public:
  // Throws Error(io) where the folder cannot be written.
  DatasetWriter(const std::filesystem::path& data_folder, const catalogue::Layer& layer);
  ~DatasetWriter();  // without publish(): nothing is left
  DatasetWriter(const DatasetWriter&) = delete;
  DatasetWriter& operator=(const DatasetWriter&) = delete;

  // Records are written by a thread of the writer's own: Error(conflict) for an id that is there already and
  // Error(io) for a full disk come from a later add() or from publish(), and nothing can be published then.
  void add(Record record);

  // Builds indexes, verifies, syncs and renames. `info` supplies provenance; counts, extent and layer are
  // filled here. The revision is a digest of the content, so equal input gives an equal file; when the
  // published file already has that revision, nothing is written (unchanged).
  Outcome publish(store::DatasetInfo info);
  // What publish() stored.
  const store::DatasetInfo& info() const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

// A stable id for a source key: 52 bits of a hash of layer and key, never 0.
std::int64_t stable_id(std::string_view layer, std::string_view source_id) noexcept;

}  // namespace ritchi::load
