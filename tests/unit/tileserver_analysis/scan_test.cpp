// Scores as one computes them by hand, and thousands of random questions against an evaluation written
// plainly.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "tests/unit/tileserver_analysis/made_sites.hpp"

namespace ritchi::analysis {
namespace {

using test::MadeTable;
using test::PlainSite;

// What is asked, without columns.
struct Asked {
  std::string column;
  std::optional<double> min, max, ideal;
  std::set<std::string> in;
  double weight = 1;
  bool required = true;
  double most = std::numeric_limits<double>::infinity();  // that a value can be
};

Check check_of(const Asked& asked, const MadeTable& made) {
  Check out;
  out.weight = asked.weight;
  out.required = asked.required;
  const SiteColumn* column = made.table.find(asked.column);
  out.known = column != nullptr;
  if (!out.known) return out;
  out.column = *column;
  if (asked.min) out.min = *asked.min;
  if (asked.max) out.max = *asked.max;
  out.ideal = asked.ideal;
  out.most = asked.most;
  for (const std::string& word : column->words) out.accepted.push_back(asked.in.contains(word) ? 1 : 0);
  return out;
}

struct Found {
  Scan scan;
  std::vector<Candidate> best;
};

std::int64_t rank_of_certain(const Candidate& each) {
  ADD_FAILURE() << "a rank is not certain";
  return each.rank;
}

Found run(const std::vector<Asked>& asked, const MadeTable& made, bool keep, std::size_t limit) {
  std::vector<Check> checks;
  for (const Asked& each : asked) checks.push_back(check_of(each, made));
  std::vector<std::uint32_t> all(made.ids.size());
  std::iota(all.begin(), all.end(), 0U);
  std::vector<std::vector<std::uint8_t>> used(checks.size());
  Found out{Scan(limit), {}};
  scan(checks, all, made.table, 0, keep, base::Deadline::never(), out.scan, used);
  out.best = out.scan.ranking.best(rank_of_certain);
  return out;
}

double score_of(const std::vector<Asked>& asked, const MadeTable& made, std::size_t site) {
  std::vector<Check> checks;
  for (const Asked& each : asked) checks.push_back(check_of(each, made));
  double out = 0;
  for (const Check& check : checks)
    out += check.weight * judge(check, site).fulfilment / sum_of_weights(checks);
  return out;
}

PlainSite with_number(std::int64_t id, std::optional<double> value) {
  return {.id = id, .numbers = {value}, .texts = {}, .sets = {}};
}

TEST(Score, IsWhatOneComputesByHand) {
  // Weight 3: area at least 1, ideally 5, at most 9; weight 1: the same value at most 4, without an ideal.
  const std::vector<Asked> asked{
      {.column = "n0", .min = 1, .max = 9, .ideal = 5, .in = {}, .weight = 3},
      {.column = "n0", .min = {}, .max = 4, .ideal = {}, .in = {}, .weight = 1, .required = false}};
  const MadeTable made({with_number(1, 5), with_number(2, 3), with_number(3, 7), with_number(4, 1),
                        with_number(5, 9.5), with_number(6, std::nullopt)});
  EXPECT_DOUBLE_EQ(score_of(asked, made, 0), 0.75);                // 3·1/4 + 0
  EXPECT_DOUBLE_EQ(score_of(asked, made, 1), 3 * 0.5 / 4 + 0.25);  // half way to the bound
  EXPECT_DOUBLE_EQ(score_of(asked, made, 2), 3 * 0.5 / 4);
  EXPECT_DOUBLE_EQ(score_of(asked, made, 3), 0.25);  // at the bound: passes, with nothing for the ideal
  EXPECT_DOUBLE_EQ(score_of(asked, made, 4), 0);
  EXPECT_DOUBLE_EQ(score_of(asked, made, 5), 0);
  const Found found = run(asked, made, true, 10);
  std::vector<std::int64_t> ids;
  for (const Candidate& each : found.best) ids.push_back(each.id);
  EXPECT_EQ(ids, (std::vector<std::int64_t>{1, 2, 3, 4, 6}));
  EXPECT_EQ(run(asked, made, false, 10).best.size(), 4U);
}

TEST(Score, BeyondTheIdealOnASideWithoutBoundStaysWhole) {
  const std::vector<Asked> asked{{.column = "n0", .min = 10, .max = {}, .ideal = 20, .in = {}}};
  const MadeTable made({with_number(1, 1e9), with_number(2, 20), with_number(3, 15), with_number(4, 10)});
  EXPECT_EQ(score_of(asked, made, 0), 1);
  EXPECT_EQ(score_of(asked, made, 1), 1);
  EXPECT_EQ(score_of(asked, made, 2), 0.5);
  EXPECT_EQ(score_of(asked, made, 3), 0);
}

TEST(Score, AnIdealAtABoundIsMet) {
  const std::vector<Asked> asked{{.column = "n0", .min = 10, .max = 20, .ideal = 10, .in = {}}};
  const MadeTable made({with_number(1, 10), with_number(2, 20)});
  EXPECT_EQ(score_of(asked, made, 0), 1);
  EXPECT_EQ(score_of(asked, made, 1), 0);
}

TEST(Sets, KnowNoneFromUnknown) {
  const auto site = [](std::int64_t id, std::optional<std::set<std::string>> set) {
    return PlainSite{.id = id, .numbers = {}, .texts = {}, .sets = {std::move(set)}};
  };
  const MadeTable made(
      {site(1, std::set<std::string>{"a", "b"}), site(2, std::set<std::string>{}), site(3, std::nullopt)});
  const Check check = check_of({.column = "s0", .min = {}, .max = {}, .ideal = {}, .in = {"b", "z"}}, made);
  EXPECT_EQ(judge(check, 0).status, Status::pass);
  EXPECT_EQ(judge(check, 1).status, Status::fail);
  EXPECT_EQ(judge(check, 2).status, Status::unknown);
}

// Values that are only known to be at least so much.
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

TEST(Order, EqualScoresGoById) {
  const std::vector<Asked> asked{{.column = "n0", .min = 0, .max = {}, .ideal = {}, .in = {}}};
  const MadeTable made({with_number(3, 1), with_number(7, 5), with_number(11, 2), with_number(20, 9)});
  const Found found = run(asked, made, true, 2);
  ASSERT_EQ(found.best.size(), 2U);
  EXPECT_EQ(found.best[0].id, 3);
  EXPECT_EQ(found.best[1].id, 7);
  EXPECT_EQ(found.scan.ranking.count(), 4);
}

TEST(Both, FailsWhereOneFailsAndIsUnknownWhereOneIs) {
  EXPECT_EQ(both(Status::pass, Status::pass), Status::pass);
  EXPECT_EQ(both(Status::pass, Status::fail), Status::fail);
  EXPECT_EQ(both(Status::unknown, Status::fail), Status::fail);
  EXPECT_EQ(both(Status::fail, Status::unknown), Status::fail);
  EXPECT_EQ(both(Status::pass, Status::unknown), Status::unknown);
  EXPECT_EQ(both(Status::unknown, Status::pass), Status::unknown);
}

// ---- random questions ----

class Dice {
 public:
  explicit Dice(unsigned seed) : m_random(seed) {}
  std::size_t below(std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(0, most - 1)(m_random);
  }
  bool chance(double part) { return std::uniform_real_distribution<double>(0, 1)(m_random) < part; }
  // Few different values, so that ties and values at bounds are common.
  double value() { return static_cast<double>(below(12)) / 2; }
  std::string word() { return std::string(1, static_cast<char>('a' + below(5))); }
  template <class T>
  void mix(std::vector<T>& all) {
    std::shuffle(all.begin(), all.end(), m_random);
  }

 private:
  std::mt19937 m_random;
};

constexpr std::size_t of_each_form = 2;

std::vector<PlainSite> random_sites(Dice& dice) {
  std::vector<PlainSite> out(1 + dice.below(dice.chance(0.05) ? 3000 : 60));
  std::int64_t id = 0;
  for (PlainSite& site : out) {
    site.id = id += 1 + static_cast<std::int64_t>(dice.below(5));
    for (std::size_t i = 0; i < of_each_form; ++i) {
      site.numbers.push_back(dice.chance(0.2) ? std::nullopt : std::optional(dice.value()));
      site.texts.push_back(dice.chance(0.2) ? std::nullopt : std::optional(dice.word()));
      std::set<std::string> words;
      while (dice.chance(0.5)) words.insert(dice.word());
      site.sets.push_back(dice.chance(0.2) ? std::nullopt : std::optional(words));
      // Of the first of each form only, so that there are columns without any mark.
      site.least_numbers.push_back(i == 0 && site.numbers[i] && dice.chance(0.3));
      site.least_sets.push_back(i == 0 && site.sets[i] && dice.chance(0.3));
    }
  }
  return out;
}

Asked random_criterion(Dice& dice) {
  Asked out;
  out.weight = dice.chance(0.1) ? 0 : 0.25 * static_cast<double>(1 + dice.below(8));
  out.required = dice.chance(0.6);
  const std::string number = std::to_string(dice.below(of_each_form + (dice.chance(0.05) ? 1 : 0)));
  if (dice.chance(0.3)) {
    out.column = (dice.chance(0.5) ? "t" : "s") + number;
    while (out.in.empty() || dice.chance(0.5)) out.in.insert(dice.word());
    return out;
  }
  out.column = "n" + number;
  const double low = dice.value();
  const double high = low + dice.value();
  if (dice.chance(0.7)) out.min = low;
  if (!out.min || dice.chance(0.5)) out.max = high;
  if (dice.chance(0.5)) out.ideal = low + (high - low) * static_cast<double>(dice.below(5)) / 4;
  return out;
}

Verdict plainly(const Asked& asked, const PlainSite& site) {
  const auto number = static_cast<std::size_t>(asked.column[1] - '0');
  if (number >= of_each_form) return {Status::unknown, 0};
  if (asked.column[0] == 't') {
    if (!site.texts[number]) return {Status::unknown, 0};
    return asked.in.contains(*site.texts[number]) ? Verdict{Status::pass, 1} : Verdict{Status::fail, 0};
  }
  if (asked.column[0] == 's') {
    if (!site.sets[number]) return {Status::unknown, 0};
    for (const std::string& word : *site.sets[number])
      if (asked.in.contains(word)) return {Status::pass, 1};
    return {site.least_sets[number] ? Status::unknown : Status::fail, 0};
  }
  if (!site.numbers[number]) return {Status::unknown, 0};
  const double value = *site.numbers[number];
  if (site.least_numbers[number]) {
    if (asked.max) return {value > *asked.max ? Status::fail : Status::unknown, 0};
    if (asked.min && value < *asked.min) return {Status::unknown, 0};
  }
  if (asked.min && value < *asked.min) return {Status::fail, 0};
  if (asked.max && value > *asked.max) return {Status::fail, 0};
  if (!asked.ideal || value == *asked.ideal) return {Status::pass, 1};
  if (value < *asked.ideal)
    return {Status::pass, asked.min ? (value - *asked.min) / (*asked.ideal - *asked.min) : 1};
  return {Status::pass, asked.max ? (*asked.max - value) / (*asked.max - *asked.ideal) : 1};
}

bool removes(const Asked& asked, Status status, bool keep) {
  return asked.required && (status == Status::fail || (status == Status::unknown && !keep));
}

void compare(const std::vector<PlainSite>& sites, const std::vector<Asked>& asked, bool keep,
             std::size_t limit) {
  const MadeTable made(sites);
  const Found found = run(asked, made, keep, limit);
  std::vector<Check> checks;
  double weights = 0;
  for (const Asked& each : asked) {
    checks.push_back(check_of(each, made));
    weights += each.weight;
  }
  std::vector<bool> left(sites.size(), true);
  for (std::size_t c = 0; c < asked.size(); ++c) {
    FunnelStep wanted;
    for (std::size_t i = 0; i < sites.size(); ++i) {
      const Verdict verdict = plainly(asked[c], sites[i]);
      const Verdict judged = judge(checks[c], i);
      ASSERT_EQ(judged.status, verdict.status);
      ASSERT_NEAR(judged.fulfilment, verdict.fulfilment, 1e-12);
      wanted.failed += verdict.status == Status::fail;
      wanted.unknown += verdict.status == Status::unknown;
      const bool out = removes(asked[c], verdict.status, keep);
      wanted.alone += out;
      if (out && left[i]) {
        ++wanted.in_turn;
        left[i] = false;
      }
    }
    wanted.remaining = std::count(left.begin(), left.end(), true);
    const FunnelStep& step = found.scan.funnel[c];
    ASSERT_EQ(step.failed, wanted.failed);
    ASSERT_EQ(step.unknown, wanted.unknown);
    ASSERT_EQ(step.alone, wanted.alone);
    ASSERT_EQ(step.in_turn, wanted.in_turn);
    ASSERT_EQ(step.remaining, wanted.remaining);
  }
  std::vector<std::pair<double, std::int64_t>> wanted;
  for (std::size_t i = 0; i < sites.size(); ++i) {
    if (!left[i]) continue;
    double score = 0;
    for (const Asked& each : asked) score += each.weight * plainly(each, sites[i]).fulfilment / weights;
    wanted.emplace_back(-std::round(score * 1e9), sites[i].id);
  }
  std::sort(wanted.begin(), wanted.end());
  ASSERT_EQ(static_cast<std::size_t>(found.scan.ranking.count()), wanted.size());
  ASSERT_EQ(found.best.size(), std::min(limit, wanted.size()));
  for (std::size_t i = 0; i < found.best.size(); ++i) {
    // Sums in another order may round to the next thousand-millionth.
    ASSERT_NEAR(static_cast<double>(found.best[i].rank), -wanted[i].first, 1);
    ASSERT_NEAR(score_of(asked, made, found.best[i].site) * 1e9, static_cast<double>(found.best[i].rank),
                0.501);
  }
  ASSERT_TRUE(std::is_sorted(found.best.begin(), found.best.end()));
  std::set<std::int64_t> matched, wanted_ids;
  for (const Candidate& each : run(asked, made, keep, sites.size()).best) matched.insert(each.id);
  for (const auto& each : wanted) wanted_ids.insert(each.second);
  ASSERT_EQ(matched, wanted_ids);
}

TEST(RandomQuestions, AreAnsweredAsPlainly) {
  Dice dice(20261121);
  for (int question = 0; question < 2500; ++question) {
    SCOPED_TRACE(question);
    const std::vector<PlainSite> sites = random_sites(dice);
    std::vector<Asked> asked(1 + dice.below(6));
    for (Asked& each : asked) each = random_criterion(dice);
    asked.front().weight = 1;
    compare(sites, asked, dice.chance(0.5), 1 + dice.below(40));
    if (HasFatalFailure()) return;
  }
}

TEST(RandomQuestions, DoNotDependOnTheOrderOfRowsOrTables) {
  Dice dice(7);
  for (int question = 0; question < 200; ++question) {
    std::vector<PlainSite> sites = random_sites(dice);
    std::vector<Asked> asked{random_criterion(dice), random_criterion(dice)};
    asked[0].weight = 1;
    const auto ids_in_order = [&] {
      const MadeTable made(sites);
      std::vector<std::pair<std::int64_t, std::int64_t>> out;
      for (const Candidate& each : run(asked, made, true, 25).best) out.emplace_back(each.rank, each.id);
      return out;
    };
    const auto before = ids_in_order();
    dice.mix(sites);
    ASSERT_EQ(ids_in_order(), before);
  }
}

TEST(RandomQuestions, SeveralTablesAreOne) {
  Dice dice(11);
  for (int question = 0; question < 200; ++question) {
    const std::vector<PlainSite> sites = random_sites(dice);
    std::vector<Asked> asked{random_criterion(dice), random_criterion(dice), random_criterion(dice)};
    asked[0].weight = 1;
    const std::size_t half = sites.size() / 2;
    const MadeTable whole(sites), first({sites.begin(), sites.begin() + static_cast<std::ptrdiff_t>(half)}),
        second({sites.begin() + static_cast<std::ptrdiff_t>(half), sites.end()});
    const Found wanted = run(asked, whole, false, 30);
    Scan parts(30);
    std::uint32_t number = 0;
    for (const MadeTable* made : {&first, &second}) {
      std::vector<Check> checks;
      for (const Asked& each : asked) checks.push_back(check_of(each, *made));
      std::vector<std::uint32_t> all(made->ids.size());
      std::iota(all.begin(), all.end(), 0U);
      std::vector<std::vector<std::uint8_t>> used(checks.size());
      scan(checks, all, made->table, number++, false, base::Deadline::never(), parts, used);
    }
    ASSERT_EQ(parts.considered, wanted.scan.considered);
    for (std::size_t i = 0; i < asked.size(); ++i) {
      ASSERT_EQ(parts.funnel[i].in_turn, wanted.scan.funnel[i].in_turn);
      ASSERT_EQ(parts.funnel[i].remaining, wanted.scan.funnel[i].remaining);
    }
    const auto found = parts.ranking.best(rank_of_certain);
    ASSERT_EQ(found.size(), wanted.best.size());
    for (std::size_t i = 0; i < found.size(); ++i) ASSERT_EQ(found[i].id, wanted.best[i].id);
  }
}

TEST(Scan, StopsAtTheDeadline) {
  const MadeTable made({with_number(1, 1)});
  Scan out(1);
  std::vector<std::vector<std::uint8_t>> used(1);
  const std::vector<std::uint32_t> all{0};
  EXPECT_THROW(scan({check_of({.column = "n0", .min = 0, .max = {}, .ideal = {}, .in = {}}, made)}, all,
                    made.table, 0, true, base::Deadline::after(std::chrono::milliseconds(0)), out, used),
               base::Error);
}

}  // namespace
}  // namespace ritchi::analysis
