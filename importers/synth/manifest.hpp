// manifest.json and README.txt: what lies in the folder, and the imports that bring it in, in order.
#pragma once
#include <vector>

#include "importers/synth/generate.hpp"

namespace ritchi::synth {

// {"synthetic": true, "seed", "scale", "region", "counts": {…}, "imports": [{"profile", "files", "layer",
// "as_of", "options": [command line words], "rows": source records of the layer, "features": what a strict
// import makes of them, "planted": {kind of defect: records}}], "sha256": {file: digest}}. An import may
// refuse the planted records of its entry and no others.
void write_manifest(const Request& request, const Counts& counts, const std::vector<ImportEntry>& imports);
void write_readme(const Request& request, const Counts& counts, const std::vector<ImportEntry>& imports);

}  // namespace ritchi::synth
