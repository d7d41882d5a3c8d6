#include <algorithm>
#include <array>

#include "tests/unit/house/house.hpp"

namespace ritchi::house {
namespace {

struct Room {
  std::string_view name;
  std::vector<std::string_view> may_use;
};

// The table of "How it is built": a room uses what its line names and nothing else. Whoever adds an arrow
// adds it here and there, and says why in the commit.
const std::vector<Room>& plan() {
  static const std::vector<std::string_view> below_services = {
      "geodata/tiling",    "geodata/facts", "geodata/store", "geodata/filter",
      "geodata/catalogue", "geodata/geom",  "geodata/base"};
  static const std::vector<Room> rooms = [] {
    std::vector<Room> all = {
        {"geodata/base", {}},
        {"geodata/geom", {"geodata/base"}},
        {"geodata/catalogue", {"geodata/geom", "geodata/base"}},
        {"geodata/filter", {"geodata/catalogue", "geodata/geom", "geodata/base"}},
        {"geodata/store", {"geodata/filter", "geodata/catalogue", "geodata/geom", "geodata/base"}},
        {"geodata/tiling",
         {"geodata/store", "geodata/filter", "geodata/catalogue", "geodata/geom", "geodata/base"}},
        {"geodata/facts",
         {"geodata/store", "geodata/filter", "geodata/catalogue", "geodata/geom", "geodata/base"}},
        {"geodata/load",
         {"geodata/tiling", "geodata/facts", "geodata/store", "geodata/filter", "geodata/catalogue",
          "geodata/geom", "geodata/base"}},
        {"importers/core",
         {"geodata/load", "geodata/store", "geodata/catalogue", "geodata/geom", "geodata/base"}},
        {"importers/synth", {"importers/core", "geodata/catalogue", "geodata/geom", "geodata/base"}},
        {"importers/app",
         {"importers/core", "importers/synth", "geodata/load", "geodata/catalogue", "geodata/geom",
          "geodata/base"}},
        {"tileserver/tiles", below_services},
        {"tileserver/features", below_services},
        {"tileserver/analysis", below_services},
        {"tileserver/access", below_services},
        {"tileserver/http", {"geodata/base"}},
        {"tileserver/viewer", {}},
    };
    Room api{"tileserver/api",
             {"tileserver/tiles", "tileserver/features", "tileserver/analysis", "tileserver/access",
              "tileserver/http"}};
    api.may_use.insert(api.may_use.end(), below_services.begin(), below_services.end());
    Room app{"tileserver/app", api.may_use};
    app.may_use.push_back("tileserver/api");
    all.push_back(std::move(api));
    all.push_back(std::move(app));
    return all;
  }();
  return rooms;
}

const Room* find_room(std::string_view name) {
  const auto found =
      std::find_if(plan().begin(), plan().end(), [&](const Room& r) { return r.name == name; });
  return found == plan().end() ? nullptr : &*found;
}

}  // namespace

bool is_room(std::string_view room) {
  return find_room(room) != nullptr;
}

std::string room_of(std::string_view path) {
  const auto first = path.find('/');
  if (first == std::string_view::npos) return {};
  const auto second = path.find('/', first + 1);
  if (second == std::string_view::npos) return {};
  const std::string_view top = path.substr(0, first);
  if (top != "geodata" && top != "importers" && top != "tileserver") return {};
  return std::string(path.substr(0, second));
}

bool may_use(std::string_view from, std::string_view to) {
  if (from == to) return true;
  const Room* room = find_room(from);
  return room != nullptr && std::find(room->may_use.begin(), room->may_use.end(), to) != room->may_use.end();
}

Findings judge_top_level(const std::vector<std::string>& entries) {
  static constexpr std::array<std::string_view, 7> k_owner = {
      "CMakeLists.txt", "README.md", "geodata", "importers", "styles", "tests", "tileserver"};
  Findings findings;
  for (const std::string& entry : entries)
    if (std::find(k_owner.begin(), k_owner.end(), entry) == k_owner.end())
      findings.push_back(entry + ": the top level holds seven visible entries and no other");
  return findings;
}

}  // namespace ritchi::house
