#include "importers/core/profile_defaults.hpp"

#include <algorithm>

#include "geodata/base/error.hpp"
#include "importers/core/json_object.hpp"

namespace ritchi::importers {

using base::Error;
using base::ErrorKind;
using catalogue::Value;

namespace {

constexpr const char* the_place = "geometry";

}  // namespace

std::vector<Default> read_defaults(JsonObject& profile) {
  std::vector<Default> out;
  profile.each("defaults", [&](const nlohmann::json& item, const std::string& where) {
    JsonObject reader(item, where);
    Default made{reader.text("to", true), reader.pairs("by")};
    if (const std::string always = reader.text("is"); !always.empty()) made.by.emplace_back("", always);
    if (made.by.empty()) reader.fail("needs 'is', or 'by'");
    reader.done();
    out.push_back(std::move(made));
  });
  return out;
}

void check_defaults(const std::vector<Default>& defaults, const catalogue::Layer& layer,
                    const std::string& where) {
  for (const auto& one : defaults) {
    const auto* attribute = layer.find(one.to);
    if (attribute == nullptr || attribute->type != catalogue::AttributeType::text)
      throw Error(ErrorKind::bad_input, "layer '" + layer.id + "' has no attribute of text '" + one.to + "'",
                  where + "/defaults");
    for (const auto& [known, value] : one.by)
      if (!known.empty() && known != the_place && layer.find(known) == nullptr)
        throw Error(ErrorKind::bad_input, "layer '" + layer.id + "' has no attribute '" + known + "'",
                    where + "/defaults");
  }
}

const Default* find_default(const std::vector<Default>& defaults, const std::string& attribute) {
  const auto at =
      std::find_if(defaults.begin(), defaults.end(), [&](const Default& one) { return one.to == attribute; });
  return at == defaults.end() ? nullptr : &*at;
}

void apply_defaults(const std::vector<Default>& defaults, const catalogue::Layer& layer, bool has_place,
                    std::vector<Value>& values) {
  for (const auto& one : defaults) {
    Value& value = values[layer.index_of(one.to)];
    if (!catalogue::is_unknown(value)) continue;
    for (const auto& [known, is] : one.by) {
      const bool holds =
          known.empty() ||
          (known == the_place ? has_place : !catalogue::is_unknown(values[layer.index_of(known)]));
      if (!holds) continue;
      value = is;
      break;
    }
  }
}

}  // namespace ritchi::importers
