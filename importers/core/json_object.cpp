#include "importers/core/json_object.hpp"

#include "geodata/base/error.hpp"

namespace ritchi::importers {

using base::Error;
using base::ErrorKind;
using nlohmann::json;

JsonObject::JsonObject(const json& object, std::string where) : m_object(object), m_where(std::move(where)) {
  if (!m_object.is_object()) fail("must be an object");
  m_asked.insert("$schema");
  m_asked.insert("comment");
}

void JsonObject::done() const {
  for (const auto& [key, value] : m_object.items())
    if (!m_asked.contains(key)) throw Error(ErrorKind::bad_input, "unknown key", m_where + "/" + key);
}

void JsonObject::fail(const std::string& why, std::string_view key) const {
  throw Error(ErrorKind::bad_input, why, key.empty() ? m_where : path(key));
}

const json* JsonObject::find(const char* key) {
  m_asked.insert(key);
  const auto at = m_object.find(key);
  return at == m_object.end() ? nullptr : &*at;
}

std::string JsonObject::text(const char* key, bool required) {
  const json* value = find(key);
  if (value == nullptr) {
    if (required) fail("is missing", key);
    return {};
  }
  if (!value->is_string() || (required && value->get_ref<const std::string&>().empty()))
    fail("must be a text", key);
  return *value;
}

std::vector<std::string> JsonObject::texts(const char* key) {
  const json* value = find(key);
  if (value == nullptr) return {};
  if (value->is_string()) return {value->get<std::string>()};
  if (!value->is_array()) fail("must be a text or a list of texts", key);
  std::vector<std::string> out;
  for (const auto& item : *value) {
    if (!item.is_string()) fail("must be a text or a list of texts", key);
    out.push_back(item);
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> JsonObject::pairs(const char* key, bool numbers) {
  const json* value = find(key);
  if (value == nullptr) return {};
  const auto plain = [&](const json& to) -> std::string {
    if (numbers && to.is_null()) return {};
    if (numbers && to.is_number()) return to.dump();
    if (numbers || !to.is_string())
      fail(numbers ? "must map texts to numbers or null" : "must map texts to texts", key);
    return to;
  };
  std::vector<std::pair<std::string, std::string>> out;
  if (value->is_object()) {
    for (const auto& [from, to] : value->items()) out.emplace_back(from, plain(to));
    return out;
  }
  if (!value->is_array()) fail("must be an object or a list of pairs", key);
  for (const auto& pair : *value) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string())
      fail("must be a list of pairs of texts", key);
    out.emplace_back(pair[0], plain(pair[1]));
  }
  return out;
}

bool JsonObject::flag(const char* key) {
  const json* value = find(key);
  if (value == nullptr) return false;
  if (!value->is_boolean()) fail("must be true or false", key);
  return *value;
}

}  // namespace ritchi::importers
