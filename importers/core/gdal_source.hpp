// Any vector dataset that GDAL opens, as a stream of features with strictly decoded texts.
#pragma once
#include <memory>
#include <string>

#include "importers/core/source.hpp"

namespace ritchi::importers {

// Throws Error(bad_input) where GDAL knows no driver for it or the file is damaged.
std::unique_ptr<Source> open_gdal_source(const std::string& name, const std::string& shown,
                                         const SourceOptions& options);

}  // namespace ritchi::importers
