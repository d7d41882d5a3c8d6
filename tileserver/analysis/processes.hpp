// Every question that can be asked, in one list: what the server offers and what `ritchi analyse` runs.
#pragma once
#include <string_view>
#include <vector>

#include "tileserver/analysis/process.hpp"

namespace ritchi::analysis {

// Made once; a process may keep what it worked out for the next question.
std::vector<Process> make_processes();

// Throws Error(not_found) naming those that there are.
const Process& find_process(const std::vector<Process>& processes, std::string_view id);

}  // namespace ritchi::analysis
