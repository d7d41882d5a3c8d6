// Published GeoJSON now and then has a comma behind its last member, which no JSON reader takes: a corrected
// copy in memory.
#pragma once
#include <optional>
#include <string>

namespace ritchi::importers {

// JSON without the commas that stand before a closing bracket; texts are left alone.
std::string without_trailing_commas(const std::string& json);

class TrailingCommaCopy {
 public:
  TrailingCommaCopy() = default;
  ~TrailingCommaCopy();
  TrailingCommaCopy(const TrailingCommaCopy&) = delete;
  TrailingCommaCopy& operator=(const TrailingCommaCopy&) = delete;

  // The name under which GDAL finds the copy; nothing where the file is no JSON, too large, or has no such
  // comma.
  std::optional<std::string> make(const std::string& name);

 private:
  std::string m_text;
  std::string m_copy;
};

}  // namespace ritchi::importers
