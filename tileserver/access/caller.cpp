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

}  // namespace ritchi::access
