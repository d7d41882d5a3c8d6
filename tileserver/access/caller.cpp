#include "tileserver/access/caller.hpp"

namespace ritchi::access {

const char* name_of(Role role) noexcept {
  switch (role) {
    case Role::company:
      return "company";
    case Role::municipality:
      return "municipality";
    case Role::administrator:
      return "operator";
    case Role::everyone:
      break;
  }
  return "public";
}

std::optional<Role> role_named(std::string_view name) noexcept {
  for (const Role role : {Role::everyone, Role::company, Role::municipality, Role::administrator})
    if (name == name_of(role)) return role;
  return std::nullopt;
}

}  // namespace ritchi::access
