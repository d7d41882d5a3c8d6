// A link to a file in a folder of its own: GDAL's GML driver writes a .gfs file beside what it reads, and
// that must not be the user's folder.
#pragma once
#include <filesystem>
#include <string>

namespace ritchi::importers {

class PrivateLink {
 public:
  // Throws Error(io) where no temporary folder can be made.
  explicit PrivateLink(const std::string& target);
  ~PrivateLink();
  PrivateLink(const PrivateLink&) = delete;
  PrivateLink& operator=(const PrivateLink&) = delete;
  std::string name() const { return m_link.string(); }

 private:
  std::filesystem::path m_folder;
  std::filesystem::path m_link;
};

}  // namespace ritchi::importers
