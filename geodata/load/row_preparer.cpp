#include "geodata/load/row_preparer.hpp"

#include <span>

#include "geodata/geom/geodesic.hpp"
#include "geodata/geom/spatialite_blob.hpp"
#include "geodata/load/spatial_file.hpp"

namespace ritchi::load {
namespace {

using catalogue::Computed;
using catalogue::Value;
using store::ValueView;

constexpr double m2_per_ha = 10000.0;

// A point has no area that would be zero: it is not known.
ValueView computed_value(Computed what, const std::optional<geom::Geometry>& geometry) {
  const auto measured = what == Computed::length_m ? geom::Kind::line : geom::Kind::polygon;
  if (!geometry || geometry->kind != measured) return {};
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
ValueView stored_form(const Value& value, catalogue::AttributeType type) {
  const auto* whole = std::get_if<std::int64_t>(&value);
  if (whole != nullptr && type == catalogue::AttributeType::real) return static_cast<double>(*whole);
  return store::view_of(value);
}

}  // namespace

void RowPreparer::fill_values(const Record& record) {
  m_values.clear();
  for (std::size_t i = 0; i < m_layer.attributes.size(); ++i) {
    const catalogue::Attribute& attribute = m_layer.attributes[i];
    m_values.push_back(attribute.computed == Computed::none
                           ? stored_form(record.values[i], attribute.type)
                           : computed_value(attribute.computed, record.geometry));
  }
}

// Lines and polygons are all stored as MULTI…, so that a column of one kind has one type.
void RowPreparer::encode_shape(const std::optional<geom::Geometry>& geometry) {
  m_blob.clear();
  if (!geometry) return;
  if (geometry->kind != geom::Kind::point && !geometry->multi) {
    m_promoted = *geometry;
    m_promoted.multi = true;
    geom::encode_spatialite(m_promoted, stored_srid, m_blob);
  } else {
    geom::encode_spatialite(*geometry, stored_srid, m_blob);
  }
}

const std::string& RowPreparer::prepare(const Record& record) {
  PreparedRow row;
  row.feature.id = record.id;
  row.feature.source_id = record.source_id;
  row.deleted = record.deleted;
  if (!record.deleted) {
    fill_values(record);
    encode_shape(record.geometry);
    store::encode_extras({record.children, record.notes}, m_extras);
    row.feature.synthetic = record.synthetic;
    row.feature.geometry = std::as_bytes(std::span(m_blob));
    row.feature.values = m_values;
    row.extras = m_extras;
    row.hash = m_hasher.of(row.feature, m_extras);
  }
  encode_row(row, m_row);
  return m_row;
}

}  // namespace ritchi::load
