// Computes the facts of published features: whole, or after a dataset was published only what that changes.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "geodata/catalogue/catalogue.hpp"
#include "geodata/store/dataset_info.hpp"

namespace ritchi::load {

// What became of the facts of one dataset.
struct FactsOutcome {
  std::string layer;
  std::string partition;
  std::int64_t features = 0;
  std::int64_t columns = 0;            // computed, whole or in part
  std::int64_t features_computed = 0;  // of which some fact was
  std::int64_t unusable = 0;           // shapes that nothing could be computed of: unknown
  double seconds = 0;
  std::string failure;  // why the facts are not as they should be; empty: they are
  std::string remedy;
};

struct JustPublished {
  store::DatasetInfo now;
  std::optional<store::DatasetInfo> before;  // of the dataset that it took the place of
};

struct FactsRequest {
  std::filesystem::path data_folder;
  const catalogue::Catalogue& catalogue;
  std::string today{};           // YYYY-MM-DD; empty: as the clock has it in Japan
  std::function<void()> tick{};  // called now and then; what it throws ends the work
};

// The facts of all datasets that have any and that this one changes. The published dataset stays whatever
// happens: what goes wrong is in the outcome, and the facts are then as they were.
std::vector<FactsOutcome> update_facts(const FactsRequest& request, const JustPublished& published);

// Of one dataset, DATA/<layer>/<partition>.sqlite, all anew. Throws what goes wrong.
FactsOutcome compute_facts(const FactsRequest& request, const std::string& layer,
                           const std::string& partition);

}  // namespace ritchi::load
