// Finds the column that a profile means among those of a source: offices differ in width, in case, and in
// whether the unit stands in the header.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "geodata/catalogue/layer.hpp"
#include "importers/core/profile_field.hpp"
#include "importers/core/source.hpp"

namespace ritchi::importers {

inline constexpr std::size_t no_column = static_cast<std::size_t>(-1);

// The first name that the layer has, exactly or else in another width or case; no_column where it has none.
std::size_t find_column(const SourceLayer& layer, const Synonyms& names);

// For errors: the layer's columns in a row.
std::string columns_of(const SourceLayer& layer);
// Throws Error(bad_input) for a column that --map names and the layer has not.
[[noreturn]] void fail_no_column(const std::string& name, const SourceLayer& layer);

struct Column {
  std::size_t index = no_column;
  std::string unit;  // what the header says behind the name, as in 管径(mm) and 総事業費（千円）
};

// As above; then also columns whose header has something in brackets or a unit behind the name. For numbers
// and money only a unit that fits the attribute may stand there: 総事業費(百万ドル) is another figure.
Column find_column(const SourceLayer& layer, const Field& field, const catalogue::Attribute& attribute);

}  // namespace ritchi::importers
