// Who asks, and what they may see and do.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "geodata/store/audience.hpp"

namespace ritchi::access {

enum class Role { everyone, company, municipality, administrator };

// public, company, municipality, operator: the words of keys and answers.
const char* name_of(Role role) noexcept;
std::optional<Role> role_named(std::string_view name) noexcept;

// A default one is anybody without a key.
struct Caller {
  std::int64_t key = 0;  // 0: none
  std::string holder;    // the company, municipality or office as the key names it
  Role role = Role::everyone;
  store::Audience audience;
};

}  // namespace ritchi::access
