// Writes one dataset: an immutable SpatiaLite file for one layer and partition, published by one atomic
// rename.
//
// Records wait, sorted by id, in bounded memory and a nameless file beside the target, until all are known:
// so ids given twice are found, rows are written one behind the other, and memory does not grow with them.
//
// Layout: DATA/<layer>/<partition>.sqlite. While it is written the file is DATA/<layer>/.import-<pid>-….tmp;
// a writer first removes such files left by processes that have died.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "geodata/catalogue/value.hpp"
#include "geodata/geom/geometry.hpp"
#include "geodata/store/changes.hpp"
#include "geodata/store/dataset_info.hpp"
#include "geodata/store/row_extras.hpp"

namespace ritchi::load {

using store::Note;

// One validated feature. Geometry is EPSG:6668 (longitude, latitude); none where the place is not known.
struct Record {
  std::int64_t id = 0;  // 0 < id < 2^53, unique in the dataset
  std::string source_id;
  bool synthetic = false;
  std::optional<geom::Geometry> geometry;
  std::vector<catalogue::Value> values;  // in the order of layer.attributes; computed ones are filled here
  std::vector<std::vector<store::ChildRow>> children{};  // by layer.children; empty = none
  std::vector<Note> notes{};
  bool deleted =
      false;  // in an update: takes the record of this key away; all else but id and key is ignored
};

enum class Purpose { publish, check };  // check: find what is wrong, write no dataset

// replace: the records are the whole dataset. update: they are put in, change or take away records of the
// published one.
enum class Apply { replace, update };

enum class Outcome {
  published,
  unchanged,
  checked,  // Purpose::check, and nothing was wrong
  repeated  // an id occurs more than once: see repeated_ids(); nothing was published
};

struct RepeatedId {
  std::int64_t id = 0;
  std::string keeper;     // the key that has it by rights
  bool same_key = false;  // it occurs twice; otherwise another key has the same hash
};

class DatasetWriter {
 public:
  // Throws Error(io) where the folder cannot be written.
  DatasetWriter(const std::filesystem::path& data_folder, const catalogue::Layer& layer,
                Purpose purpose = Purpose::publish);
  ~DatasetWriter();  // without publish(): nothing is left
  DatasetWriter(const DatasetWriter&) = delete;
  DatasetWriter& operator=(const DatasetWriter&) = delete;

  // Records are prepared by a thread of the writer's own: Error(io) for a full disk comes from a later add()
  // or from publish(), and nothing can be published then.
  void add(Record record);

  // Builds the file, verifies, syncs and renames; where it takes the place of another revision, the list of
  // changes is kept too (see store/changes.hpp). `info` supplies provenance; counts, extent and layer are
  // filled here. The revision is a digest of the content, so equal input gives an equal file; when the
  // published file already has that revision, nothing is written (unchanged). May be called once.
  // Throws Error(not_found) where there is nothing to update, Error(conflict) where it is of another profile
  // or an older declaration of the layer.
  // tick: called now and then with the number of rows written so far; what it throws ends the work, and
  // nothing is left.
  using Tick = std::function<void(std::int64_t)>;
  Outcome publish(store::DatasetInfo info, Apply apply = Apply::replace, const Tick& tick = {});
  // What publish() stored.
  const store::DatasetInfo& info() const;
  const std::vector<RepeatedId>& repeated_ids() const;
  // What was published as this partition before publish(); none: nothing, or it could not be read.
  const std::optional<store::DatasetInfo>& before() const;
  // What publish() changed in the published dataset; empty `from` where there was none.
  const store::ChangeSummary& changes() const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

// A stable id for a source key: 52 bits of a hash of layer and key, never 0.
std::int64_t stable_id(std::string_view layer, std::string_view source_id) noexcept;

}  // namespace ritchi::load
