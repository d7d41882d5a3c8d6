// What an OGC API - Processes execution request says beside the question itself.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "tileserver/analysis/process.hpp"

namespace ritchi::analysis {

struct Execution {
  nlohmann::json inputs;
  bool as_document = false;      // {"result": …} instead of the result alone
  std::optional<Format> format;  // as "outputs" names it
};

// The body of an execution request, {"inputs": {…}, "outputs": {…}, "response": …}; an object without
// "inputs", "outputs" and "response" is taken for the inputs themselves. Throws Error(bad_input | too_large).
Execution read_execution(const Process& process, std::string_view body);

// The text of the inputs alone, as in a link.
Execution read_inputs(std::string_view text);

// Throws Error(bad_input), where naming the parameter, for a format that the process does not offer.
Format offered_format(const Process& process, std::string_view name, const std::string& where);

// The result in the form of a document, where that was asked for.
Answer as_document(const Process& process, Answer answer);

}  // namespace ritchi::analysis
