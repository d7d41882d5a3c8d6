#include "geodata/store/seen.hpp"

#include <algorithm>

#include "geodata/catalogue/layer_part.hpp"
#include "geodata/geom/spatialite_blob.hpp"
#include "geodata/store/row_digest.hpp"
#include "geodata/store/row_extras.hpp"
#include "geodata/store/stored_value.hpp"

namespace ritchi::store {
namespace {

// More places than these, and comparing each tile with them would cost more than it spares.
constexpr std::size_t most_differences = 4096;

std::vector<std::string> names_in_tiles(const catalogue::Layer& layer) {
  std::vector<std::string> out{layer.rank};
  for (const auto& attribute : layer.attributes)
    if (attribute.in_tiles) out.push_back(attribute.name);
  return out;
}

// Reads the rows of a file with what one audience has of them, and sums them up as an import sums up those
// that are public.
class Summing {
 public:
  Summing(Seen& seen, const DatasetFile& file)
      : m_seen(seen),
        m_file(file),
        m_stored(catalogue::part_of(file.meta.layer,
                                    [&](const catalogue::Attribute& attribute) {
                                      return seen.visibility.hides(attribute) ||
                                             seen.layer.find(attribute.name) == nullptr;
                                    })),
        m_notes(file.meta.layer, m_stored) {}

  void add(const Statement& row, const Extras& extras, bool at_home) {
    m_values.clear();
    for (const auto& attribute : m_stored.attributes) {
      const Seen::Column& column = m_seen.columns[m_seen.layer.index_of(attribute.name)];
      m_values.push_back(column.only_at_home && !at_home ? ValueView{}
                                                         : stored_value(row, column.at, attribute.type));
    }
    const FeatureView view{row.integer(id_at), row.text(source_id_at), row.integer(synthetic_at) != 0,
                           row.blob(geometry_at), m_values};
    encode_extras(extras, m_extras);
    m_digest.add(view, m_hasher.of(view, m_notes.extras(m_extras)));
  }
  Summary finish() { return m_digest.finish(m_stored, m_file.meta.info, Rows::part); }

 private:
  const Seen& m_seen;
  const DatasetFile& m_file;
  catalogue::Layer m_stored;  // what is seen of it, as the file has it
  RowPart m_notes;
  RowHasher m_hasher;
  RowDigest m_digest;
  std::vector<ValueView> m_values;
  std::string m_extras;
};

void add_difference(std::span<const std::byte> geometry, Seen& seen) {
  if (geometry.empty() || seen.differs_everywhere) return;
  seen.differences.push_back(geom::decode_spatialite_bounds(geometry));
  if (seen.differences.size() <= most_differences) return;
  seen.differs_everywhere = true;
  seen.differences.clear();
}

}  // namespace

Seen::Seen(std::shared_ptr<const DatasetFile> of, Visibility by, const catalogue::Layer& part)
    : file(std::move(of)), visibility(std::move(by)), info(file->meta.info), layer(part) {
  bool masked_in_tiles = false;
  for (const auto& attribute : layer.attributes) {
    const auto at = static_cast<int>(file->declared.index_of(attribute.name));
    columns.push_back({first_attribute_at + at, visibility.is_only_at_home(attribute)});
    masks = masks || columns.back().only_at_home;
    masked_in_tiles = masked_in_tiles || (columns.back().only_at_home && attribute.in_tiles);
  }
  if (masked_in_tiles || names_in_tiles(layer) != names_in_tiles(catalogue::public_part(file->declared)))
    no_tiles = "not everybody sees these attributes";
}

std::unique_ptr<Seen> look_through(const std::shared_ptr<const DatasetFile>& file, Visibility visibility,
                                   const catalogue::Layer& part, std::int64_t& reserved) {
  auto seen = std::make_unique<Seen>(file, std::move(visibility), part);
  const SessionLease session(*file, seen->visibility);
  const bool has_levels = file->stores(disclosure_attribute);
  Statement rows =
      session->connection.prepare("SELECT " + file->columns() + " FROM " + file->table() + " ORDER BY id");
  ExtrasReader extras(session->connection, file->meta.layer);
  Summing summing(*seen, *file);
  reserved = 0;
  while (rows.step()) {
    const std::int64_t id = rows.integer(id_at);
    const std::string_view level = rows.text(file->level_at());
    const std::string_view municipality = rows.text(file->municipality_at());
    const Sight sight = seen->visibility.of_row(id, level, municipality);
    const bool is_prepared = !has_levels || level == public_disclosure;
    if (is_prepared != (sight != Sight::hidden)) add_difference(rows.blob(geometry_at), *seen);
    if (sight == Sight::hidden) continue;
    if (sight == Sight::reserved) ++reserved;
    summing.add(rows, extras.of(id), seen->masks && seen->visibility.is_home(municipality));
  }
  seen->info.open = summing.finish();
  return seen;
}

}  // namespace ritchi::store
