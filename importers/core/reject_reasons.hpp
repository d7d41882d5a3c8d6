// Which reasons for a rejection are the most frequent, each with an example.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "importers/core/mapper.hpp"

namespace ritchi::importers {

class RejectReasons {
 public:
  struct Reason {
    std::int64_t count = 0;
    std::string example_record;
    Fault example;
  };
  void count(const Fault& fault, const std::string& record);
  // The most frequent first; of equal ones by name.
  std::vector<Reason> most_frequent(std::size_t at_most) const;

 private:
  // By field and reason without the figures that differ from record to record. More kinds than people could
  // read are not kept.
  std::map<std::string, Reason> m_reasons;
};

}  // namespace ritchi::importers
