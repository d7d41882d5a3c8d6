// Writes the list of what a new revision changes, beside the file that is to be published.
#pragma once
#include <filesystem>
#include <fstream>

#include "geodata/load/prepared_row.hpp"
#include "geodata/store/changes.hpp"

namespace ritchi::load {

class ChangeLog {
 public:
  // It grows under this name, which the owner removes when it comes to nothing.
  explicit ChangeLog(std::filesystem::path file);

  void inserted(const PreparedRow& row);
  void changed(const PreparedRow& before, const PreparedRow& after);
  void removed(const PreparedRow& row);

  const store::ChangeSummary& summary() const { return m_summary; }
  // Gives it its name and removes the oldest steps to the same revision. Throws Error(io).
  void publish(const std::filesystem::path& data_folder, const std::string& layer,
               const std::string& partition, const std::string& from, const std::string& to);

 private:
  void add(const store::Change& change);

  std::filesystem::path m_file;
  std::ofstream m_out;
  store::ChangeSummary m_summary;
};

}  // namespace ritchi::load
