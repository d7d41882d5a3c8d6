// For which places a dataset is complete: as --covers states it, or as the codes of its rows say.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "geodata/catalogue/places.hpp"
#include "geodata/catalogue/value.hpp"
#include "importers/core/profile.hpp"

namespace ritchi::importers {

// "japan", or codes of prefectures and present municipalities with commas between; six digits are fine, and a
// city stands for its wards too. Sorted, each once. Throws Error(bad_input).
std::vector<std::string> stated_covers(const std::string& text, const catalogue::Places& places);

// Takes the rows of a source and tells the places that they make it complete for.
class RowCovers {
 public:
  RowCovers(Covers covers, const catalogue::Layer& layer);
  void add(const std::vector<catalogue::Value>& values);
  // Codes of what is no more say nothing of what stands in its place today, and are left out.
  std::vector<std::string> finish(const catalogue::Places& places) const;

 private:
  Covers m_covers;
  std::size_t m_municipality, m_prefecture;
  std::string m_last;
  std::set<std::string> m_codes;
};

}  // namespace ritchi::importers
