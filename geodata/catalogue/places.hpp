// The municipalities and prefectures of Japan, present and abolished: which codes exist, what they are
// called, what became of them. Declared in styles/places/*.csv, immutable once read.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "geodata/geom/geometry.hpp"

namespace ritchi::catalogue {

struct Municipality {
  std::string code;  // five digits
  std::string name;  // wards of a city with its name: 新潟市北区
  std::string kind;  // city, designated_city, ward, special_ward, town, village, …
};

// A municipality that is no more under its code.
struct FormerMunicipality {
  Municipality was;
  std::string date;                     // YYYY-MM-DD, the first day without it; empty where not known
  std::string change;                   // merged, absorbed, divided, raised (became a city), renumbered
  std::vector<std::string> successors;  // codes, perhaps abolished in turn; several where it was divided
  bool compared = true;                 // read in a list; otherwise the successors are only the likely ones
  std::string source;
};

// The sixth digit that belongs to a municipality's five: weights 6, 5, 4, 3, 2.
char check_digit(std::string_view five_digits);

struct Prefecture {
  std::string code;  // two digits
  Title name;
  geom::Box extent;  // longitude, latitude; islands included
};

class Places {
 public:
  // Reads municipalities.csv, municipality_changes.csv, prefectures.csv and name_variants.csv. Throws
  // Error(bad_input) naming file, line and reason.
  static Places load(const std::filesystem::path& folder);

  // The day whose state the table of present municipalities gives.
  const std::string& edition() const { return m_edition; }
  const Municipality* present(std::string_view code) const;
  const FormerMunicipality* former(std::string_view code) const;
  // Present or former.
  const Municipality* find(std::string_view code) const;
  const Prefecture* prefecture(std::string_view code) const;
  const std::vector<Prefecture>& prefectures() const { return m_prefectures; }

  // What stands in a former code's place today; itself for a present one, nothing for an unknown one.
  std::vector<std::string> today(std::string_view code) const;
  // Does all of that rest on lists, and not on what is only likely?
  bool is_established(std::string_view code) const;
  // "14209 相模原市", or the bare code where it is not known.
  std::string shown(std::string_view code) const;
  // May a record of this code call its municipality so? With or without prefecture, county and city; former
  // names fit their successors; a city fits its wards and they it.
  bool name_fits(std::string_view code, std::string_view name) const;

 private:
  static constexpr std::int32_t none = -1;
  std::string folded_name(std::string_view name) const;
  void read_municipalities(const std::filesystem::path& file);
  void read_changes(const std::filesystem::path& file);
  void read_prefectures(const std::filesystem::path& file);
  void read_variants(const std::filesystem::path& file);

  std::string m_edition;
  std::vector<Municipality> m_present;
  std::vector<FormerMunicipality> m_former;
  std::vector<Prefecture> m_prefectures;
  std::map<std::string, std::string, std::less<>>
      m_variants;  // a way of writing a character -> the usual one
  // By the code as a number.
  std::vector<std::int32_t> m_present_at, m_former_at;
  std::map<std::string, std::vector<std::string>, std::less<>>
      m_former_names;  // present code -> folded names
};

}  // namespace ritchi::catalogue
