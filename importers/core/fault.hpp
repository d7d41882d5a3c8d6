// Why a record is not taken: which value, what is wrong with it, and what to do.
#pragma once
#include <string>

namespace ritchi::importers {

struct Fault {
  std::string field;
  std::string value;
  std::string reason;
  std::string remedy;
};

}  // namespace ritchi::importers
