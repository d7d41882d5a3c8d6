#include "importers/core/trailing_commas.hpp"

#include <cpl_vsi.h>
#include <fmt/format.h>

#include <memory>

namespace ritchi::importers {
namespace {

constexpr std::size_t largest_bytes = std::size_t{512} << 20;

struct FileClose {
  void operator()(VSILFILE* file) const { VSIFCloseL(file); }
};

}  // namespace

std::string without_trailing_commas(const std::string& json) {
  std::string out;
  out.reserve(json.size());
  bool in_text = false;
  char before = '[';  // the last sign that is no blank: a comma after another, or after nothing, is no slip
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    out += c;
    if (in_text) {
      if (c == '\\' && i + 1 < json.size())
        out += json[++i];
      else if (c == '"')
        in_text = false;
      continue;
    }
    if (c == '"') in_text = true;
    const bool follows_value = before != ',' && before != '[' && before != '{' && before != ':';
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n') before = c;
    if (c != ',' || !follows_value) continue;
    const auto next = json.find_first_not_of(" \t\r\n", i + 1);
    if (next != std::string::npos && (json[next] == ']' || json[next] == '}')) out.back() = ' ';
  }
  return out;
}

TrailingCommaCopy::~TrailingCommaCopy() {
  if (!m_copy.empty()) VSIUnlink(m_copy.c_str());
}

std::optional<std::string> TrailingCommaCopy::make(const std::string& name) {
  if (!name.ends_with(".json") && !name.ends_with(".geojson") && !name.ends_with(".JSON") &&
      !name.ends_with(".GEOJSON"))
    return std::nullopt;
  VSIStatBufL stat{};
  if (VSIStatL(name.c_str(), &stat) != 0 || static_cast<std::size_t>(stat.st_size) > largest_bytes)
    return std::nullopt;
  const std::unique_ptr<VSILFILE, FileClose> file(VSIFOpenL(name.c_str(), "rb"));
  if (!file) return std::nullopt;
  std::string text(static_cast<std::size_t>(stat.st_size), '\0');
  text.resize(VSIFReadL(text.data(), 1, text.size(), file.get()));
  m_text = without_trailing_commas(text);
  if (m_text == text) return std::nullopt;
  m_copy = fmt::format("/vsimem/ritchi-{}.geojson", static_cast<const void*>(this));
  const std::unique_ptr<VSILFILE, FileClose> copy(
      VSIFileFromMemBuffer(m_copy.c_str(), reinterpret_cast<GByte*>(m_text.data()), m_text.size(), FALSE));
  return m_copy;
}

}  // namespace ritchi::importers
