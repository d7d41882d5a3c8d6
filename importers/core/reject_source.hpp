// A corrected reject file, shown as the source layers from which its records came.
#pragma once
#include <memory>
#include <string>

#include "importers/core/source.hpp"

namespace ritchi::importers {

// By its header.
bool is_reject_file(const std::string& name);

// Throws Error(bad_input) where columns that the file needs have been taken out of it.
std::unique_ptr<Source> open_reject_source(const std::string& name, const std::string& shown,
                                           const SourceOptions& options);

}  // namespace ritchi::importers
