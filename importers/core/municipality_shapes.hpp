// The municipalities of a data folder as shapes: which one a point lies in, and whether it is near one.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "geodata/catalogue/catalogue.hpp"
#include "geodata/geom/point_locator.hpp"
#include "geodata/store/dataset.hpp"

namespace ritchi::importers {

// Reads no more than the shapes round the points asked for, and keeps those it read last. Invented
// (synthetic) boundaries are passed over: they judge nothing.
class MunicipalityShapes {
 public:
  MunicipalityShapes(const std::filesystem::path& data_folder, const catalogue::Catalogue& catalogue);

  bool empty() const { return m_sources.empty(); }
  // The code of the municipality that the point lies in, as the dataset has it.
  std::optional<std::string> at(geom::Point point);
  // Is there one that satisfies the test in which the point lies, or that is at most so far away?
  using Test = std::function<bool(const std::string& code)>;
  bool near_one(geom::Point point, double distance_m, const Test& test);
  // The datasets asked so far with their revisions: "15 (revision 3f…)"; a fixed order.
  std::vector<std::string> used() const;

 private:
  struct Source {
    std::shared_ptr<const store::Dataset> dataset;
    std::size_t code = 0;  // the attribute
    bool used = false;
  };
  struct Area {
    std::string code;
    geom::PointLocator shape;
  };
  using Key = std::pair<std::size_t, std::int64_t>;  // dataset, feature

  void load(const geom::Box& box);

  std::vector<Source> m_sources;
  std::map<Key, Area> m_areas;
  std::size_t m_edges = 0;
  const Area* m_last = nullptr;
  geom::Box m_loaded;  // all areas that meet it are in m_areas
};

}  // namespace ritchi::importers
