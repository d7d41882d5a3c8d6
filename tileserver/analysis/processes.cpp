#include "tileserver/analysis/processes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "geodata/base/error.hpp"
#include "tileserver/analysis/match_sites.hpp"
#include "tileserver/analysis/report_process.hpp"

namespace ritchi::analysis {

std::vector<Process> make_processes() {
  std::vector<Process> out;
  out.push_back(match_sites());
  out.push_back(constraint_report());
  return out;
}

const Process& find_process(const std::vector<Process>& processes, std::string_view id) {
  const auto found =
      std::find_if(processes.begin(), processes.end(), [&](const Process& each) { return each.id == id; });
  if (found != processes.end()) return *found;
  std::string known;
  for (const Process& each : processes) known += (known.empty() ? "" : ", ") + each.id;
  throw base::Error(base::ErrorKind::not_found, fmt::format("there is no process '{}'", id), "process",
                    "there are: " + known)
      .in_japanese(fmt::format("「{}」という分析はありません", id), "使える分析: " + known);
}

}  // namespace ritchi::analysis
