#include "geodata/store/integrity.hpp"

#include "geodata/base/descriptor.hpp"
#include "geodata/base/error.hpp"
#include "geodata/catalogue/layer_part.hpp"
#include "geodata/geom/spatialite_blob.hpp"
#include "geodata/store/dataset.hpp"
#include "geodata/store/dataset_meta.hpp"
#include "geodata/store/row_digest.hpp"
#include "geodata/store/row_extras.hpp"

namespace ritchi::store {
namespace {

void check_structure(const std::filesystem::path& file, std::vector<std::string>& problems) {
  const base::UniqueDescriptor descriptor = base::open_for_reading(file);
  const Connection connection = Connection::open_immutable(descriptor.get(), file.string());
  Statement check = connection.prepare("PRAGMA integrity_check(5)");
  while (check.step())
    if (check.text(0) != "ok") problems.emplace_back("structure: " + std::string(check.text(0)));

  const DatasetMeta meta = read_meta(connection, file.string());
  const std::string table = sql_name(meta.info.layer);
  const std::string index = sql_name("idx_" + meta.info.layer + "_geom");
  Statement missing =
      connection.prepare("SELECT count(*) FROM " + table +
                         " WHERE geom IS NOT NULL AND id NOT IN (SELECT pkid FROM " + index + ")");
  missing.step();
  if (missing.integer(0) != 0)
    problems.push_back("the spatial index lacks " + std::to_string(missing.integer(0)) + " features");
}

// Rows that belong to no feature are in no digest.
void check_extras(const Connection& connection, const catalogue::Layer& layer,
                  std::vector<std::string>& problems) {
  std::vector<std::string> tables{notes_table};
  for (const auto& child : layer.children) tables.push_back(child_table(layer, child));
  for (const auto& table : tables) {
    Statement stray =
        connection.prepare("SELECT count(*) FROM " + sql_name(table) +
                           " WHERE feature_id NOT IN (SELECT id FROM " + sql_name(layer.id) + ")");
    stray.step();
    if (stray.integer(0) != 0)
      problems.push_back("table " + table + " has " + std::to_string(stray.integer(0)) +
                         " rows that belong to no feature");
  }
}

void compare(const Summary& stored, const Summary& found, const std::string& which,
             std::vector<std::string>& problems) {
  if (stored.rows != found.rows)
    problems.push_back("holds " + std::to_string(found.rows) + " " + which + " rows, not the " +
                       std::to_string(stored.rows) + " that were published");
  else if (!(stored == found))
    problems.push_back("the " + which + " rows are not those that were published: their digest differs");
}

void check_content(const std::filesystem::path& file, std::vector<std::string>& problems) {
  const auto dataset = Dataset::open(file, nullptr);
  const base::UniqueDescriptor descriptor = base::open_for_reading(file);
  const Connection connection = Connection::open_immutable(descriptor.get(), file.string());
  check_extras(connection, dataset->layer(), problems);
  ExtrasReader extras(connection, dataset->layer());
  std::string encoded;
  RowHasher hasher;
  RowPart part(dataset->layer(), catalogue::public_part(dataset->layer()));
  RowDigest whole;
  RowDigest open;
  geom::Geometry geometry;
  dataset->page(0, INT64_MAX, base::Deadline::never(), [&](const FeatureView& row) {
    encode_extras(extras.of(row.id), encoded);
    const RowHash hash = hasher.of(row, encoded);
    whole.add(row, hash);
    if (is_open(dataset->layer(), row)) open.add(row, part.is_whole() ? hash : part.hash(row, encoded));
    if (!row.geometry.empty()) geom::decode_spatialite(row.geometry, geometry);
  });
  const DatasetInfo& info = dataset->info();
  compare(info.whole, whole.finish(dataset->layer(), info, Rows::whole), "stored", problems);
  compare(info.open, open.finish(part.layer(), info, Rows::part), "public", problems);
}

}  // namespace

std::vector<std::string> check_dataset(const std::filesystem::path& file) {
  std::vector<std::string> problems;
  try {
    check_structure(file, problems);
    check_content(file, problems);
  } catch (const base::Error& error) {
    problems.emplace_back(error.what());
  }
  return problems;
}

}  // namespace ritchi::store
