#include "tileserver/http/headers.hpp"

#include <algorithm>

namespace ritchi::http {

namespace {

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, lower, lower);
}

void Headers::add(std::string_view name, std::string_view value) {
  m_fields.emplace_back(name, value);
}

void Headers::set(std::string_view name, std::string_view value) {
  // The value may be a view of the field that goes.
  Field field(name, value);
  remove(field.first);
  m_fields.push_back(std::move(field));
}

void Headers::remove(std::string_view name) {
  std::erase_if(m_fields, [name](const Field& field) { return equal_ignoring_case(field.first, name); });
}

const std::string* Headers::find(std::string_view name) const noexcept {
  for (const Field& field : m_fields) {
    if (equal_ignoring_case(field.first, name)) return &field.second;
  }
  return nullptr;
}

std::string Headers::get(std::string_view name) const {
  std::string joined;
  bool first = true;
  for (const Field& field : m_fields) {
    if (!equal_ignoring_case(field.first, name)) continue;
    if (!first) joined += ", ";
    joined += field.second;
    first = false;
  }
  return joined;
}

std::size_t Headers::count(std::string_view name) const noexcept {
  std::size_t found = 0;
  for (const Field& field : m_fields) found += equal_ignoring_case(field.first, name) ? 1 : 0;
  return found;
}

}  // namespace ritchi::http
