// How values are judged that are only known to be at least so much.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/unit/tileserver_analysis/asked.hpp"

namespace ritchi::analysis {
namespace {

using test::Asked;
using test::check_of;
using test::MadeTable;
using test::PlainSite;
using test::with_number;

Verdict of_at_least(double value, const Asked& asked) {
  PlainSite site = with_number(1, value);
  site.least_numbers = {true};
  const MadeTable made({site});
  return judge(check_of(asked, made), 0);
}

Verdict of_share(double value, Asked asked) {
  asked.most = 1;
  return of_at_least(value, asked);
}

Asked between(std::optional<double> min, std::optional<double> max, std::optional<double> ideal = {}) {
  return {.column = "n0", .min = min, .max = max, .ideal = ideal, .in = {}};
}

TEST(AtLeast, ANumberPassesWhereAllFromThereUpWouldAndFailsWhereNoneWould) {
  EXPECT_EQ(of_at_least(5, between({}, 4)).status, Status::fail);
  EXPECT_EQ(of_at_least(5, between({}, 5)).status, Status::unknown);
  EXPECT_EQ(of_at_least(5, between({}, 9)).status, Status::unknown);
  EXPECT_EQ(of_at_least(5, between(1, 9)).status, Status::unknown);
  EXPECT_EQ(of_at_least(5, between(5, {})).status, Status::pass);
  EXPECT_EQ(of_at_least(5, between(6, {})).status, Status::unknown);
  EXPECT_EQ(of_at_least(5, between(6, 9)).status, Status::unknown);
  EXPECT_EQ(of_at_least(std::nan(""), between(1, {})).status, Status::unknown);
}

TEST(AtLeast, AShareIsNeverMoreThanAll) {
  EXPECT_EQ(of_share(0.05, between({}, 0.1)).status, Status::unknown);
  EXPECT_EQ(of_share(0.2, between({}, 0.1)).status, Status::fail);
  EXPECT_EQ(of_share(0.05, between({}, 1)).status, Status::pass);
  EXPECT_EQ(of_share(0.5, between(0.4, {})).status, Status::pass);
  EXPECT_EQ(of_share(0.5, between(0.4, 1)).status, Status::pass);
  EXPECT_EQ(of_share(0.5, between(0.4, 0.9)).status, Status::unknown);
  EXPECT_EQ(of_share(0.5, between(0.6, {})).status, Status::unknown);
  EXPECT_EQ(of_share(0.5, between(1.5, {})).status, Status::fail);
  // At least all of it is all of it.
  EXPECT_EQ(of_share(1, between({}, 0.9)).status, Status::fail);
  EXPECT_EQ(of_share(1, between(1, 1)).status, Status::pass);
}

TEST(AtLeast, TheFulfilmentIsTheLeastThatItMayBe) {
  EXPECT_EQ(of_at_least(3, between(1, {})).fulfilment, 1);
  EXPECT_DOUBLE_EQ(of_at_least(3, between(1, {}, 5)).fulfilment, 0.5);
  EXPECT_EQ(of_at_least(7, between(1, {}, 5)).fulfilment, 1);
  EXPECT_EQ(of_at_least(3, between(1, 9, 5)).fulfilment, 0);    // unknown
  EXPECT_EQ(of_share(0.3, between({}, 1, 0.2)).fulfilment, 0);  // it may be 1
  EXPECT_DOUBLE_EQ(of_share(0.5, between(0, {}, 1)).fulfilment, 0.5);
  EXPECT_DOUBLE_EQ(of_share(0.5, between(0, 1, 1)).fulfilment, 0.5);
}

TEST(AtLeast, ASetPassesByWhatIsKnownAndIsElseUnknown) {
  const auto site = [](std::int64_t id, std::optional<std::set<std::string>> set, bool least) {
    return PlainSite{.id = id, .numbers = {}, .texts = {}, .sets = {std::move(set)}, .least_sets = {least}};
  };
  const MadeTable made({site(1, std::set<std::string>{"a", "b"}, true),
                        site(2, std::set<std::string>{"a"}, true), site(3, std::set<std::string>{"a"}, false),
                        site(4, std::nullopt, false)});
  const Check check = check_of({.column = "s0", .min = {}, .max = {}, .ideal = {}, .in = {"b"}}, made);
  const std::vector<Status> wanted{Status::pass, Status::unknown, Status::fail, Status::unknown};
  for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_EQ(judge(check, i).status, wanted[i]) << i;
}

}  // namespace
}  // namespace ritchi::analysis
