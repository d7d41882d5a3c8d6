#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "tests/unit/house/house.hpp"

namespace ritchi::house {
namespace {

namespace fs = std::filesystem;

// What a build or a package manager leaves behind is not the house.
bool is_left_out(const std::string& name) {
  return name.empty() || name.front() == '.' || name.rfind("build", 0) == 0 || name == "node_modules" ||
         name == "demo-data" || name == "__pycache__";
}

// Large data files have no includes and no reading length.
bool is_source(const fs::path& path) {
  static constexpr std::array<std::string_view, 6> k_data = {".json", ".geojson", ".gml",
                                                             ".csv",  ".svg",     ".png"};
  return std::find(k_data.begin(), k_data.end(), path.extension().string()) == k_data.end();
}

}  // namespace

std::vector<SourceFile> read_tree(const fs::path& root) {
  std::vector<SourceFile> files;
  for (const char* top : {"geodata", "importers", "tileserver", "styles", "tests"}) {
    auto entry = fs::recursive_directory_iterator(root / top);
    for (const auto end = fs::recursive_directory_iterator(); entry != end; ++entry) {
      if (is_left_out(entry->path().filename().string())) {
        if (entry->is_directory()) entry.disable_recursion_pending();
        continue;
      }
      if (!entry->is_regular_file() || !is_source(entry->path())) continue;
      std::ifstream in(entry->path(), std::ios::binary);
      std::ostringstream text;
      text << in.rdbuf();
      files.push_back({fs::relative(entry->path(), root).generic_string(), text.str()});
    }
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

std::vector<std::string> visible_entries(const fs::path& root) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(root))
    if (const std::string name = entry.path().filename().string(); !is_left_out(name)) names.push_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace ritchi::house
