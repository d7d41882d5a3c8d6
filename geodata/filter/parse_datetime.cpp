#include <algorithm>
#include <array>
#include <optional>

#include "geodata/filter/instant.hpp"
#include "geodata/filter/predicate.hpp"
#include "geodata/filter/tree_builder.hpp"

namespace ritchi::filter {
namespace {

// The first and last microsecond asked for; nullopt: open.
struct Span {
  std::optional<std::int64_t> begin, end;
};

base::Error bad_datetime(std::string_view parameter) {
  return bad_filter("'" + std::string(parameter) + "' is neither a date-time nor an interval", "datetime",
                    "write 2024-04-01T00:00:00Z, 2024-04-01, or an interval such as 2024-04-01/..",
                    "'" + std::string(parameter) + "' は日時でも期間でもありません",
                    "2024-04-01T00:00:00Z、2024-04-01、2024-04-01/.. のように書いてください");
}

Span parse_span(std::string_view parameter) {
  const auto slash = parameter.find('/');
  const bool interval = slash != std::string_view::npos;
  const std::array<std::string_view, 2> ends{parameter.substr(0, slash),
                                             interval ? parameter.substr(slash + 1) : parameter};
  std::array<std::optional<std::int64_t>, 2> found;
  for (std::size_t i = 0; i < 2; ++i) {
    if (interval && (ends[i].empty() || ends[i] == "..")) continue;
    if (const auto day = parse_day(ends[i]))
      found[i] = *day * microseconds_per_day + (i == 1 ? microseconds_per_day - 1 : 0);
    else
      found[i] = parse_instant(ends[i]);
    if (!found[i]) throw bad_datetime(parameter);
  }
  const bool nothing = interval && ends[0].empty() && ends[1].empty();
  if (nothing || (found[0] && found[1] && *found[0] > *found[1])) throw bad_datetime(parameter);
  return {found[0], found[1]};
}

class DatedFilter {
 public:
  explicit DatedFilter(const catalogue::Layer& layer) : m_layer(layer) {}

  // The attribute compared with a moment, or unknown.
  NodePtr bound(const std::string& attribute, Op op, std::int64_t moment) {
    const NodePtr name = m_builder.named(Op::property, attribute, "datetime");
    return m_builder.make(Op::disjunction,
                          {m_builder.make(Op::is_null, {name}, "datetime"),
                           m_builder.make(op, {name, literal(attribute, moment)}, "datetime")},
                          "datetime");
  }

  NodePtr all(std::vector<NodePtr> terms) {
    return m_builder.make(Op::conjunction, std::move(terms), "datetime");
  }

 private:
  NodePtr literal(const std::string& attribute, std::int64_t moment) {
    using catalogue::AttributeType;
    const std::string text = instant_text(moment);
    const auto* found = m_layer.find(attribute);
    if (found->type == AttributeType::datetime) return m_builder.timestamp(text, "datetime");
    if (found->type == AttributeType::date) return m_builder.date(text.substr(0, 10), "datetime");
    std::int64_t year = std::stoi(text.substr(0, 4));
    if (m_layer.dated_by.fiscal_year && std::stoi(text.substr(5, 2)) < 4) --year;
    return m_builder.literal(year, "datetime");
  }

  const catalogue::Layer& m_layer;
  TreeBuilder m_builder{Limits{}};
};

}  // namespace

PredicatePtr parse_datetime(std::string_view parameter, const catalogue::Layer& layer) {
  const Span span = parse_span(parameter);
  const auto& by = layer.dated_by;
  if (by.empty()) return nullptr;
  DatedFilter filter(layer);
  std::vector<NodePtr> terms;
  // It begins before the end, and ends after the beginning; where one moment is both, it is both.
  const std::string& first = by.at.empty() ? by.from : by.at;
  const std::string& last = by.at.empty() ? by.to : by.at;
  if (span.end) terms.push_back(filter.bound(first, Op::less_equal, *span.end));
  if (span.begin && !last.empty()) terms.push_back(filter.bound(last, Op::greater_equal, *span.begin));
  if (terms.empty()) return nullptr;
  return check(filter.all(std::move(terms)), layer);
}

}  // namespace ritchi::filter
