#include "importers/core/reject_reasons.hpp"

#include <algorithm>

namespace ritchi::importers {
namespace {

constexpr std::size_t most_kinds = 1000;

// "lies outside Japan: 1.0 2.0" and "lies outside Japan: 3.0 4.0" are one reason.
std::string kind_of(const Fault& fault) {
  std::string out = fault.field + '\x1F';
  bool quoted = false;
  for (const char c : fault.reason.en) {
    if (c == '\'') quoted = !quoted;
    if (!quoted && (c < '0' || c > '9')) out += c;
  }
  return out;
}

}  // namespace

void RejectReasons::count(const Fault& fault, const std::string& record) {
  const std::string kind = kind_of(fault);
  auto at = m_reasons.find(kind);
  if (at == m_reasons.end()) {
    if (m_reasons.size() >= most_kinds) return;
    at = m_reasons.emplace(kind, Reason{0, record, fault}).first;
  }
  ++at->second.count;
}

std::vector<RejectReasons::Reason> RejectReasons::most_frequent(std::size_t at_most) const {
  std::vector<Reason> out;
  for (const auto& [kind, reason] : m_reasons) out.push_back(reason);
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.count > b.count; });
  if (out.size() > at_most) out.resize(at_most);
  return out;
}

}  // namespace ritchi::importers
