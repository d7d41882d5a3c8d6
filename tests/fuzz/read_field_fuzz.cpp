// rooms: importers_core
// Any value under any field of any declared profile: what comes out has the attribute's type, lies in its
// range and in its code list, and is never text that is not UTF-8 where the value was.
#include <cmath>
#include <vector>

#include "geodata/base/resource.hpp"
#include "geodata/base/text.hpp"
#include "geodata/catalogue/catalogue.hpp"
#include "importers/core/field_reader.hpp"
#include "importers/core/profile.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace ritchi;
using catalogue::AttributeType;
using fuzz::require;

struct Choice {
  const importers::Field* field = nullptr;
  const catalogue::Attribute* attribute = nullptr;
};

struct Declared {
  catalogue::Catalogue catalogue = catalogue::Catalogue::load(base::share_folder() / "styles");
  std::vector<importers::Profile> profiles = importers::load_profiles(base::share_folder() / "profiles");
  std::vector<Choice> choices;

  Declared() {
    for (const auto& profile : profiles) {
      const auto* layer = catalogue.find_layer(profile.layer);
      if (layer == nullptr) continue;
      const auto add = [&](const std::vector<importers::Field>& fields) {
        for (const auto& field : fields)
          if (const auto* attribute = layer->find(field.to);
              attribute != nullptr && !field.derived && !field.unset)
            choices.push_back({&field, attribute});
      };
      add(profile.fields);
      for (const auto& variant : profile.variants) add(variant.fields);
    }
  }
};

bool has_type(const catalogue::Value& value, AttributeType type) {
  switch (type) {
    case AttributeType::integer:
      return std::holds_alternative<std::int64_t>(value);
    case AttributeType::real:
      return std::holds_alternative<double>(value);
    case AttributeType::boolean:
      return std::holds_alternative<bool>(value);
    default:
      return std::holds_alternative<std::string>(value);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Declared declared;
  fuzz::Input input(data, size);
  const Choice chosen = declared.choices[input.choice(declared.choices.size())];
  const std::size_t kind = input.choice(4);
  const std::string text(input.rest());
  catalogue::Value raw = text;
  if (kind == 1) raw = std::strtod(text.c_str(), nullptr);
  if (kind == 2) raw = std::int64_t{std::strtoll(text.c_str(), nullptr, 10)};
  if (kind == 3) raw = !text.empty();
  const auto& attribute = *chosen.attribute;
  const auto* codes = attribute.codes.empty() ? nullptr : declared.catalogue.find_codes(attribute.codes);
  const importers::FieldReader reader(*chosen.field, attribute, codes);
  for (const char* unit : {"", "m", "ha", "%"}) {
    const auto got = reader.read(raw, unit).value;
    require(got.value.has_value() + got.unknown() + got.failed() == 1, "a value, unknown, or a fault");
    if (!got.value) continue;
    require(has_type(*got.value, attribute.type), "a value has its attribute's type");
    if (const auto* number = std::get_if<double>(&*got.value)) {
      require(std::isfinite(*number), "a number is finite");
      require(!attribute.minimum || *number >= *attribute.minimum, "a number is not below the least");
      require(!attribute.maximum || *number <= *attribute.maximum, "a number is not above the most");
    }
    if (const auto* words = std::get_if<std::string>(&*got.value)) {
      require(codes == nullptr || codes->find(*words) != nullptr, "a code is in its list");
      require(base::is_utf8(*words) || !base::is_utf8(text), "UTF-8 stays UTF-8");
    }
  }
  return 0;
}
