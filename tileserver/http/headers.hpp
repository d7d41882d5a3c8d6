// Header fields of a request or an answer: order kept, names compared without regard to case.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ritchi::http {

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

class Headers {
 public:
  using Field = std::pair<std::string, std::string>;

  void add(std::string_view name, std::string_view value);
  // Replaces every field of that name.
  void set(std::string_view name, std::string_view value);
  void remove(std::string_view name);
  void clear() { m_fields.clear(); }

  bool has(std::string_view name) const noexcept { return find(name) != nullptr; }
  // The first field's value; nullptr when there is none.
  const std::string* find(std::string_view name) const noexcept;
  // All fields of that name, joined by ", "; empty when there is none (see has()).
  std::string get(std::string_view name) const;
  std::size_t count(std::string_view name) const noexcept;

  auto begin() const noexcept { return m_fields.begin(); }
  auto end() const noexcept { return m_fields.end(); }

 private:
  std::vector<Field> m_fields;
};

}  // namespace ritchi::http
