#include "importers/core/column_match.hpp"

#include <optional>
#include <utility>

#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"
#include "importers/core/parse_money.hpp"
#include "importers/core/parse_number.hpp"
#include "importers/core/parsed.hpp"

namespace ritchi::importers {
namespace {

std::size_t find_one(const SourceLayer& layer, std::string_view name) {
  for (std::size_t i = 0; i < layer.columns.size(); ++i)
    if (layer.columns[i].name == name) return i;
  const std::string wanted = folded(name);
  for (std::size_t i = 0; i < layer.columns.size(); ++i)
    if (folded(layer.columns[i].name) == wanted) return i;
  return no_column;
}

struct Rest {
  std::string_view text;
  bool bracketed = false;
};

// What follows the name in a header; both are folded.
std::optional<Rest> behind(std::string_view header, std::string_view name) {
  if (!header.starts_with(name) || header.size() == name.size()) return std::nullopt;
  std::string_view rest = base::trim(header.substr(name.size()));
  for (const auto& [open, close] : {std::pair<std::string_view, std::string_view>{"(", ")"},
                                    {"[", "]"},
                                    {"〔", "〕"},
                                    {"【", "】"},
                                    {"<", ">"}})
    if (rest.starts_with(open) && rest.ends_with(close) && rest.size() >= open.size() + close.size())
      return Rest{base::trim(rest.substr(open.size(), rest.size() - open.size() - close.size())), true};
  return Rest{rest, false};
}

bool fits(const Field& field, const catalogue::Attribute& attribute, const std::string& unit) {
  if (unit.empty()) return false;
  if (field.parse == Parse::money_jpy) return parse_money_jpy("1" + unit).value.has_value();
  return convert(1, unit, attribute.unit).value.has_value();
}

}  // namespace

std::size_t find_column(const SourceLayer& layer, const Synonyms& names) {
  for (const auto& name : names)
    if (const auto index = find_one(layer, name); index != no_column) return index;
  return no_column;
}

std::string columns_of(const SourceLayer& layer) {
  std::string out;
  for (const auto& column : layer.columns) out += (out.empty() ? "" : ", ") + column.name;
  return out.empty() ? "none" : out;
}

void fail_no_column(const std::string& name, const SourceLayer& layer) {
  throw base::Error(base::ErrorKind::bad_input, "the source has no column '" + name + "'", "--map",
                    "its columns are: " + columns_of(layer));
}

Column find_column(const SourceLayer& layer, const Field& field, const catalogue::Attribute& attribute) {
  Column out{find_column(layer, field.from), {}};
  if (out.index != no_column) return out;
  const bool measured =
      field.parse == Parse::number || field.parse == Parse::integer || field.parse == Parse::money_jpy;
  for (const auto& name : field.from) {
    const std::string wanted = folded(name);
    for (std::size_t i = 0; i < layer.columns.size(); ++i) {
      const std::string header = folded(layer.columns[i].name);
      const auto rest = behind(header, wanted);
      if (!rest) continue;
      if (measured) {
        std::string unit(rest->text);
        if (fits(field, attribute, unit)) return {i, std::move(unit)};
      } else if (rest->bracketed) {
        return {i, {}};
      }
    }
  }
  return out;
}

}  // namespace ritchi::importers
