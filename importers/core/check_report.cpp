#include "importers/core/check_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <set>

#include "importers/core/same_shapes.hpp"

namespace ritchi::importers {

void CheckReport::count(const std::vector<load::Note>& notes_of_feature) {
  if (notes_of_feature.empty()) return;
  std::set<std::string_view> kinds;
  for (const auto& note : notes_of_feature) kinds.insert(note.kind);
  for (const auto kind : kinds) ++notes[std::string(kind)];
}

nlohmann::json to_json(const CheckReport& report) {
  return {{"notes", report.notes},
          {"places_exact", report.places_exact},
          {"places_coarse", report.places_coarse},
          {"municipalities", report.municipalities},
          {"normalised", report.normalised},
          {"same_shape", report.same_shape},
          {"same_shape_examples", report.same_shape_examples}};
}

std::string to_text(const CheckReport& report) {
  std::string out;
  if (report.places_exact != 0)
    out += fmt::format("\n  places compared with the municipalities' shapes {} (datasets {})",
                       report.places_exact, fmt::join(report.municipalities, ", "));
  if (report.places_coarse != 0)
    out += fmt::format("\n  places compared with the prefecture's extent only {}", report.places_coarse);
  if (report.normalised != 0)
    out += fmt::format("\n  shapes without their repeated points {}", report.normalised);
  if (report.same_shape != 0)
    out += fmt::format("\n  features of the same shape as another, of the {} before it or so: {} ({})",
                       SameShapes::window, report.same_shape, fmt::join(report.same_shape_examples, "; "));
  for (const auto& [kind, count] : report.notes)
    out += fmt::format("\n  features with note {}: {}", kind, count);
  return out;
}

}  // namespace ritchi::importers
