// Judging sites by criteria, scoring and counting: pure functions over columns.
//
// A criterion i of weight w_i has a fulfilment s_i between 0 and 1: 0 where it fails or is unknown; where it
// passes 1, or with an ideal value falling in a straight line from 1 at the ideal to 0 at the bound (beyond
// the ideal on a side without bound it stays 1). A value of which only is known that it is at least so much
// passes where all values from there up would, fails where none would, and is unknown otherwise; its
// fulfilment is the least that any of these values would have. A set that may have more words than are known
// passes by those, and is unknown where none of them is asked for. The criterion's contribution is w_i · s_i
// / (w_1 + … + w_n), and the score is the sum of the contributions, in the order of the criteria. Sites are
// ordered by the score rounded to a thousand-millionth, greatest first, and equal ones by id, least first.
#pragma once
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "geodata/base/deadline.hpp"
#include "tileserver/analysis/match_ranking.hpp"
#include "tileserver/analysis/site_distances.hpp"
#include "tileserver/analysis/site_table.hpp"

namespace ritchi::analysis {

enum class Status : std::uint8_t { fail, pass, unknown };
const char* name_of(Status status) noexcept;

struct Members;

struct Verdict {
  Status status = Status::unknown;
  double fulfilment = 0;
};

// A criterion made ready for the sites of one table.
struct Check {
  bool known = true;  // false: the table has no such column, nothing is known
  SiteColumn column;
  double min = -std::numeric_limits<double>::infinity();  // of numbers
  double max = std::numeric_limits<double>::infinity();
  std::optional<double> ideal;
  double most = std::numeric_limits<double>::infinity();  // that a number can be: 1 of shares
  std::vector<std::uint8_t> accepted;                     // of words: 1 for those that pass
  // Of distances: what they are measured to, between what bounds they lie, by site, and which sites pass, by
  // site too, of those that are considered. Measured are those whose bounds do not tell, and those that are
  // shown.
  std::shared_ptr<const Members> members;
  std::shared_ptr<const SiteDistances> distances;
  std::vector<Status> statuses;
  std::unordered_map<std::uint32_t, Measured> measured;
  double weight = 1;
  bool required = true;
  std::shared_ptr<const void> keeps;  // what the column points into
};

// Of distances with an ideal value only those of sites that are measured.
Verdict judge(const Check& check, std::size_t site);
// Of a number alone.
Verdict judge_number(const Check& check, double value);
Status both(Status first, Status second);

struct FunnelStep {
  std::int64_t failed = 0;   // of all considered
  std::int64_t unknown = 0;  // of all considered
  std::int64_t alone = 0;    // removed if it were the only criterion
  std::int64_t in_turn = 0;  // removed of those that the criteria before it left
  std::int64_t remaining = 0;
};

struct Scan {
  explicit Scan(std::size_t limit) : ranking(limit) {}

  std::vector<FunnelStep> funnel;
  Ranking ranking;  // of those that match
  std::int64_t considered = 0;
};

double sum_of_weights(const std::vector<Check>& checks);
// As the scan adds it up, in thousand-millionths; every distance with an ideal is measured.
std::int64_t score_rank(const std::vector<Check>& checks, std::size_t site);

// Adds the sites of one table to what was found in those before it. used[i][s]: set where criterion i has
// values of source s of this table among the considered sites.
void scan(const std::vector<Check>& checks, std::span<const std::uint32_t> considered, const SiteTable& table,
          std::uint32_t table_number, bool keep_unknown, const base::Deadline& deadline, Scan& out,
          std::vector<std::vector<std::uint8_t>>& used);

}  // namespace ritchi::analysis
