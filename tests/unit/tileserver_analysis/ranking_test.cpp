// The best of many candidates of uncertain rank against sorting all of them.
#include "tileserver/analysis/match_ranking.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace ritchi::analysis {
namespace {

struct Made {
  std::vector<Candidate> uncertain;
  std::vector<Candidate> exact;
  std::map<std::int64_t, std::int64_t> ranks;  // by id
};

Made made(std::mt19937& random, std::size_t count, std::int64_t ranks, std::int64_t width) {
  const auto below = [&](std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(0, most)(random);
  };
  Made out;
  for (std::size_t i = 0; i < count; ++i) {
    Candidate each;
    each.id = static_cast<std::int64_t>(i * 7919 % 100'003);
    each.rank = each.least_rank = below(ranks);
    out.exact.push_back(each);
    out.ranks[each.id] = each.rank;
    each.rank += below(width);
    each.least_rank -= below(width);
    out.uncertain.push_back(each);
  }
  std::sort(out.exact.begin(), out.exact.end());
  return out;
}

TEST(Ranking, FindsTheBestWithoutKnowingAllRanks) {
  std::mt19937 random(3);
  for (const std::size_t count : {0U, 1U, 50U, 20'000U})
    for (const std::int64_t ranks : {0, 5, 1'000'000})
      for (const std::int64_t width : {0, 3, 2'000})
        for (const std::size_t limit : {0U, 1U, 20U, 5'000U, 30'000U}) {
          const Made all = made(random, count, ranks, width);
          Ranking ranking(limit);
          for (const Candidate& each : all.uncertain) ranking.add(each);
          std::size_t asked = 0;
          const auto best = ranking.best([&](const Candidate& each) {
            ++asked;
            return all.ranks.at(each.id);
          });
          EXPECT_EQ(ranking.count(), static_cast<std::int64_t>(count));
          ASSERT_EQ(best.size(), std::min(limit, count));
          for (std::size_t i = 0; i < best.size(); ++i) {
            ASSERT_EQ(best[i].id, all.exact[i].id) << "limit " << limit << ", place " << i;
            ASSERT_EQ(best[i].rank, all.exact[i].rank);
          }
          if (width == 0) {
            EXPECT_EQ(asked, 0U);
          }
          // The rest cannot be among them: of ranks in a million, few are within two thousand of the last.
          if (ranks == 1'000'000 && count == 20'000 && limit <= 20) {
            EXPECT_LT(asked, limit + 200);
          }
        }
}

TEST(Ranking, OfEqualOnesTheFirstIdsStay) {
  Ranking ranking(3);
  for (std::int64_t id = 20'000; id > 0; --id) ranking.add({.rank = 5, .least_rank = 5, .id = id});
  const auto best = ranking.best([](const Candidate& each) { return each.rank; });
  ASSERT_EQ(best.size(), 3U);
  EXPECT_EQ(best[0].id, 1);
  EXPECT_EQ(best[2].id, 3);
}

}  // namespace
}  // namespace ritchi::analysis
