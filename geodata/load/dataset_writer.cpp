#include "geodata/load/dataset_writer.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/catalogue/layer_part.hpp"
#include "geodata/geom/spatialite_blob.hpp"
#include "geodata/load/background.hpp"
#include "geodata/load/change_log.hpp"
#include "geodata/load/published_rows.hpp"
#include "geodata/load/row_preparer.hpp"
#include "geodata/load/shared_tiles.hpp"
#include "geodata/load/spatial_file.hpp"
#include "geodata/load/staging.hpp"
#include "geodata/load/stale_tiles.hpp"
#include "geodata/load/tile_preparer.hpp"
#include "geodata/store/data_folder.hpp"
#include "geodata/store/tile_file.hpp"

namespace ritchi::load {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;
using catalogue::LayerGeometry;

constexpr std::int64_t largest_id = (std::int64_t{1} << 53) - 1;  // what JavaScript can hold
constexpr std::size_t sort_memory = 40U << 20;

bool valid_partition(const std::string& name) {
  return !name.empty() && name.size() <= 64 && name != store::shared_partition &&
         name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") ==
             std::string::npos;
}

// Made-up records in a publisher's format are not that publisher's data, and must not be credited to it.
void disown(store::DatasetInfo& info) {
  static const std::string invented = "合成データ / synthetic data";
  if (info.attribution == invented) return;
  info.source_name = invented + " (format: " + info.source_name + ")";
  info.attribution = invented;
  info.licence = "CC0 1.0";
  info.source_url.clear();
}

// Twice beside each other would show features twice.
void check_partitions(const std::vector<store::DatasetInfo>& published, const store::DatasetInfo& info,
                      const fs::path& data_folder) {
  for (const auto& other : published)
    if (other.partition != info.partition && (other.partition == "all" || info.partition == "all"))
      throw Error(ErrorKind::conflict,
                  "the layer " + info.layer + " is published as partition '" + other.partition + "'; '" +
                      info.partition + "' beside it would show features twice",
                  data_folder.string(), "name a partition with --partition, or remove the other dataset");
}

// The rows that wait, by id.
class SortedRows {
 public:
  explicit SortedRows(ExternalSort& rows) : m_rows(rows) { m_rows.rewind(); }
  // Steps to the next id; a row that has the same id as the one before is added to `repeated` instead.
  bool next(std::vector<RepeatedId>& repeated) {
    std::uint64_t id = 0;
    std::string_view bytes;
    while (m_rows.next(id, bytes)) {
      const auto signed_id = static_cast<std::int64_t>(id);
      PreparedRow row = decode_row(signed_id, bytes, m_values);
      if (signed_id != m_last) {
        m_last = signed_id;
        m_key = row.feature.source_id;
        m_row = row;
        return true;
      }
      note(row, repeated);
    }
    return false;
  }
  const PreparedRow& row() const { return m_row; }

 private:
  void note(const PreparedRow& row, std::vector<RepeatedId>& repeated) const {
    if (repeated.empty() || repeated.back().id != m_last) repeated.push_back({m_last, m_key, false});
    if (row.feature.source_id == repeated.back().keeper) repeated.back().same_key = true;
    // Of different keys the first in order has the id, so that the order of the source does not matter.
    if (row.feature.source_id < repeated.back().keeper) repeated.back().keeper = row.feature.source_id;
  }

  ExternalSort& m_rows;
  std::vector<store::ValueView> m_values;
  std::int64_t m_last = -1;
  std::string m_key;
  PreparedRow m_row;
};

}  // namespace

struct DatasetWriter::State {
  fs::path data_folder;
  catalogue::Layer layer;
  std::optional<Staging> staging;
  ExternalSort sorted;
  RowPreparer preparer;
  std::unique_ptr<SpatialFile> file;
  std::unique_ptr<PackedIndex> index;
  std::unique_ptr<TilePreparer> tiles;    // where they can be prepared while the rows are written
  std::optional<store::DatasetInfo> old;  // of the dataset that this one takes the place of
  std::unique_ptr<PublishedRows> before;
  std::unique_ptr<ChangeLog> log;
  store::RowDigest whole;
  store::RowDigest open;
  store::RowPart open_part;  // what everybody may see of a row
  store::DatasetInfo info;
  store::ChangeSummary changes;
  std::vector<RepeatedId> repeated;
  std::int64_t rows = 0;
  std::int64_t synthetic_rows = 0;
  std::set<int> types;            // of the stored shapes, as OGC numbers them
  Background<Record> background;  // last, so that its thread ends before what it uses

  State(const fs::path& folder, const catalogue::Layer& declared, Purpose purpose)
      : data_folder(folder),
        layer(declared),
        staging(purpose == Purpose::publish ? std::optional<Staging>(std::in_place, folder, declared.id)
                                            : std::nullopt),
        sorted(staging ? staging->folder() : fs::temp_directory_path(), sort_memory),
        preparer(layer),
        open_part(layer, catalogue::public_part(layer)),
        background([this](const Record& record) {
          sorted.add(static_cast<std::uint64_t>(record.id), preparer.prepare(record));
        }) {}

  void store_row(const PreparedRow& row) {
    const auto& feature = row.feature;
    ++rows;
    synthetic_rows += feature.synthetic ? 1 : 0;
    whole.add(feature, row.hash);
    if (store::is_open(layer, feature)) {
      open.add(feature, open_part.is_whole() ? row.hash : open_part.hash(feature, row.extras));
      if (tiles) tiles->add(row);
    }
    if (!feature.geometry.empty()) {
      types.insert(geom::decode_spatialite_type(feature.geometry));
      index->add(feature.id, geom::decode_spatialite_bounds(feature.geometry));
    }
    file->add(feature, store::decode_extras(row.extras));
  }

  // Rows that no new one has the id of.
  void only_before(const PreparedRow& row, Apply apply) {
    if (apply == Apply::update)
      store_row(row);
    else
      log->removed(row);
  }

  void only_new(const PreparedRow& row) {
    if (row.deleted) return;  // it is not there any more
    if (log) log->inserted(row);
    store_row(row);
  }

  void both(const PreparedRow& was, const PreparedRow& row, Apply apply) {
    if (apply == Apply::update && was.feature.source_id != row.feature.source_id)
      throw Error(ErrorKind::conflict,
                  "the keys '" + std::string(was.feature.source_id) + "' and '" +
                      std::string(row.feature.source_id) + "' have one id",
                  layer.id, "import the whole source again, without --update");
    if (row.deleted) {
      log->removed(was);
      return;
    }
    if (was.hash != row.hash) log->changed(was, row);
    store_row(row);
  }

  // A damaged file may be replaced, but not be updated; then it is not known what changes.
  bool next_before(Apply apply) {
    try {
      if (!before && log)
        before = std::make_unique<PublishedRows>(store::dataset_file(data_folder, layer.id, info.partition));
      return before && before->next();
    } catch (const Error& error) {
      if (apply == Apply::update || error.kind() != ErrorKind::damaged) throw;
      before.reset();
      log.reset();
      return false;
    }
  }

  // Both by id: what is published and what is new, side by side.
  void write_rows(Apply apply, const Tick& tick) {
    SortedRows fresh(sorted);
    bool has_new = fresh.next(repeated);
    bool has_old = next_before(apply);
    while ((has_new || has_old) && repeated.empty()) {
      if (tick && rows % 256 == 0) tick(rows);
      const bool take_old = has_old && (!has_new || before->row().feature.id <= fresh.row().feature.id);
      const bool take_new = has_new && (!has_old || fresh.row().feature.id <= before->row().feature.id);
      if (take_old && take_new)
        both(before->row(), fresh.row(), apply);
      else if (take_old)
        only_before(before->row(), apply);
      else
        only_new(fresh.row());
      if (take_old) has_old = next_before(apply);
      if (take_new) has_new = fresh.next(repeated);
    }
    // One repeated id makes all that was written useless; the others are wanted at once.
    while (!repeated.empty() && fresh.next(repeated)) continue;
  }

  // What the layer declares where it has one kind, and otherwise what is there: QGIS shows no column of mixed
  // types as a layer of its own.
  int geometry_type() const {
    constexpr int any = 0, point = 1, multi_line = 5, multi_polygon = 6;
    switch (layer.geometry) {
      case LayerGeometry::line:
        return multi_line;
      case LayerGeometry::polygon:
        return multi_polygon;
      case LayerGeometry::point:
        if (types.empty()) return point;
        break;
      case LayerGeometry::any:
        break;
    }
    return types.size() == 1 ? *types.begin() : any;
  }

  // An update has the provenance of what it changes, and tells what it was made from.
  void continue_from() {
    if (old->profile != info.profile)
      throw Error(
          ErrorKind::conflict,
          "the published dataset was made by profile '" + old->profile + "', not '" + info.profile + "'",
          layer.id, "import the whole source, without --update");
    before = std::make_unique<PublishedRows>(store::dataset_file(data_folder, layer.id, info.partition));
    if (store::layer_text(before->dataset().layer()) != store::layer_text(layer))
      throw Error(ErrorKind::conflict, "the layer's declaration has changed since the dataset was made",
                  layer.id, "import the whole source again, without --update");
    base::Sha256 chain;
    chain.add_field(old->input_sha256);
    chain.add_field(info.input_sha256);
    info.input_sha256 = chain.hex();
    auto options = nlohmann::json::parse(info.import_options.empty() ? "{}" : info.import_options);
    options["update_of"] = old->whole.revision;
    info.import_options = options.dump();
    if (info.as_of.empty()) info.as_of = old->as_of;
    std::vector<std::string> covers;
    std::set_union(old->covers.begin(), old->covers.end(), info.covers.begin(), info.covers.end(),
                   std::back_inserter(covers));
    info.covers = std::move(covers);
  }

  void open_before(const std::vector<store::DatasetInfo>& published, Apply apply) {
    for (const auto& other : published)
      if (other.partition == info.partition) old = other;
    if (!old) {
      if (apply == Apply::replace) return;
      throw Error(ErrorKind::not_found,
                  "nothing is published as partition '" + info.partition + "' that could be updated",
                  layer.id, "import it first without --update, or name the partition with --partition");
    }
    log = std::make_unique<ChangeLog>(staging->companion());
    if (apply == Apply::update) continue_from();
  }

  // The tiles first: a dataset that has its name has them.
  void publish_files(const Tick& tick) {
    const fs::path target = store::dataset_file(data_folder, layer.id, info.partition);
    const fs::path tile_file = store::tile_file(target, info.whole.revision);
    const auto on_tick = [&] {
      if (tick) tick(rows);
    };
    if (tiles)
      tiles->finish(info.whole.revision, on_tick);
    else
      prepare_tiles(staging->file(), layer, info.whole.revision, staging->tiles(), on_tick);
    tiles.reset();
    // What is published meanwhile must not be missed by the tiles that all partitions have together.
    const auto alone = staging->lock_publishing();
    Together together = Together::published(staging->folder(), info.partition);
    together.add(info, staging->tiles());
    publish_shared_tiles(together, layer, Taking::over, *staging);
    staging->publish_tiles_as(tile_file);
    staging->publish_as(target);
    remove_stale_tiles(staging->folder());
  }

  // An import that was killed may have left tiles of a revision that never came.
  void tidy() const {
    const auto alone = staging->lock_publishing();
    remove_stale_tiles(staging->folder());
  }

  bool nothing_changed(Apply apply) const {
    if (!old) return false;
    if (old->whole.revision == info.whole.revision) return true;
    return apply == Apply::update && changes.inserted + changes.changed + changes.removed == 0 &&
           old->as_of == info.as_of && old->covers == info.covers;
  }
};

DatasetWriter::DatasetWriter(const fs::path& data_folder, const catalogue::Layer& layer, Purpose purpose)
    : m_state(std::make_unique<State>(data_folder, layer, purpose)) {}
DatasetWriter::~DatasetWriter() = default;

void DatasetWriter::add(Record record) {
  if (record.id <= 0 || record.id > largest_id)
    throw Error(ErrorKind::bad_input,
                "the id " + std::to_string(record.id) + " is not between 1 and 2^53 - 1", record.source_id);
  if (!record.deleted && record.values.size() != m_state->layer.attributes.size())
    throw Error(ErrorKind::internal, "a record has not the layer's number of values", record.source_id);
  m_state->background.put(std::move(record));
}

Outcome DatasetWriter::publish(store::DatasetInfo info, Apply apply, const Tick& tick) {
  State& state = *m_state;
  state.background.finish();
  state.info = std::move(info);
  state.info.layer = state.layer.id;
  if (!state.staging) {
    SortedRows rows(state.sorted);
    while (rows.next(state.repeated)) continue;
    return state.repeated.empty() ? Outcome::checked : Outcome::repeated;
  }
  if (!valid_partition(state.info.partition))
    throw Error(ErrorKind::bad_input,
                "a partition's name may hold letters, digits, _ and - only, and is not 'shared'",
                state.info.partition);
  const auto published = store::find_published(state.data_folder, state.layer.id);
  check_partitions(published, state.info, state.data_folder);
  state.open_before(published, apply);
  state.file = std::make_unique<SpatialFile>(state.staging->file(), state.layer);
  state.index = std::make_unique<PackedIndex>(state.staging->folder());
  if (!shares_borders(state.layer))
    state.tiles = std::make_unique<TilePreparer>(state.layer, state.staging->tiles());
  state.write_rows(apply, tick);
  if (!state.repeated.empty()) return Outcome::repeated;
  if (state.rows == 0) throw Error(ErrorKind::bad_input, "there is no record to publish", state.layer.id);

  if (state.synthetic_rows == state.rows) disown(state.info);
  state.info.whole = state.whole.finish(state.layer, state.info, store::Rows::whole);
  state.info.open = state.open.finish(state.open_part.layer(), state.info, store::Rows::part);
  if (state.log) state.changes = state.log->summary();
  if (state.nothing_changed(apply)) {
    state.info = *state.old;
    state.tidy();
    return Outcome::unchanged;
  }
  state.file->finish(state.geometry_type(), *state.index, {state.info, state.layer});
  state.file.reset();
  if (tick) tick(state.rows);
  if (state.log) {
    state.log->publish(state.data_folder, state.layer.id, state.info.partition, state.old->whole.revision,
                       state.info.whole.revision);
    state.changes = state.log->summary();
  }
  state.publish_files(tick);
  return Outcome::published;
}

const store::DatasetInfo& DatasetWriter::info() const {
  return m_state->info;
}
const std::optional<store::DatasetInfo>& DatasetWriter::before() const {
  return m_state->old;
}
const std::vector<RepeatedId>& DatasetWriter::repeated_ids() const {
  return m_state->repeated;
}
const store::ChangeSummary& DatasetWriter::changes() const {
  return m_state->changes;
}

std::int64_t stable_id(std::string_view layer, std::string_view source_id) noexcept {
  constexpr std::uint64_t mask = (std::uint64_t{1} << 52) - 1;
  const std::uint64_t seed = base::fnv1a_64(layer);
  const std::uint64_t hash = base::fnv1a_64(source_id, base::fnv1a_64("\n", seed));
  const auto id = static_cast<std::int64_t>((hash ^ (hash >> 52U)) & mask);
  return id == 0 ? 1 : id;
}

}  // namespace ritchi::load
