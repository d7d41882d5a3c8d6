#include "geodata/load/dataset_writer.hpp"

#include <span>
#include <utility>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/geom/geodesic.hpp"
#include "geodata/geom/spatialite_blob.hpp"
#include "geodata/load/background.hpp"
#include "geodata/load/spatial_file.hpp"
#include "geodata/load/staging.hpp"
#include "geodata/store/data_folder.hpp"
#include "geodata/store/row_digest.hpp"

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

// An integer in a real column would read back as another type than was written.
Value stored_form(const Value& value, catalogue::AttributeType type) {
  const auto* whole = std::get_if<std::int64_t>(&value);
  if (whole != nullptr && type == catalogue::AttributeType::real) return static_cast<double>(*whole);
  return value;
}

store::ValueView view_of(const Value& value) {
  return std::visit(
      [](const auto& held) -> store::ValueView {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::string>)
          return std::string_view(held);
        else
          return held;
      },
      value);
}

bool valid_partition(const std::string& name) {
  return !name.empty() && name.size() <= 64 &&
         name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") ==
             std::string::npos;
}

// Made-up records in a publisher's format are not that publisher's data, and must not be credited to it.
void disown(store::DatasetInfo& info) {
  info.source_name = "合成データ / synthetic data (format: " + info.source_name + ")";
  info.attribution = "合成データ / synthetic data";
  info.licence = "CC0 1.0";
  info.source_url.clear();
}

}  // namespace

struct DatasetWriter::State {
  fs::path data_folder;
  catalogue::Layer layer;
  Staging staging;
  std::unique_ptr<SpatialFile> file;
  store::RowDigest whole;
  store::RowDigest open;
  store::DatasetInfo info;
  std::string blob;
  geom::Geometry promoted;
  std::vector<Value> values;
  std::vector<store::ValueView> views;
  std::int64_t rows = 0;
  std::int64_t synthetic_rows = 0;
  std::int64_t placed = 0;
  bool single_points = false;
  bool multi_points = false;
  Background<Record> background;  // last, so that its thread ends before what it uses

  State(const fs::path& folder, const catalogue::Layer& declared)
      : data_folder(folder),
        layer(declared),
        staging(folder, declared.id),
        file(std::make_unique<SpatialFile>(staging.file(), declared)),
        background([this](const Record& record) { store_record(record); }) {}

  void store_record(const Record& record) {
    fill_values(record);
    encode(record.geometry);
    insert(record);  // throws without having counted anything
    count(record);
  }

  void fill_values(const Record& record) {
    values.clear();
    for (std::size_t i = 0; i < layer.attributes.size(); ++i) {
      const catalogue::Attribute& attribute = layer.attributes[i];
      values.push_back(attribute.computed == Computed::none
                           ? stored_form(record.values[i], attribute.type)
                           : computed_value(attribute.computed, record.geometry));
    }
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
    for (const Value& value : values) row.bind(parameter++, value);
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
    views.clear();
    for (const Value& value : values) views.push_back(view_of(value));
    const store::FeatureView row{record.id, record.source_id, record.synthetic,
                                 std::as_bytes(std::span(blob)), views};
    whole.add(row);
    if (store::is_open(layer, row)) open.add(row);
    ++rows;
    synthetic_rows += record.synthetic ? 1 : 0;
    if (!record.geometry) return;
    (record.geometry->multi ? multi_points : single_points) = true;
    ++placed;
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
};

DatasetWriter::DatasetWriter(const fs::path& data_folder, const catalogue::Layer& layer)
    : m_state(std::make_unique<State>(data_folder, layer)) {}
DatasetWriter::~DatasetWriter() = default;

void DatasetWriter::add(Record record) {
  if (record.id <= 0 || record.id > largest_id)
    throw Error(ErrorKind::bad_input,
                "the id " + std::to_string(record.id) + " is not between 1 and 2^53 - 1", record.source_id);
  if (record.values.size() != m_state->layer.attributes.size())
    throw Error(ErrorKind::internal, "a record has not the layer's number of values", record.source_id);
  m_state->background.put(std::move(record));
}

Outcome DatasetWriter::publish(store::DatasetInfo info) {
  State& state = *m_state;
  state.background.finish();
  if (!valid_partition(info.partition))
    throw Error(ErrorKind::bad_input, "a partition's name may hold letters, digits, _ and - only",
                info.partition);
  if (state.rows == 0) throw Error(ErrorKind::bad_input, "there is no record to publish", state.layer.id);
  info.layer = state.layer.id;
  state.info = std::move(info);
  if (state.synthetic_rows == state.rows) disown(state.info);
  state.info.whole = state.whole.finish(state.layer, state.info, store::Audience::operators);
  state.info.open = state.open.finish(state.layer, state.info, store::Audience::everybody);

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
