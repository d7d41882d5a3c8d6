#include "tileserver/analysis/match_scan.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

namespace ritchi::analysis {

using store::FactForm;

namespace {

// So many sites at a time that all that is known of them stays in the nearest cache.
constexpr std::size_t block_size = 1024;
constexpr double ranks_per_score = 1e9;

// In a straight line from 1 at the ideal to 0 at the bound on the value's side. On the other side the part
// lost is negative, without a bound it is nothing, and at the ideal nothing or no number; written so that
// there are no branches, since a scan asks for millions.
double fulfilment_beside(double ideal, double min, double max, double value) {
  const double below = (ideal - value) / (ideal - min);
  const double above = (value - ideal) / (max - ideal);
  double lost = below > 0 ? below : 0;
  lost = above > lost ? above : lost;
  return 1 - lost;
}

double fulfilment(const Check& check, double value) {
  return check.ideal ? fulfilment_beside(*check.ideal, check.min, check.max, value) : 1;
}

// A number that may be any between two.
Verdict judge_range(const Check& check, double least, double most) {
  if (std::isnan(least)) return {Status::unknown, 0};
  if (least > check.max || most < check.min) return {Status::fail, 0};
  if (!(least >= check.min && most <= check.max)) return {Status::unknown, 0};
  // It rises to the ideal and falls beyond: nowhere between is it less than at both ends.
  return {Status::pass, std::min(fulfilment(check, least), fulfilment(check, most))};
}

Verdict judge_word(const Check& check, std::uint32_t word) {
  if (word == store::no_word) return {Status::unknown, 0};
  return check.accepted[word] != 0 ? Verdict{Status::pass, 1} : Verdict{Status::fail, 0};
}

Verdict judge_set(const Check& check, std::span<const std::uint32_t> words, bool at_least) {
  if (words.size() == 1 && words[0] == store::no_word) return {Status::unknown, 0};
  const bool any = std::any_of(words.begin(), words.end(), [&](std::uint32_t word) {
    return word != store::no_word && check.accepted[word] != 0;
  });
  if (any) return {Status::pass, 1};
  return {at_least ? Status::unknown : Status::fail, 0};
}

// has_marks: does the column mark values that are only known to be at least so much?
template <FactForm form, bool has_marks>
Verdict judge_as(const Check& check, std::size_t site) {
  const std::size_t row = check.column.row_of(site);
  const bool at_least = has_marks && check.column.at_least[row] != 0;
  if constexpr (form == FactForm::number) {
    const double value = check.column.numbers[row];
    return at_least && value < check.most ? judge_range(check, value, check.most)
                                          : judge_number(check, value);
  } else if constexpr (form == FactForm::text) {
    return judge_word(check, check.column.texts[row]);
  } else {
    return judge_set(check, check.column.set_at(row), at_least);
  }
}

// A verdict of which the fulfilment is not known exactly.
struct Bounded {
  Status status = Status::unknown;
  double least = 0;
  double most = 0;
};

// The fulfilment rises up to the ideal and falls beyond: it is least at one of the ends.
Bounded judge_bounds(const Check& check, std::size_t site) {
  const Status status = check.statuses[site];
  if (status != Status::pass) return {status, 0, 0};
  if (!check.ideal) return {status, 1, 1};
  const double nearest = std::clamp(check.distances->least_km(site), check.min, check.max);
  const double farthest = std::clamp(check.distances->most_km(site), check.min, check.max);
  const double at_nearest = fulfilment(check, nearest);
  const double at_farthest = fulfilment(check, farthest);
  const bool around_ideal = nearest <= *check.ideal && *check.ideal <= farthest;
  return {status, std::min(at_nearest, at_farthest), around_ideal ? 1 : std::max(at_nearest, at_farthest)};
}

// Calls with the form as a constant.
template <class Use>
auto with_form(FactForm form, const Use& use) {
  switch (form) {
    case FactForm::number:
      return use(std::integral_constant<FactForm, FactForm::number>());
    case FactForm::text:
      return use(std::integral_constant<FactForm, FactForm::text>());
    case FactForm::texts:
      break;
  }
  return use(std::integral_constant<FactForm, FactForm::texts>());
}

// What one criterion says of the sites of a block. Without an ideal the status says it all.
struct Verdicts {
  std::array<Status, block_size> status;
  std::array<double, block_size> fulfilment;  // at most, where it is not certain
  std::array<double, block_size> least;       // only of distances
  std::array<double, block_size> value;       // only of numbers, while they are judged
  std::array<double, block_size> greatest;    // that it may be
};

// Gives the row of each site of the block.
template <class Take>
void for_each_row_of(const SiteColumn& column, std::span<const std::uint32_t> sites, const Take& take) {
  if (column.rows.empty())
    for (std::size_t i = 0; i < sites.size(); ++i) take(i, sites[i]);
  else
    for (std::size_t i = 0; i < sites.size(); ++i) take(i, column.rows[sites[i]]);
}

static_assert(static_cast<int>(Status::fail) == 0 && static_cast<int>(Status::pass) == 1 &&
              static_cast<int>(Status::unknown) == 2);

// As judge_number and judge_range do it, in passes that a compiler makes into vectors.
template <bool has_marks>
void judge_numbers(const Check& check, std::span<const std::uint32_t> sites, Verdicts& out) {
  std::array<double, block_size>& value = out.value;
  std::array<double, block_size>& greatest = out.greatest;
  for_each_row_of(check.column, sites, [&](std::size_t i, std::size_t row) {
    value[i] = check.column.numbers[row];
    if constexpr (has_marks)
      greatest[i] = check.column.at_least[row] != 0 ? std::max(value[i], check.most) : value[i];
  });
  const std::array<double, block_size>& most = has_marks ? greatest : value;
  const double min = check.min, max = check.max;
  for (std::size_t i = 0; i < sites.size(); ++i) {
    // Of NaN every comparison is false. Without branches, as above: what neither passes nor fails is unknown.
    const unsigned passes = static_cast<unsigned>(value[i] >= min) & static_cast<unsigned>(most[i] <= max);
    const unsigned fails = static_cast<unsigned>(value[i] > max) | static_cast<unsigned>(most[i] < min);
    out.status[i] = static_cast<Status>(passes | ((passes | fails) ^ 1U) << 1U);
  }
  if (!check.ideal) return;
  const double ideal = *check.ideal;
  for (std::size_t i = 0; i < sites.size(); ++i) {
    double fulfilment = fulfilment_beside(ideal, min, max, value[i]);
    if constexpr (has_marks) fulfilment = std::min(fulfilment, fulfilment_beside(ideal, min, max, most[i]));
    fulfilment = value[i] >= min ? fulfilment : 0;
    out.fulfilment[i] = most[i] <= max ? fulfilment : 0;
  }
}

template <FactForm form, bool has_marks>
void judge_each(const Check& check, std::span<const std::uint32_t> sites, Verdicts& out) {
  for (std::size_t i = 0; i < sites.size(); ++i) {
    const Verdict verdict = judge_as<form, has_marks>(check, sites[i]);
    out.status[i] = verdict.status;
    out.fulfilment[i] = verdict.fulfilment;
  }
}

void judge_distances(const Check& check, std::span<const std::uint32_t> sites, Verdicts& out) {
  for (std::size_t i = 0; i < sites.size(); ++i) {
    const Bounded verdict = judge_bounds(check, sites[i]);
    out.status[i] = verdict.status;
    out.fulfilment[i] = verdict.most;
    out.least[i] = verdict.least;
  }
}

void judge_block(const Check& check, std::span<const std::uint32_t> sites, Verdicts& out) {
  if (!check.known) {
    std::fill_n(out.status.begin(), sites.size(), Status::unknown);
    std::fill_n(out.fulfilment.begin(), sites.size(), 0);
    return;
  }
  if (check.members) return judge_distances(check, sites, out);
  const bool has_marks = !check.column.at_least.empty();
  if (check.column.form == FactForm::number)
    return has_marks ? judge_numbers<true>(check, sites, out) : judge_numbers<false>(check, sites, out);
  with_form(check.column.form, [&]<FactForm form>(std::integral_constant<FactForm, form>) {
    has_marks ? judge_each<form, true>(check, sites, out) : judge_each<form, false>(check, sites, out);
  });
}

struct Block {
  std::array<double, block_size> score;
  std::array<double, block_size> least_score;
  std::array<std::uint8_t, block_size> alive;  // 0 or 1
};

class Scanner {
 public:
  Scanner(const std::vector<Check>& checks, bool keep_unknown)
      : m_keep_unknown(keep_unknown),
        m_weights(sum_of_weights(checks)),
        m_is_uncertain(std::any_of(checks.begin(), checks.end(), is_uncertain)) {}

  void apply(const Check& check, std::span<const std::uint32_t> sites, FunnelStep& step, Block& block) {
    judge_block(check, sites, m_verdicts);
    count(check, sites.size(), step, block);
    add(check, sites.size(), m_verdicts.fulfilment, block.score);
    if (m_is_uncertain)
      add(check, sites.size(), is_uncertain(check) ? m_verdicts.least : m_verdicts.fulfilment,
          block.least_score);
  }
  const std::array<double, block_size>& least_score(const Block& block) const {
    return m_is_uncertain ? block.least_score : block.score;
  }

 private:
  // Is its fulfilment known between bounds alone?
  static bool is_uncertain(const Check& check) { return check.members && check.ideal; }

  void add(const Check& check, std::size_t count, const std::array<double, block_size>& fulfilment,
           std::array<double, block_size>& score) const {
    // Without an ideal all that pass contribute alike.
    const double whole = check.weight / m_weights;
    const Status* __restrict status = m_verdicts.status.data();
    if (!check.ideal)
      for (std::size_t i = 0; i < count; ++i) score[i] += status[i] == Status::pass ? whole : 0;
    else
      for (std::size_t i = 0; i < count; ++i) score[i] += check.weight * fulfilment[i] / m_weights;
  }

  void count(const Check& check, std::size_t count, FunnelStep& step, Block& block) const {
    std::uint32_t failed = 0, unknown = 0, in_turn = 0, remaining = 0;
    const auto fail_removes = static_cast<std::uint8_t>(check.required);
    const auto unknown_removes = static_cast<std::uint8_t>(check.required && !m_keep_unknown);
    const Status* __restrict status = m_verdicts.status.data();
    std::uint8_t* __restrict alive = block.alive.data();
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint8_t fails = status[i] == Status::fail ? 1 : 0;
      const std::uint8_t is_unknown = status[i] == Status::unknown ? 1 : 0;
      const auto removes = static_cast<std::uint8_t>((fails & fail_removes) | (is_unknown & unknown_removes));
      failed += fails;
      unknown += is_unknown;
      in_turn += static_cast<std::uint8_t>(removes & alive[i]);
      alive[i] = static_cast<std::uint8_t>(alive[i] & (removes ^ 1));
      remaining += alive[i];
    }
    step.failed += failed;
    step.unknown += unknown;
    if (check.required) step.alone += failed + (m_keep_unknown ? 0 : unknown);
    step.in_turn += in_turn;
    step.remaining += remaining;
  }

  bool m_keep_unknown;
  double m_weights;
  bool m_is_uncertain;
  Verdicts m_verdicts{};
};

void note_sources(const Check& check, std::span<const std::uint32_t> sites, const SiteTable& table,
                  std::vector<std::uint8_t>& used) {
  if (sites.size() == table.size()) {
    for (const std::uint16_t source : check.column.used_sources) used[source] = 1;
    return;
  }
  if (check.column.sources.empty()) return;
  for (const std::uint32_t site : sites) {
    const std::uint16_t source = check.column.sources[check.column.row_of(site)];
    if (source != store::no_source) used[source] = 1;
  }
}

}  // namespace

const char* name_of(Status status) noexcept {
  switch (status) {
    case Status::pass:
      return "pass";
    case Status::fail:
      return "fail";
    case Status::unknown:
      break;
  }
  return "unknown";
}

Verdict judge_number(const Check& check, double value) {
  if (std::isnan(value)) return {Status::unknown, 0};
  if (!(value >= check.min && value <= check.max)) return {Status::fail, 0};
  return {Status::pass, fulfilment(check, value)};
}

Status both(Status first, Status second) {
  if (first == Status::fail || second == Status::fail) return Status::fail;
  return first == Status::unknown ? first : second;
}

Verdict judge(const Check& check, std::size_t site) {
  if (!check.known) return {};
  if (check.members) {
    const Status status = check.statuses[site];
    if (status != Status::pass || !check.ideal) return {status, status == Status::pass ? 1.0 : 0.0};
    return {status, fulfilment(check, check.measured.at(static_cast<std::uint32_t>(site)).km)};
  }
  return with_form(check.column.form, [&]<FactForm form>(std::integral_constant<FactForm, form>) {
    return check.column.at_least.empty() ? judge_as<form, false>(check, site)
                                         : judge_as<form, true>(check, site);
  });
}

double sum_of_weights(const std::vector<Check>& checks) {
  double out = 0;
  for (const Check& check : checks) out += check.weight;
  return out;
}

std::int64_t score_rank(const std::vector<Check>& checks, std::size_t site) {
  const double weights = sum_of_weights(checks);
  double score = 0;
  for (const Check& check : checks) score += check.weight * judge(check, site).fulfilment / weights;
  return std::llround(score * ranks_per_score);
}

void scan(const std::vector<Check>& checks, std::span<const std::uint32_t> considered, const SiteTable& table,
          std::uint32_t table_number, bool keep_unknown, const base::Deadline& deadline, Scan& out,
          std::vector<std::vector<std::uint8_t>>& used) {
  out.funnel.resize(checks.size());
  out.considered += static_cast<std::int64_t>(considered.size());
  Scanner scanner(checks, keep_unknown);
  Block block{};
  for (std::size_t i = 0; i < checks.size(); ++i) note_sources(checks[i], considered, table, used[i]);
  for (std::size_t begin = 0; begin < considered.size(); begin += block_size) {
    deadline.check();
    const auto sites = considered.subspan(begin, std::min(block_size, considered.size() - begin));
    block.score.fill(0);
    block.least_score.fill(0);
    block.alive.fill(1);
    for (std::size_t i = 0; i < checks.size(); ++i) scanner.apply(checks[i], sites, out.funnel[i], block);
    for (std::size_t i = 0; i < sites.size(); ++i) {
      if (block.alive[i] == 0) continue;
      out.ranking.add({.rank = std::llround(block.score[i] * ranks_per_score),
                       .least_rank = std::llround(scanner.least_score(block)[i] * ranks_per_score),
                       .id = table.ids[sites[i]],
                       .table = table_number,
                       .site = sites[i]});
    }
  }
}

}  // namespace ritchi::analysis
