// Reading declared JSON: values of the right type, or an error that names the key and the place.
#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>

#include "geodata/base/error.hpp"

namespace ritchi::catalogue {

// The value of a key, or `missing` where there is none.
template <class T>
T get(const nlohmann::json& object, const char* key, T missing, const std::string& where) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return missing;
  // 1e300 is a number too, but none that an integer can take.
  if (std::is_integral_v<T> && !std::is_same_v<T, bool> && !found->is_number_integer())
    throw base::Error(base::ErrorKind::bad_input, std::string("key '") + key + "' must be a whole number",
                      where);
  try {
    return found->get<T>();
  } catch (const nlohmann::json::exception&) {
    throw base::Error(base::ErrorKind::bad_input, std::string("key '") + key + "' has the wrong type", where);
  }
}

inline std::optional<double> optional_number(const nlohmann::json& object, const char* key,
                                             const std::string& where) {
  if (!object.contains(key)) return std::nullopt;
  return get<double>(object, key, 0.0, where);
}

}  // namespace ritchi::catalogue
