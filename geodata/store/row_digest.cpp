#include "geodata/store/row_digest.hpp"

#include <utility>

#include "geodata/geom/spatialite_blob.hpp"
#include "geodata/store/dataset_meta.hpp"
#include "geodata/store/disclosure.hpp"
#include "geodata/store/row_extras.hpp"

namespace ritchi::store {
namespace {

std::string_view bytes_of(const auto& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

// Type and value, so that 1, 1.0, true and "1" differ.
void add_value(base::Sha256& digest, const ValueView& value) {
  const char kind = static_cast<char>('0' + value.index());
  digest.add({&kind, 1});
  if (const auto* text = std::get_if<std::string_view>(&value))
    digest.add_field(*text);
  else if (const auto* flag = std::get_if<bool>(&value))
    digest.add(*flag ? "1" : "0");
  else if (const auto* whole = std::get_if<std::int64_t>(&value))
    digest.add(bytes_of(*whole));
  else if (const auto* real = std::get_if<double>(&value))
    digest.add(bytes_of(*real));
}

}  // namespace

RowHash RowHasher::of(const FeatureView& row, std::string_view extras) {
  m_digest.add(bytes_of(row.id));
  m_digest.add_field(row.source_id);
  m_digest.add(row.synthetic ? "1" : "0");
  for (const ValueView& value : row.values) add_value(m_digest, value);
  m_digest.add_field({reinterpret_cast<const char*>(row.geometry.data()), row.geometry.size()});
  if (!extras.empty()) m_digest.add_field(extras);
  return m_digest.words();
}

void RowDigest::add(const FeatureView& row, const RowHash& hash) {
  for (std::size_t i = 0; i < hash.size(); ++i) m_sum[i] += hash[i];
  ++m_summary.rows;
  m_summary.synthetic_rows += row.synthetic ? 1 : 0;
  if (!row.geometry.empty()) m_summary.extent.add(geom::decode_spatialite_bounds(row.geometry));
}

Summary RowDigest::finish(const catalogue::Layer& layer, const DatasetInfo& provenance, Rows rows) {
  for (const std::uint64_t word : m_sum) m_digest.add(bytes_of(word));
  m_digest.add_field(layer_text(layer));
  for (const std::string* field :
       {&provenance.layer, &provenance.partition, &provenance.profile, &provenance.as_of,
        &provenance.source_name, &provenance.source_url, &provenance.licence, &provenance.attribution})
    m_digest.add_field(*field);
  // Files from before there were covers keep their revision.
  if (!provenance.covers.empty()) m_digest.add_field("covers");
  for (const std::string& code : provenance.covers) m_digest.add_field(code);
  m_digest.add_field(std::to_string(layout_version));
  if (rows == Rows::whole) {
    m_digest.add_field(provenance.input_sha256);
    m_digest.add_field(provenance.import_options);
    m_digest.add_field(std::to_string(provenance.rejected));
  }
  m_summary.revision = m_digest.hex().substr(0, 32);
  return m_summary;
}

bool is_open(const catalogue::Layer& layer, const FeatureView& row) {
  const std::size_t at = layer.index_of(disclosure_attribute);
  if (at == layer.attributes.size()) return true;
  const auto* level = std::get_if<std::string_view>(&row.values[at]);
  return level != nullptr && *level == public_disclosure;
}

RowPart::RowPart(const catalogue::Layer& whole, catalogue::Layer part)
    : m_whole(whole), m_part(std::move(part)) {
  for (const auto& attribute : m_part.attributes) m_columns.push_back(whole.index_of(attribute.name));
}

FeatureView RowPart::of(const FeatureView& row) {
  if (is_whole()) return row;
  m_values.clear();
  for (const std::size_t column : m_columns) m_values.push_back(row.values[column]);
  return {row.id, row.source_id, row.synthetic, row.geometry, m_values};
}

std::string_view RowPart::extras(std::string_view encoded) {
  if (is_whole() || encoded.empty()) return encoded;
  Extras extras = decode_extras(encoded);
  std::erase_if(extras.notes, [this](const Note& note) {
    return m_whole.find(note.field) != nullptr && m_part.find(note.field) == nullptr;
  });
  encode_extras(extras, m_extras);
  return m_extras;
}

RowHash RowPart::hash(const FeatureView& row, std::string_view encoded_extras) {
  return m_hasher.of(of(row), extras(encoded_extras));
}

}  // namespace ritchi::store
