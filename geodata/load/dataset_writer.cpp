#include "geodata/load/dataset_writer.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/geom/geodesic.hpp"
#include "geodata/geom/spatialite_blob.hpp"
#include "geodata/load/spatial_file.hpp"
#include "geodata/load/staging.hpp"
#include "geodata/store/data_folder.hpp"
#include "geodata/store/disclosure.hpp"

namespace ritchi::load {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;
using catalogue::Computed;
using catalogue::LayerGeometry;
using catalogue::Value;

constexpr int stored_srid = 6668;
constexpr std::int64_t largest_id = (std::int64_t{1} << 53) - 1;  // what JavaScript can hold
constexpr double m2_per_ha = 10000.0;

Value computed_value(Computed what, const std::optional<geom::Geometry>& geometry) {
  if (!geometry) return {};
  switch (what) {
    case Computed::area_m2:
      return geom::area_m2(*geometry);
    case Computed::area_ha:
      return geom::area_m2(*geometry) / m2_per_ha;
    case Computed::length_m:
      return geom::length_m(*geometry);
    case Computed::none:
      break;
  }
  return {};
}

// Type and value, so that 1, 1.0, true and "1" differ.
void add_to(base::Sha256& digest, const Value& value) {
  const char kind = static_cast<char>('0' + value.index());
  digest.add({&kind, 1});
  if (const auto* text = std::get_if<std::string>(&value))
    digest.add_field(*text);
  else if (const auto* flag = std::get_if<bool>(&value))
    digest.add(*flag ? "1" : "0");
  else if (const auto* whole = std::get_if<std::int64_t>(&value))
    digest.add({reinterpret_cast<const char*>(whole), sizeof *whole});
  else if (const auto* real = std::get_if<double>(&value))
    digest.add({reinterpret_cast<const char*>(real), sizeof *real});
}

bool valid_partition(const std::string& name) {
  return !name.empty() && name.size() <= 64 &&
         name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") ==
             std::string::npos;
}

}  // namespace

struct DatasetWriter::State {
  fs::path data_folder;
  catalogue::Layer layer;
  Staging staging;
  std::unique_ptr<SpatialFile> file;
  base::Sha256 whole;
  base::Sha256 open;
  std::size_t disclosure;  // index of that attribute, or their number
  store::DatasetInfo info;
  std::string blob;
  geom::Geometry promoted;
  std::vector<Value> computed;
  std::int64_t placed = 0;
  bool single_points = false;
  bool multi_points = false;

  State(const fs::path& folder, const catalogue::Layer& declared)
      : data_folder(folder),
        layer(declared),
        disclosure(declared.index_of(store::disclosure_attribute)),
        staging(folder, declared.id),
        file(std::make_unique<SpatialFile>(staging.file(), declared)) {}

  const Value& value(const Record& record, std::size_t at) const {
    return layer.attributes[at].computed == Computed::none ? record.values[at] : computed[at];
  }

  void fill_computed(const Record& record) {
    computed.assign(layer.attributes.size(), {});
    for (std::size_t i = 0; i < computed.size(); ++i)
      computed[i] = computed_value(layer.attributes[i].computed, record.geometry);
  }

  // Lines and polygons of a layer of one kind are all stored as MULTI…, so that the column has one type.
  void encode(const std::optional<geom::Geometry>& geometry) {
    blob.clear();
    if (!geometry) return;
    const bool promote = layer.geometry == LayerGeometry::line || layer.geometry == LayerGeometry::polygon;
    if (promote && !geometry->multi) {
      promoted = *geometry;
      promoted.multi = true;
      geom::encode_spatialite(promoted, stored_srid, blob);
    } else {
      geom::encode_spatialite(*geometry, stored_srid, blob);
    }
  }

  void insert(const Record& record) {
    store::Statement& row = file->insert();
    row.bind(1, record.id);
    row.bind(2, std::string_view(record.source_id));
    row.bind(3, std::int64_t{record.synthetic ? 1 : 0});
    int parameter = 4;
    for (std::size_t i = 0; i < layer.attributes.size(); ++i) row.bind(parameter++, value(record, i));
    if (blob.empty())
      row.bind_null(parameter);
    else
      row.bind_blob(parameter, blob);
    try {
      row.run();
    } catch (const Error& error) {
      row.reset();
      if (error.kind() != ErrorKind::conflict) throw;
      throw Error(ErrorKind::conflict, "another record has the same id " + std::to_string(record.id),
                  record.source_id, "ids must be unique in a source");
    }
  }

  void count(const Record& record) {
    add_row(whole, info.whole, record);
    if (is_open(record)) add_row(open, info.open, record);
    if (!record.geometry) return;
    (record.geometry->multi ? multi_points : single_points) = true;
    ++placed;
  }

  // In a layer that knows disclosure, only what is expressly public is open.
  bool is_open(const Record& record) const {
    if (disclosure == layer.attributes.size()) return true;
    const auto* level = std::get_if<std::string>(&record.values[disclosure]);
    return level != nullptr && *level == store::public_disclosure;
  }

  void add_row(base::Sha256& digest, store::Summary& summary, const Record& record) {
    digest.add_field(std::to_string(record.id));
    digest.add_field(record.source_id);
    digest.add(record.synthetic ? "1" : "0");
    for (std::size_t i = 0; i < layer.attributes.size(); ++i) add_to(digest, value(record, i));
    digest.add_field(blob);
    ++summary.rows;
    summary.synthetic_rows += record.synthetic ? 1 : 0;
    if (record.geometry) summary.extent.add(record.geometry->bounds());
  }

  std::string geometry_type() const {
    switch (layer.geometry) {
      case LayerGeometry::line:
        return "MULTILINESTRING";
      case LayerGeometry::polygon:
        return "MULTIPOLYGON";
      case LayerGeometry::point:
        if (!multi_points) return "POINT";
        return single_points ? "GEOMETRY" : "MULTIPOINT";
      case LayerGeometry::any:
        break;
    }
    return "GEOMETRY";
  }

  // What concerns the rows alone must not reveal other rows: the sources' digest and the rejects are of the
  // whole.
  std::string revision_of(base::Sha256& digest, bool of_whole) const {
    digest.add_field(catalogue::to_json(layer).dump());
    for (const std::string* field : {&info.layer, &info.partition, &info.profile, &info.as_of,
                                     &info.source_name, &info.source_url, &info.licence, &info.attribution})
      digest.add_field(*field);
    digest.add_field(std::to_string(store::layout_version));
    if (of_whole) {
      digest.add_field(info.input_sha256);
      digest.add_field(info.import_options);
      digest.add_field(std::to_string(info.rejected));
    }
    return digest.hex().substr(0, 32);
  }
};

DatasetWriter::DatasetWriter(const fs::path& data_folder, const catalogue::Layer& layer)
    : m_state(std::make_unique<State>(data_folder, layer)) {}
DatasetWriter::~DatasetWriter() = default;

void DatasetWriter::add(const Record& record) {
  State& state = *m_state;
  if (record.id <= 0 || record.id > largest_id)
    throw Error(ErrorKind::bad_input,
                "the id " + std::to_string(record.id) + " is not between 1 and 2^53 - 1", record.source_id);
  if (record.values.size() != state.layer.attributes.size())
    throw Error(ErrorKind::internal, "a record has not the layer's number of values", record.source_id);

  state.fill_computed(record);
  state.encode(record.geometry);
  state.insert(record);  // throws without having counted anything
  state.count(record);
}

Outcome DatasetWriter::publish(store::DatasetInfo info) {
  State& state = *m_state;
  if (!valid_partition(info.partition))
    throw Error(ErrorKind::bad_input, "a partition's name may hold letters, digits, _ and - only",
                info.partition);
  if (state.info.whole.rows == 0)
    throw Error(ErrorKind::bad_input, "there is no record to publish", state.layer.id);
  info.layer = state.layer.id;
  info.whole = state.info.whole;
  info.open = state.info.open;
  state.info = std::move(info);
  state.info.whole.revision = state.revision_of(state.whole, true);
  state.info.open.revision = state.revision_of(state.open, false);

  const auto published = store::find_published(state.data_folder, state.layer.id);
  for (const store::DatasetInfo& other : published) {
    if (other.partition == state.info.partition && other.whole.revision == state.info.whole.revision)
      return Outcome::unchanged;
    if (other.partition != state.info.partition &&
        (other.partition == "all" || state.info.partition == "all"))
      throw Error(ErrorKind::conflict,
                  "the layer " + state.layer.id + " is published as partition '" + other.partition + "'; '" +
                      state.info.partition + "' beside it would show features twice",
                  state.data_folder.string(),
                  "name a partition with --partition, or remove the other dataset");
  }
  state.file->finish(state.geometry_type(), state.placed, {state.info, state.layer});
  state.file.reset();
  state.staging.publish_as(store::dataset_file(state.data_folder, state.layer.id, state.info.partition));
  return Outcome::published;
}

const store::DatasetInfo& DatasetWriter::info() const {
  return m_state->info;
}

std::int64_t stable_id(std::string_view layer, std::string_view source_id) noexcept {
  constexpr std::uint64_t mask = (std::uint64_t{1} << 52) - 1;
  const std::uint64_t seed = base::fnv1a_64(layer);
  const std::uint64_t hash = base::fnv1a_64(source_id, base::fnv1a_64("\n", seed));
  const auto id = static_cast<std::int64_t>((hash ^ (hash >> 52U)) & mask);
  return id == 0 ? 1 : id;
}

}  // namespace ritchi::load
