#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "tests/unit/house/house.hpp"

namespace ritchi::house {
namespace {

constexpr std::size_t k_longest_file_lines = 420;
constexpr std::size_t k_longest_main_lines = 60;

bool starts(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}
bool ends(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

bool is_cpp(std::string_view path) {
  return ends(path, ".cpp") || ends(path, ".hpp") || ends(path, ".h");
}

struct Include {
  std::string target;
  bool quoted;
};

std::optional<Include> include_in(std::string_view line) {
  const auto skip_blanks = [&] {
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  };
  skip_blanks();
  if (!starts(line, "#")) return std::nullopt;
  line.remove_prefix(1);
  skip_blanks();
  if (!starts(line, "include")) return std::nullopt;
  line.remove_prefix(7);
  skip_blanks();
  if (line.empty() || (line.front() != '"' && line.front() != '<')) return std::nullopt;
  const bool quoted = line.front() == '"';
  line.remove_prefix(1);
  const auto close = line.find(quoted ? '"' : '>');
  return Include{std::string(line.substr(0, close)), quoted};
}

std::vector<Include> includes_of(const std::string& text) {
  std::vector<Include> found;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    if (auto include = include_in(line)) found.push_back(std::move(*include));
  return found;
}

std::string file_name(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

// Libraries that live behind one room: their headers anywhere else would let their types spread.
std::optional<std::string> foreign_header_breach(const std::string& room, const std::string& header) {
  const std::string name = file_name(header);
  if ((starts(header, "boost/beast") || starts(header, "boost/asio")) && room != "tileserver/http")
    return "Boost.Beast and Boost.Asio belong to tileserver/http alone";
  const bool gdal =
      starts(name, "gdal") || starts(name, "ogr_") || starts(name, "ogrsf") || starts(name, "cpl_");
  if (gdal && !starts(room, "importers/")) return "GDAL belongs to importers alone";
  const bool sqlite = name == "sqlite3.h" || name == "sqlite3ext.h" || starts(header, "spatialite");
  if (sqlite && room != "geodata/store" && room != "geodata/load")
    return "SQLite and SpatiaLite belong to geodata/store and geodata/load alone";
  return std::nullopt;
}

// A target's room: libraries are named after their folder, the two programs live in their side's app folder.
std::string room_of_target(const std::string& target, const std::string& type, const std::string& folder) {
  if (type == "EXECUTABLE") return folder + "/app";
  const auto bar = target.find('_');
  return bar == std::string::npos ? target : target.substr(0, bar) + "/" + target.substr(bar + 1);
}

struct Target {
  std::string room;
  std::vector<std::string> links;
};

std::map<std::string, Target> parse_links(std::string_view text, Findings& findings) {
  std::map<std::string, Target> targets;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string name, type, folder, link;
    words >> name >> type >> folder;
    if (!folder.empty() && folder.back() == ':') folder.pop_back();
    Target target{room_of_target(name, type, folder), {}};
    while (words >> link) target.links.push_back(link);
    if (!is_room(target.room)) findings.push_back("target " + name + " is no room of the plan");
    targets.emplace(name, std::move(target));
  }
  return targets;
}

std::set<std::string> everything_below(const std::map<std::string, Target>& targets,
                                       const std::string& name) {
  std::set<std::string> seen;
  std::vector<std::string> open = {name};
  while (!open.empty()) {
    const std::string next = open.back();
    open.pop_back();
    if (const auto found = targets.find(next); found != targets.end())
      for (const std::string& link : found->second.links)
        if (seen.insert(link).second) open.push_back(link);
  }
  return seen;
}

}  // namespace

Findings judge_includes(const std::vector<SourceFile>& files) {
  Findings findings;
  std::vector<std::string> protobuf_users;
  for (const SourceFile& file : files) {
    const std::string room = room_of(file.path);
    if (!is_cpp(file.path) || room.empty()) continue;
    if (!is_room(room)) {
      findings.push_back(file.path + ": lies in no room of the plan");
      continue;
    }
    for (const Include& include : includes_of(file.text)) {
      const std::string what = file.path + " includes " + include.target + ": ";
      if (ends(include.target, ".pb.h")) {
        protobuf_users.push_back(file.path);
        continue;
      }
      if (const auto breach = foreign_header_breach(room, include.target)) {
        findings.push_back(what + *breach);
        continue;
      }
      const std::string other = room_of(include.target);
      if (other.empty()) {
        if (include.quoted) findings.push_back(what + "write the path from the project's root");
      } else if (!may_use(room, other)) {
        findings.push_back(what + room + " may not use " + other);
      }
    }
  }
  if (protobuf_users.size() > 1)
    for (const std::string& user : protobuf_users)
      findings.push_back(user + ": generated protobuf headers belong in one file");
  return findings;
}

Findings judge_links(std::string_view links) {
  Findings findings;
  const auto targets = parse_links(links, findings);
  for (const auto& [name, target] : targets) {
    for (const std::string& link : target.links)
      if (const auto other = targets.find(link);
          other != targets.end() && !may_use(target.room, other->second.room))
        findings.push_back(name + " links " + link + ": " + target.room + " may not use " +
                           other->second.room);
    const bool serves = starts(target.room, "tileserver/");
    for (const std::string& link : everything_below(targets, name)) {
      const bool gdal = starts(link, "GDAL::") || link.find("libgdal") != std::string::npos;
      if (gdal && !starts(target.room, "importers/"))
        findings.push_back(name + " links " + link + ": GDAL belongs to importers alone");
      if (serves && (starts(link, "importers_") || link == "geodata_load"))
        findings.push_back(name + " reaches " + link + ": the server cannot write data");
      if (!serves && starts(link, "tileserver_"))
        findings.push_back(name + " reaches " + link + ": nothing below the server links it");
    }
  }
  return findings;
}

Findings judge_sizes(const std::vector<SourceFile>& files) {
  static const std::set<std::string, std::less<>> k_written_by_hand = {
      ".cpp", ".hpp", ".h",    ".py",    ".sh",    ".js",  ".mjs",
      ".ts",  ".css", ".html", ".cmake", ".proto", ".lua", ""};
  Findings findings;
  for (const SourceFile& file : files) {
    const std::string name = file_name(file.path);
    const auto dot = name.rfind('.');
    const std::string extension = dot == std::string::npos ? "" : name.substr(dot);
    if (!k_written_by_hand.contains(extension) && name != "CMakeLists.txt") continue;
    const auto lines = static_cast<std::size_t>(std::count(file.text.begin(), file.text.end(), '\n'));
    if (lines > k_longest_file_lines)
      findings.push_back(file.path + ": " + std::to_string(lines) + " lines; over " +
                         std::to_string(k_longest_file_lines) + " no one reads it in one sitting");
    if (name == "main.cpp" && lines > k_longest_main_lines)
      findings.push_back(file.path + ": " + std::to_string(lines) + " lines; a main stays under " +
                         std::to_string(k_longest_main_lines));
  }
  return findings;
}

}  // namespace ritchi::house
