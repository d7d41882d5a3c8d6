// Whether a profile fits the layer that it fills.
#include <algorithm>

#include "geodata/base/error.hpp"
#include "geodata/store/disclosure.hpp"
#include "importers/core/profile.hpp"

namespace ritchi::importers {
namespace {

using base::Error;
using base::ErrorKind;
using catalogue::AttributeType;

bool numeric(const catalogue::Attribute& attribute) {
  return attribute.type == AttributeType::integer || attribute.type == AttributeType::real;
}

// Operands are numbers of one unit, which is the result's too unless it is their ratio.
void check_derivation(const Field& field, const catalogue::Layer& layer, const std::string& where) {
  const auto* result = layer.find(field.to);
  if (!numeric(*result))
    throw Error(ErrorKind::bad_input, "'" + field.to + "' is no number and cannot be computed", where);
  std::string unit = result->unit;
  for (std::size_t i = 0; i < field.derived->of.size(); ++i) {
    const auto& name = field.derived->of[i];
    const auto* operand = layer.find(name);
    if (operand == nullptr || operand->computed != catalogue::Computed::none || name == field.to)
      throw Error(ErrorKind::bad_input, "'" + field.to + "' cannot be computed from '" + name + "'", where,
                  "name another attribute of layer '" + layer.id + "' that the source feeds");
    if (field.derived->kind == Derivation::Kind::by_code) {
      if (operand->codes.empty()) throw Error(ErrorKind::bad_input, "'" + name + "' has no code list", where);
      continue;
    }
    if (!numeric(*operand)) throw Error(ErrorKind::bad_input, "'" + name + "' is no number", where);
    if (field.derived->kind == Derivation::Kind::ratio && i == 0) unit = operand->unit;
    if (operand->unit != unit)
      throw Error(ErrorKind::bad_input,
                  "'" + name + "' is in '" + operand->unit + "' where '" + unit + "' is needed", where);
  }
}

// Codes of rows that not everybody may see must not show in what everybody reads about the dataset.
void check_covers(const Profile& profile, const catalogue::Layer& layer) {
  if (profile.covers == Covers::not_stated || profile.covers == Covers::japan) return;
  const std::string where = profile.id + ".json/covers";
  if (layer.find(store::disclosure_attribute) != nullptr)
    throw Error(ErrorKind::bad_input, "layer '" + layer.id + "' has rows that are not public", where);
  if (layer.find("municipality_code") == nullptr &&
      (profile.covers == Covers::municipalities || layer.find("prefecture_code") == nullptr))
    throw Error(ErrorKind::bad_input, "layer '" + layer.id + "' has no code that says where a row is", where);
}

}  // namespace

void check_against(const Profile& profile, const catalogue::Layer& layer) {
  const std::string where = profile.id + ".json/fields";
  std::vector<const Field*> all;
  for (const auto& field : profile.fields) all.push_back(&field);
  for (const auto& variant : profile.variants)
    for (const auto& field : variant.fields) all.push_back(&field);
  for (const Field* field : all) {
    const auto* attribute = layer.find(field->to);
    if (attribute == nullptr)
      throw Error(ErrorKind::bad_input, "layer '" + layer.id + "' has no attribute '" + field->to + "'",
                  where);
    if (attribute->computed != catalogue::Computed::none)
      throw Error(ErrorKind::bad_input, "'" + field->to + "' is computed from the shape and takes no column",
                  where);
    if (field->unset) continue;
    if (field->derived) check_derivation(*field, layer, where);
    if ((field->parse == Parse::code) != !attribute->codes.empty() && !field->constant)
      throw Error(ErrorKind::bad_input,
                  "'" + field->to +
                      (attribute->codes.empty() ? "' has no code list: parse 'code' cannot be used"
                                                : "' has a code list: parse must be 'code'"),
                  where);
  }
  check_covers(profile, layer);
  for (const auto& name : profile.identity.attributes)
    if (layer.find(name) == nullptr || layer.find(name)->computed != catalogue::Computed::none)
      throw Error(ErrorKind::bad_input, "layer '" + layer.id + "' has no attribute '" + name + "' for a key",
                  profile.id + ".json/identity/attributes");
  check_defaults(profile.defaults, layer, profile.id + ".json");
  check_row_rules(profile.rows, layer, profile.id + ".json");
  for (const auto& attribute : layer.attributes)
    if (attribute.required && find_default(profile.defaults, attribute.name) == nullptr &&
        std::none_of(all.begin(), all.end(),
                     [&](const Field* field) { return field->to == attribute.name && !field->unset; }))
      throw Error(ErrorKind::bad_input,
                  "'" + attribute.name + "' is required by layer '" + layer.id + "' and has no field", where);
}

}  // namespace ritchi::importers
