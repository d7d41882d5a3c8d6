#include "tileserver/app/facts_check.hpp"

#include <fmt/format.h>

#include "geodata/base/error.hpp"
#include "geodata/facts/fact_origin.hpp"
#include "geodata/store/snapshot.hpp"

namespace ritchi::app {
namespace {

constexpr std::size_t named = 3;

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < named; ++i) out += (i == 0 ? "" : ", ") + names[i];
  return names.size() > named ? out + fmt::format(" and {} more", names.size() - named) : out;
}

}  // namespace

std::vector<FactsFinding> look_at_facts(const std::filesystem::path& data_folder,
                                        const catalogue::Catalogue& catalogue) {
  std::vector<FactsFinding> out;
  const auto snapshot = store::Snapshot::load(data_folder, catalogue, nullptr);
  for (const auto& dataset : snapshot->all()) {
    const auto& declared = catalogue.facts_of(dataset->info().layer);
    if (declared.empty()) continue;
    const store::FactsFile* facts = dataset->facts();
    if (facts == nullptr) {
      out.push_back({dataset->file(), dataset->why_no_facts(), false});
      continue;
    }
    try {
      facts->verify();
    } catch (const base::Error& error) {
      out.push_back({dataset->file(), error.line(), true});
      continue;
    }
    const auto stale = facts::stale_facts(*dataset, declared, *snapshot, facts::today_in_japan());
    if (!stale.empty())
      out.push_back(
          {dataset->file(),
           fmt::format("{} facts are not of what is published now: {}: run `ritchi check --rebuild`",
                       stale.size(), listed(stale)),
           false});
  }
  return out;
}

}  // namespace ritchi::app
