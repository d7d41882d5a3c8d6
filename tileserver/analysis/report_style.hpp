// The style sheet of the printed report, and the hash by which the page allows it and no other.
#pragma once
#include <string>
#include <string_view>

namespace ritchi::analysis {

std::string_view report_style();
std::string report_style_hash();  // sha256-…, as a Content-Security-Policy has it

}  // namespace ritchi::analysis
