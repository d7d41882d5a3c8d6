// The constraint report as a question that the server and the shell offer.
#pragma once
#include <vector>

#include "tileserver/analysis/process.hpp"

namespace ritchi::analysis {

inline const std::vector<Format> report_formats{Format::json, Format::html, Format::geojson};

Process constraint_report();

}  // namespace ritchi::analysis
