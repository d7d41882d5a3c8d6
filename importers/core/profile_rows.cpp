#include "importers/core/profile_rows.hpp"

#include <algorithm>

#include "geodata/base/error.hpp"
#include "importers/core/json_object.hpp"

namespace ritchi::importers {
namespace {

using base::Error;
using base::ErrorKind;
using catalogue::Attribute;

ChildFields child(const nlohmann::json& item, const std::string& where) {
  JsonObject reader(item, where);
  ChildFields out;
  out.to = reader.text("to", true);
  out.same = reader.texts("same");
  out.fields = read_fields(reader, false);
  if (out.fields.empty() && out.same.empty()) reader.fail("needs 'fields', or 'same'");
  out.split = reader.texts("split");
  out.key = reader.texts("key");
  if (!out.split.empty() && out.fields.empty()) reader.fail("needs 'fields': the first is split", "split");
  for (const auto& separator : out.split)
    if (separator.empty()) reader.fail("must not be empty", "split");
  reader.done();
  return out;
}

// "lenders.loan_jpy"
Total total(const nlohmann::json& item, const std::string& where) {
  JsonObject reader(item, where);
  Total out;
  out.to = reader.text("to", true);
  const std::string sum = reader.text("sum", true);
  const auto dot = sum.find('.');
  if (dot == std::string::npos) reader.fail("must be CHILD.ATTRIBUTE", "sum");
  out.child = sum.substr(0, dot);
  out.attribute = sum.substr(dot + 1);
  reader.done();
  return out;
}

[[noreturn]] void refuse(const std::string& why, const std::string& where) {
  throw Error(ErrorKind::bad_input, why, where);
}

const Attribute& need(const std::vector<Attribute>& attributes, const std::string& name,
                      const std::string& of, const std::string& where) {
  const auto index = attribute_index(attributes, name);
  if (index == attributes.size()) refuse(of + " has no attribute '" + name + "'", where);
  return attributes[index];
}

void check_child(const ChildFields& child, const catalogue::Layer& layer, const std::string& where) {
  const auto index = child_index(layer, child.to);
  if (index == layer.children.size())
    refuse("layer '" + layer.id + "' has no child table '" + child.to + "'", where);
  const auto& attributes = layer.children[index].attributes;
  const std::string of = "child table '" + child.to + "'";
  for (const auto& field : child.fields) {
    const auto& attribute = need(attributes, field.to, of, where);
    if (field.derived) refuse("'" + field.to + "' of a child table cannot be computed", where);
    if ((field.parse == Parse::code) != !attribute.codes.empty() && !field.constant)
      refuse("'" + field.to +
                 (attribute.codes.empty() ? "' has no code list: parse 'code' cannot be used"
                                          : "' has a code list: parse must be 'code'"),
             where);
  }
  for (const auto& name : child.same)
    if (need(attributes, name, of, where).type !=
        need(layer.attributes, name, "layer '" + layer.id + "'", where).type)
      refuse("'" + name + "' is of one type in the layer and of another in its " + of, where);
  for (const auto& name : child.key) need(attributes, name, of, where);
}

}  // namespace

RowRules read_row_rules(JsonObject& profile, bool merges) {
  RowRules out;
  out.latest_by = profile.text("latest_by");
  profile.each("children", [&](const nlohmann::json& item, const std::string& where) {
    out.children.push_back(child(item, where));
  });
  profile.each("totals", [&](const nlohmann::json& item, const std::string& where) {
    out.totals.push_back(total(item, where));
  });
  if (!merges && !out.latest_by.empty()) profile.fail("needs identity.repeat 'merge'", "latest_by");
  if (!merges && !out.children.empty()) profile.fail("needs identity.repeat 'merge'", "children");
  return out;
}

void check_row_rules(const RowRules& rules, const catalogue::Layer& layer, const std::string& where) {
  const std::string of = "layer '" + layer.id + "'";
  if (!rules.latest_by.empty()) need(layer.attributes, rules.latest_by, of, where + "/latest_by");
  for (const auto& child : rules.children) check_child(child, layer, where + "/children");
  for (const auto& total : rules.totals) {
    const std::string at = where + "/totals";
    const auto fed = std::any_of(rules.children.begin(), rules.children.end(),
                                 [&](const ChildFields& child) { return child.to == total.child; });
    if (!fed) refuse("the profile feeds no child table '" + total.child + "'", at);
    const auto& table = layer.children[child_index(layer, total.child)];
    for (const auto* attribute :
         {&need(layer.attributes, total.to, of, at),
          &need(table.attributes, total.attribute, "child table '" + table.name + "'", at)})
      if (attribute->type != catalogue::AttributeType::integer)
        refuse("'" + attribute->name + "' is no whole number: only those are added up exactly", at);
  }
}

std::size_t child_index(const catalogue::Layer& layer, const std::string& name) {
  std::size_t at = 0;
  while (at < layer.children.size() && layer.children[at].name != name) ++at;
  return at;
}

std::size_t attribute_index(const std::vector<Attribute>& attributes, const std::string& name) {
  std::size_t at = 0;
  while (at < attributes.size() && attributes[at].name != name) ++at;
  return at;
}

}  // namespace ritchi::importers
