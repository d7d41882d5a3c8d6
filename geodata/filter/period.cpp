#include "geodata/filter/period.hpp"

#include <limits>

#include "geodata/filter/instant.hpp"

namespace ritchi::filter {
namespace {

constexpr std::int64_t ever_before = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t ever_after = std::numeric_limits<std::int64_t>::max();

Period with_whole_days(Period period) {
  if (period.days && period.end != ever_after) period.end += microseconds_per_day - 1;
  period.days = false;
  return period;
}

}  // namespace

std::optional<Period> period_of(std::string_view text, Type type) {
  if (type == Type::date) {
    const auto day = parse_day(text);
    if (!day) return std::nullopt;
    return Period{*day * microseconds_per_day, *day * microseconds_per_day, true};
  }
  const auto instant = parse_instant(text);
  if (!instant) return std::nullopt;
  return Period{*instant, *instant, false};
}

Period period_between(const std::optional<Period>& first, const std::optional<Period>& last) {
  const bool days = (!first || first->days) && (!last || last->days);
  Period out{ever_before, ever_after, days};
  if (first) out.begin = first->begin;
  if (last) out.end = days ? last->end : with_whole_days(*last).end;
  return out;
}

bool relates(Op op, Period a, Period b) {
  if (a.days != b.days) a = with_whole_days(a), b = with_whole_days(b);
  switch (op) {
    case Op::t_after:
      return a.begin > b.end;
    case Op::t_before:
      return a.end < b.begin;
    case Op::t_contains:
      return a.begin < b.begin && a.end > b.end;
    case Op::t_disjoint:
      return a.begin > b.end || a.end < b.begin;
    case Op::t_during:
      return a.begin > b.begin && a.end < b.end;
    case Op::t_equals:
      return a.begin == b.begin && a.end == b.end;
    case Op::t_finished_by:
      return a.begin < b.begin && a.end == b.end;
    case Op::t_finishes:
      return a.begin > b.begin && a.end == b.end;
    case Op::t_meets:
      return a.end == b.begin;
    case Op::t_met_by:
      return a.begin == b.end;
    case Op::t_overlapped_by:
      return a.begin > b.begin && a.begin < b.end && a.end > b.end;
    case Op::t_overlaps:
      return a.begin < b.begin && a.end > b.begin && a.end < b.end;
    case Op::t_started_by:
      return a.begin == b.begin && a.end > b.end;
    case Op::t_starts:
      return a.begin == b.begin && a.end < b.end;
    default:  // t_intersects
      return a.begin <= b.end && a.end >= b.begin;
  }
}

int compare_instants(const Period& left, const Period& right) {
  return left.begin < right.begin ? -1 : left.begin > right.begin ? 1 : 0;
}

}  // namespace ritchi::filter
