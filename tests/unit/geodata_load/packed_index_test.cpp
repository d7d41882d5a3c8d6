// The packed R*Tree is one that SQLite itself finds sound, and finds what a plain comparison finds.
#include "geodata/load/packed_index.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/unit/support/temporary_folder.hpp"

namespace {

using namespace ritchi;

std::vector<geom::Box> boxes(std::size_t count) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> x(122, 154), y(20, 46), size(0, 0.01);
  std::vector<geom::Box> out;
  for (std::size_t i = 0; i < count; ++i) {
    geom::Box box;
    const geom::Point corner{x(random), y(random)};
    box.add(corner);
    if (i % 3 != 0)
      box.add(geom::Point{corner.x + size(random), corner.y + size(random)});  // others are points
    out.push_back(i % 7 == 0 && i > 0 ? out.back() : box);
  }
  return out;
}

TEST(PackedIndex, IsSoundAndFindsWhatMeetsABox) {
  // Around the capacities of one node, of two levels and of three.
  for (const std::size_t count : {0U, 1U, 51U, 52U, 53U, 2601U, 2602U, 6000U}) {
    const test::TemporaryFolder folder;
    auto connection = store::Connection::create(folder.path() / "index.sqlite");
    connection.execute("CREATE VIRTUAL TABLE idx USING rtree(pkid, xmin, xmax, ymin, ymax)");
    const auto all = boxes(count);
    load::PackedIndex index(folder.path());
    for (std::size_t i = 0; i < count; ++i) index.add(static_cast<std::int64_t>(i) * 1000003 + 1, all[i]);
    index.write(connection, "idx");
    EXPECT_EQ(index.size(), static_cast<std::int64_t>(count));
    auto check = connection.prepare("SELECT rtreecheck('idx')");
    ASSERT_TRUE(check.step());
    EXPECT_EQ(check.text(0), "ok") << count;
    auto rows = connection.prepare("SELECT count(*) FROM idx");
    rows.step();
    EXPECT_EQ(rows.integer(0), static_cast<std::int64_t>(count));

    std::mt19937 random(5);
    std::uniform_real_distribution<double> x(121, 154), y(19, 46), size(0, 5);
    auto find = connection.prepare(
        "SELECT pkid FROM idx WHERE xmax >= ?1 AND xmin <= ?2 AND ymax >= ?3 AND ymin <= ?4 ORDER BY pkid");
    for (int question = 0; question < 50; ++question) {
      const double left = x(random), bottom = y(random);
      const geom::Box asked{left, bottom, left + size(random), bottom + size(random)};
      find.bind(1, asked.min_x);
      find.bind(2, asked.max_x);
      find.bind(3, asked.min_y);
      find.bind(4, asked.max_y);
      std::vector<std::int64_t> found;
      while (find.step()) found.push_back(find.integer(0));
      find.reset();
      for (std::size_t i = 0; i < count; ++i) {
        const auto id = static_cast<std::int64_t>(i) * 1000003 + 1;
        const bool listed = std::binary_search(found.begin(), found.end(), id);
        EXPECT_TRUE(listed || !all[i].intersects(asked)) << "row " << i << " is missed";
        // Single precision, rounded outwards: at most about 2 m too much.
        const geom::Box wide{asked.min_x - 2e-5, asked.min_y - 2e-5, asked.max_x + 2e-5, asked.max_y + 2e-5};
        EXPECT_TRUE(!listed || all[i].intersects(wide)) << "row " << i << " is far away";
      }
    }
  }
}

}  // namespace
