// Reading what somebody asks: JSON taken strictly, values of the right kind, and errors that name the input.
#pragma once
#include <cstddef>
#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/base/error.hpp"

namespace ritchi::analysis {

// Larger numbers mean nothing in any question here, and would make infinities of sums.
inline constexpr double largest_number = 1e15;
inline constexpr double largest_whole_number = 9007199254740992;  // 2^53: ids are below

struct JsonLimits {
  std::size_t depth = 32;
  std::size_t values = 1'000'000;
};

// Refuses what JSON leaves open or forbids: a key twice in one object, numbers that are not finite or too
// large, text that is not UTF-8, too much depth. `where` is the place of the whole text: an error's
// place is "inputs/criteria/3/max" where `where` is "inputs". Throws Error(bad_input | too_large).
nlohmann::json parse_strictly(std::string_view text, const std::string& where, const JsonLimits& limits = {});

base::Error bad_question(const std::string& message, const std::string& where, const std::string& remedy,
                         const std::string& message_ja, const std::string& remedy_ja);

// One object of a question, at "inputs/criteria/3". Absent members and null are the same.
class InputObject {
 public:
  InputObject(const nlohmann::json& object, std::string where);

  const std::string& where() const { return m_where; }
  std::string where(std::string_view member) const { return m_where + "/" + std::string(member); }
  // nullptr: not given.
  const nlohmann::json* find(std::string_view member) const;
  std::optional<double> number(std::string_view member) const;
  std::optional<std::int64_t> whole_number(std::string_view member, std::int64_t least,
                                           std::int64_t most) const;
  std::optional<bool> truth(std::string_view member) const;
  std::optional<std::string> text(std::string_view member) const;
  // Throws for members that are none of these.
  void allow_only(std::initializer_list<std::string_view> members) const;

 private:
  const nlohmann::json& m_object;
  std::string m_where;
};

// The names most like this one, for "did you mean".
std::vector<std::string> nearest_names(std::string_view name, const std::vector<std::string>& names);

// A date YYYY-MM-DD, or throws.
std::string checked_date(const std::string& text, const std::string& where);

}  // namespace ritchi::analysis
