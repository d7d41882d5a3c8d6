// match-sites: which sites fit somebody's needs, why, and which need costs how many sites.
#pragma once
#include "tileserver/analysis/process.hpp"

namespace ritchi::analysis {

Process match_sites();

}  // namespace ritchi::analysis
