// What a parser makes of one text: a value, "unknown" (stated as such or left blank), or the reason why
// neither.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "importers/core/message.hpp"

namespace ritchi::importers {

template <class T>
struct Parsed {
  std::optional<T> value;
  Message error;

  bool unknown() const { return !value && error.empty(); }
  bool failed() const { return !error.empty(); }

  static Parsed of(T value) { return {std::move(value), {}}; }
  static Parsed nothing() { return {}; }
  static Parsed fault(Message reason) { return {std::nullopt, std::move(reason)}; }
};

// NFKC, without blanks at the ends: the form in which all parsers compare and read text.
std::string folded(std::string_view text);

// True for the ways in which ledgers write "not known": blank, -, ―, 不明, 未定, …, ***, null.
bool says_unknown(std::string_view folded_text);

}  // namespace ritchi::importers
