// Are the facts of the published features there, whole, and of what is published now?
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "geodata/catalogue/catalogue.hpp"

namespace ritchi::app {

struct FactsFinding {
  std::filesystem::path dataset;
  std::string problem;
  bool damaged = false;  // the file itself; otherwise it is missing or out of date, which `rebuild` mends
};

// Of every dataset of a data folder whose layer has facts: what is not as it should be.
std::vector<FactsFinding> look_at_facts(const std::filesystem::path& data_folder,
                                        const catalogue::Catalogue& catalogue);

}  // namespace ritchi::app
