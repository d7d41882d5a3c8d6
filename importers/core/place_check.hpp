// Do a record's codes, its names and its place agree? What must not be is rejected, what has a successor is
// replaced and noted, nothing is guessed.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "geodata/catalogue/catalogue.hpp"
#include "geodata/catalogue/places.hpp"
#include "importers/core/check_report.hpp"
#include "importers/core/mapper.hpp"
#include "importers/core/municipality_shapes.hpp"

namespace ritchi::importers {

class PlaceCheck {
 public:
  // All but the folder must outlive the check.
  PlaceCheck(const catalogue::Layer& layer, const catalogue::Places& places,
             const catalogue::Catalogue& catalogue, const std::filesystem::path& data_folder);

  // Adds faults and notes to the record; may replace its codes.
  void check(Mapped& mapped);
  // Forgets the counts, not what was read.
  void restart() { m_exact = m_coarse = 0; }
  void tell(CheckReport& report) const;
  // The published datasets that took part in the result.
  std::vector<std::string> used() const;

 private:
  std::string text(const Mapped& mapped, std::size_t attribute) const;
  void check_name(const std::string& code, const std::string& name, Mapped& mapped);
  void check_prefecture_code(const std::string& code, Mapped& mapped) const;
  // The code under which the record is to stand; empty where that is not known.
  std::string settle(const std::string& code, Mapped& mapped);
  void choose(const std::string& code, const std::vector<std::string>& candidates, Mapped& mapped,
              std::string& chosen);
  void check_place(const std::string& code, const std::string& prefecture, Mapped& mapped);
  bool compare_exactly(const std::string& code, const std::string& prefecture, geom::Point point,
                       Mapped& mapped);
  void compare_coarsely(const std::string& code, const std::string& prefecture, Mapped& mapped) const;
  std::string spoken(const std::string& code, const std::string& prefecture) const;
  bool same_municipality(const std::string& one, const std::string& other) const;

  const catalogue::Places& m_places;
  MunicipalityShapes m_shapes;
  std::size_t m_code, m_prefecture, m_name;
  bool m_boundaries;  // the layer is that of the municipalities themselves
  std::int64_t m_exact = 0, m_coarse = 0;
  // Records of one municipality come in rows.
  std::string m_fitting_code, m_fitting_name;
};

}  // namespace ritchi::importers
