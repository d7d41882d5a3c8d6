// What the values of a fact were made from: so that it is known which are to be computed anew.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "geodata/catalogue/fact.hpp"
#include "geodata/store/dataset.hpp"
#include "geodata/store/snapshot.hpp"

namespace ritchi::facts {

struct OriginPart {
  std::string partition;
  std::string revision;  // of the public rows
  std::string moment;    // as of which its features count; empty: its layer is of no time
};

// The published datasets of some layers.
class Origin {
 public:
  Origin() = default;
  Origin(const store::Snapshot& snapshot, const std::vector<std::string>& layers, const std::string& today);
  // The same with another revision of one dataset.
  Origin with(const std::string& layer, const OriginPart& part) const;
  // FactColumn::made_from of a fact that is declared among others. dataset_revision: of the features that
  // have it.
  std::string digest(const catalogue::Fact& fact, const std::vector<catalogue::Fact>& declared,
                     const std::string& dataset_revision) const;

 private:
  std::map<std::string, std::vector<OriginPart>> m_parts;  // by layer, then by partition
};

// All layers that the facts come from, by id; with that of the municipalities, which tells what is covered.
std::vector<std::string> layers_of(const std::vector<catalogue::Fact>& facts);

// Declared facts of a dataset's features that its file of facts has not as they would be now, by name; all of
// them where it has no fitting file.
std::vector<std::string> stale_facts(const store::Dataset& dataset,
                                     const std::vector<catalogue::Fact>& declared,
                                     const store::Snapshot& snapshot, const std::string& today);

// YYYY-MM-DD, as the clock has it in Japan.
std::string today_in_japan();

}  // namespace ritchi::facts
