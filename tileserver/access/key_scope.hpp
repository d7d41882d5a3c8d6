// What a key is to be limited to, as an operator writes it, checked against what there is: a wrong code or
// name would open more, or less, than was meant.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "geodata/catalogue/places.hpp"

namespace ritchi::access {

// Prefectures (2 digits) and municipalities (5, or 6 with the check digit) as rows carry them, sorted; a city
// with wards stands for them too. Throws Error(bad_input) for a code that does not exist, and for an
// abolished one: what it belongs to today may be larger.
std::vector<std::string> resolve_area(const catalogue::Places& places, const std::vector<std::string>& codes);

using FindLayer = std::function<const catalogue::Layer*(std::string_view id)>;
// Sorted, each once. Throws Error(bad_input) for a layer that does not exist.
std::vector<std::string> resolve_layers(const FindLayer& find, const std::vector<std::string>& ids);
// The same of "layer.attribute".
std::vector<std::string> resolve_hidden(const FindLayer& find, const std::vector<std::string>& names);

}  // namespace ritchi::access
