// The published pipe network of Nagaoka lands where its publisher says it lies.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "geodata/geom/projection.hpp"

namespace ritchi::geom {
namespace {

std::filesystem::path real_data() {
  const char* set = std::getenv("RITCHI_REAL_DATA");
  return set != nullptr ? std::filesystem::path(set)
                        : std::filesystem::path(RITCHI_SOURCE_DIR).parent_path() / "shared" / "data";
}

TEST(RealData, NagaokasPipesLieInTheirStatedExtent) {
  const auto folder = real_data() / "pipes-nagaoka";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no real data at " << folder;
  const Projection projection = Projection::to_stored("EPSG:10169");
  ASSERT_TRUE(projection.northing_first());
  Box extent;
  std::size_t points = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename().string().find("water") == std::string::npos) continue;
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::string tag = "<gml:posList>";
    for (std::size_t at = text.find(tag); at != std::string::npos; at = text.find(tag, at + 1)) {
      std::istringstream list(
          text.substr(at + tag.size(), text.find('<', at + tag.size()) - at - tag.size()));
      double north = 0;
      double east = 0;
      double height = 0;
      while (list >> north >> east >> height) {
        extent.add(projection.apply(Point{east, north}));
        ++points;
      }
    }
  }
  EXPECT_GT(points, 500u);
  // Stated to four decimals: half a unit of the last place is allowed.
  const Box stated{138.7373 - 5e-5, 37.4061 - 5e-5, 138.7679 + 5e-5, 37.4312 + 5e-5};
  EXPECT_TRUE(stated.contains(extent))
      << extent.min_x << " " << extent.min_y << " " << extent.max_x << " " << extent.max_y;
}

}  // namespace
}  // namespace ritchi::geom
