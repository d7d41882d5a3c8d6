// The facts of one dataset: what the file before has and still holds is taken over, the rest is computed.
#pragma once
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "geodata/facts/fact_group.hpp"
#include "geodata/facts/fact_origin.hpp"
#include "geodata/load/facts_file_writer.hpp"
#include "geodata/load/facts_update.hpp"
#include "geodata/store/snapshot.hpp"

namespace ritchi::load {

class FactsBuilder {
 public:
  // dataset: one that the snapshot opened, with every row.
  FactsBuilder(const FactsRequest& request, std::shared_ptr<const store::Snapshot> snapshot,
               std::shared_ptr<const store::Dataset> dataset);
  ~FactsBuilder();
  FactsBuilder(const FactsBuilder&) = delete;
  FactsBuilder& operator=(const FactsBuilder&) = delete;

  // What is published now, and what was: the present file of facts is used as far as it is of that.
  void go_on_from(const JustPublished& published);
  // The file must not exist.
  FactsOutcome write(const std::filesystem::path& file);

 private:
  enum class Doing { nothing, affected, all };

  void read_rows();
  void read_own_columns(FactsFileWriter& writer);
  void compute_group(facts::FactGroup& group, FactsFileWriter& writer);
  Doing what_to_do(const facts::FactGroup& group) const;
  std::vector<FactValues> taken_over(const std::vector<const catalogue::Fact*>& facts, bool whole) const;
  std::vector<std::size_t> rows_to_compute(facts::FactGroup& group, Doing doing,
                                           const std::vector<FactValues>& columns);
  void compute(facts::FactGroup& group, const std::vector<std::size_t>& rows,
               std::vector<FactValues>& columns);
  void finish_columns(std::vector<FactValues>& columns, bool computed, FactsFileWriter& writer);
  std::string made_from(const catalogue::Fact& fact) const;

  const FactsRequest& m_request;
  std::shared_ptr<const store::Snapshot> m_snapshot;
  std::shared_ptr<const store::Dataset> m_dataset;
  const std::vector<catalogue::Fact>& m_declared;
  facts::Origin m_origin;
  facts::Coverage m_coverage;
  facts::FactContext m_context;

  // Of the file before, where something of it is taken over.
  std::shared_ptr<const store::FactsFile> m_old;
  std::vector<std::uint16_t> m_old_sources;    // its numbers -> those of now
  std::optional<facts::Origin> m_old_origin;   // what was published before one dataset was replaced
  std::optional<facts::LayerChange> m_change;  // what that changed, where it is known
  std::optional<store::DatasetInfo> m_changed_before;
  std::optional<store::DatasetInfo> m_changed_now;
  std::set<std::int64_t> m_changed_rows;  // features of the dataset itself that are new or others

  FactRows m_rows;
  std::vector<std::int64_t> m_old_row;  // by row: its row in the old file, or -1
  std::vector<std::optional<std::vector<facts::PlaceShare>>> m_places;  // by row, once they were asked for
  std::vector<FactValues> m_kept;                                       // columns that others compare with
  std::vector<char> m_computed;                                         // by row: was any fact
  FactsOutcome m_outcome;
};

}  // namespace ritchi::load
