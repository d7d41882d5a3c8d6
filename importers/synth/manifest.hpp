// manifest.json and README.txt: what lies in the folder, and the imports that bring it in, in order.
#pragma once
#include <vector>

#include "importers/synth/generate.hpp"

namespace ritchi::synth {

// {"synthetic": true, "seed", "scale", "region", "counts": {…}, "imports": [{"profile", "files", "layer",
// "as_of", "options", "rows", "planted": {kind: count}}], "sha256": {file: digest}}. An import may refuse at
// most the planted records of its entry.
void write_manifest(const Request& request, const Counts& counts, const std::vector<ImportEntry>& imports);
void write_readme(const Request& request, const Counts& counts, const std::vector<ImportEntry>& imports);

}  // namespace ritchi::synth
