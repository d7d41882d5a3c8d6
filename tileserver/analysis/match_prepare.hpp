// A question made ready for the sites of one dataset: columns found, distances measured, places looked up.
#pragma once
#include <string>
#include <vector>

#include "tileserver/analysis/layer_rows.hpp"
#include "tileserver/analysis/match_distance.hpp"
#include "tileserver/analysis/match_head.hpp"
#include "tileserver/analysis/match_kept.hpp"
#include "tileserver/analysis/match_place.hpp"
#include "tileserver/analysis/match_question.hpp"
#include "tileserver/analysis/match_scan.hpp"
#include "tileserver/analysis/process.hpp"

namespace ritchi::analysis {

// What questions leave behind for the next.
struct MatchMemory {
  Kept<SiteTable> tables{std::size_t{512} << 20U};
  Kept<Members> members{std::size_t{256} << 20U};
  Kept<SiteDistances> distances{std::size_t{256} << 20U};
  Kept<LayerRows> rows{std::size_t{256} << 20U};
  Kept<SiteHeads> heads{std::size_t{64} << 20U};
};

struct KeyedTable {
  std::string key;
  std::shared_ptr<const SiteTable> sites;
};

// The sites of every dataset of a layer that have rows for this caller.
std::vector<KeyedTable> tables_of(const store::LayerView& view, const Context& context, MatchMemory& memory);

// The rows of a layer, in memory where they fit.
std::shared_ptr<const LayerRows> rows_of(const store::LayerView& view, const Context& context,
                                         MatchMemory& memory);

// Where there are not too many sites they are all written at once, with the first question.
std::shared_ptr<const SiteHeads> heads_of(const KeyedTable& table, const LayerRows& rows, std::size_t dataset,
                                          const Context& context, MatchMemory& memory);

class Preparation {
 public:
  Preparation(const Question& question, const Context& context, MatchMemory& memory,
              std::vector<std::string>& warnings);

  // considered: the sites whose distances are to be judged.
  Check prepare(const Criterion& criterion, const KeyedTable& table,
                std::span<const std::uint32_t> considered);
  // The sites that lie within what the question says, in the order of the table; without_place counts those
  // of which that cannot be told.
  std::vector<std::uint32_t> considered(const SiteTable& table, std::int64_t& outside,
                                        std::int64_t& without_place) const;

 private:
  Check prepare_fact(const Criterion& criterion, const SiteTable& table);
  Check prepare_distance(const Criterion& criterion, const KeyedTable& table,
                         std::span<const std::uint32_t> considered);
  struct Reached {
    std::string key;
    std::shared_ptr<const Members> members;  // null: the layer is not published, or there is no such feature
    geom::Geometry place;                    // of one feature or a point
  };
  Reached reach(const Target& target);
  std::shared_ptr<const Members> members_of(const Target& target, const store::LayerView& view,
                                            const geom::Geometry& place);
  std::vector<Status> outside_same(const Criterion& criterion, const SiteTable& table);
  // The words of a set fact at a plant; nothing where that is unknown.
  std::optional<SetAtPlace> words_at(const Target& target, const std::string& fact,
                                     const geom::Geometry& place);
  void warn(std::string en, std::string ja);

  const Question& m_question;
  const Context& m_context;
  MatchMemory& m_memory;
  std::vector<std::string>& m_warnings;
};

}  // namespace ritchi::analysis
