// manifest.json and README.txt: what lies in the folder, and the imports that bring it in, in order.
#pragma once
#include <vector>

#include "importers/synth/generate.hpp"

namespace ritchi::synth {

// {"synthetic": true, "seed", "scale", "region", "n03_sha256": of the outlines given, or null, "counts": {…},
// "imports": [{"profile", "files", "layer", "as_of", "options": [command line words], "rows": source records
// of the layer, "features": what a strict import makes of them, "expected": the figures that the import's
// report must state ("read", "accepted", "rejected", "skipped", "features", "merged_away", "repaired"),
// "rejected_by": {kind of defect: rows}, "odd": {kind: rows that look wrong and must arrive all the same}}],
// "sha256": {file: digest}}.
void write_manifest(const Request& request, const Summary& made, const std::vector<ImportEntry>& imports);
void write_readme(const Request& request, const Summary& made, const std::vector<ImportEntry>& imports);

}  // namespace ritchi::synth
