// Why a record is not taken: which value, what is wrong with it, and what to do.
#pragma once
#include <string>

#include "importers/core/message.hpp"

namespace ritchi::importers {

struct Fault {
  std::string field;
  std::string value;
  Message reason;
  Message remedy;
};

}  // namespace ritchi::importers
