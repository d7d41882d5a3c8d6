// Reads the project's tree and judges it by the plan of the house: who may include and link whom.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ritchi::house {

struct SourceFile {
  std::string path;  // from the project's root, with '/'
  std::string text;
};

// One line per breach: file, what it does, which rule forbids it. Empty means that the house stands.
using Findings = std::vector<std::string>;

// Every text file of the rooms and tests; build trees, node_modules and dot folders are left out.
std::vector<SourceFile> read_tree(const std::filesystem::path& root);
// Names at the top that a visitor sees: no dot entries, no build trees.
std::vector<std::string> visible_entries(const std::filesystem::path& root);

Findings judge_includes(const std::vector<SourceFile>& files);
// `links` has a line per target, written by CMake: "target TYPE folder: library library …".
Findings judge_links(std::string_view links);
Findings judge_sizes(const std::vector<SourceFile>& files);
Findings judge_top_level(const std::vector<std::string>& entries);

// "geodata/base" for "geodata/base/error.hpp"; empty when the path lies in no room.
std::string room_of(std::string_view path);
// Whether code of room `from` may include or link room `to`; a room may always use itself.
bool may_use(std::string_view from, std::string_view to);
bool is_room(std::string_view room);

}  // namespace ritchi::house
