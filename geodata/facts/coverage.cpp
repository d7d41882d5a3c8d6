#include "geodata/facts/coverage.hpp"

namespace ritchi::facts {

const char* name_of(Covered covered) noexcept {
  switch (covered) {
    case Covered::all:
      return "covered";
    case Covered::partly:
      return "partly";
    case Covered::none:
      break;
  }
  return "no_data";
}

}  // namespace ritchi::facts
