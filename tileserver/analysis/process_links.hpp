// Links that hold a whole question, so that an answer can be asked for again.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tileserver/analysis/process.hpp"

namespace ritchi::analysis {

// The server refuses longer targets (http::Limits::max_target_bytes); a proxy's prefix needs some room too.
inline constexpr std::size_t longest_link_target = 8000;

// JSON without blanks and with keys in order of their bytes: equal questions give equal texts.
std::string normalised_text(const nlohmann::json& inputs);

// rel self in this format and rel alternate in the others; adds to warnings where the question is too long
// for a link. Empty without a public base.
nlohmann::json question_links(const Context& context, const std::string& process,
                              const nlohmann::json& inputs, const std::vector<Format>& formats, Format self,
                              std::vector<std::string>& warnings);

}  // namespace ritchi::analysis
