#include "importers/core/stated_area.hpp"

#include <fmt/format.h>

#include <cmath>

#include "geodata/geom/geodesic.hpp"

namespace ritchi::importers {

StatedArea::StatedArea(const catalogue::Layer& layer)
    : m_layer(layer),
      m_attribute(layer.stated_area.empty() ? layer.attributes.size() : layer.index_of(layer.stated_area)) {}

void StatedArea::check(load::Record& record) const {
  if (m_attribute >= record.values.size() || !record.geometry || record.geometry->kind != geom::Kind::polygon)
    return;
  const auto* stated = std::get_if<double>(&record.values[m_attribute]);
  if (stated == nullptr) return;
  const auto& attribute = m_layer.attributes[m_attribute];
  const bool hectares = attribute.unit == "ha";
  const double shape_m2 = geom::area_m2(*record.geometry);
  const double stated_m2 = hectares ? *stated * 10'000 : *stated;
  if (std::fabs(stated_m2 - shape_m2) <= noted_area_share * std::max(stated_m2, shape_m2)) return;
  record.notes.push_back({"area_differs", attribute.name, fmt::format("{:g} {}", *stated, attribute.unit),
                          hectares ? fmt::format("the shape has {:.2f} ha", shape_m2 / 10'000)
                                   : fmt::format("the shape has {:.1f} m2", shape_m2)});
}

}  // namespace ritchi::importers
