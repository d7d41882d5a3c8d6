// Reads one object of a profile's file: every key must be asked for, so that a misspelt one is found.
#pragma once
#include <cstddef>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ritchi::importers {

class JsonObject {
 public:
  // where: the file and the path in it, for errors. The object must outlive this.
  JsonObject(const nlohmann::json& object, std::string where);

  // Throws Error(bad_input) for a key that nobody asked for.
  void done() const;
  [[noreturn]] void fail(const std::string& why, std::string_view key = {}) const;
  std::string path(std::string_view key) const { return m_where + "/" + std::string(key); }

  const nlohmann::json* find(const char* key);
  std::string text(const char* key, bool required = false);
  // A text alone stands for a list of one.
  std::vector<std::string> texts(const char* key);
  // An object, or a list of pairs where order matters, of texts; with numbers the second of each is a number
  // (given as its digits) or null (empty).
  std::vector<std::pair<std::string, std::string>> pairs(const char* key, bool numbers = false);
  bool flag(const char* key);
  template <class Each>
  void each(const char* key, Each&& visit) {
    const nlohmann::json* value = find(key);
    if (value == nullptr) return;
    if (!value->is_array()) fail("must be a list", key);
    for (std::size_t i = 0; i < value->size(); ++i) visit((*value)[i], path(key) + "/" + std::to_string(i));
  }

 private:
  const nlohmann::json& m_object;
  std::string m_where;
  std::set<std::string> m_asked;
};

}  // namespace ritchi::importers
