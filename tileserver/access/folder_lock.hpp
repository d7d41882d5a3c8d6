// Whoever works with a data folder's database holds a share of the folder; to put another database in its
// place one must have it alone. The lock goes with the process, however it ends, and works on a folder that
// cannot be written.
#pragma once
#include <filesystem>

#include "geodata/base/descriptor.hpp"

namespace ritchi::access {

class FolderLock {
 public:
  // Throws Error(conflict) while somebody has it alone; Error(not_found) where there is no such folder.
  static FolderLock shared(const std::filesystem::path& data_folder);
  // Throws Error(conflict) while anybody else uses it.
  static FolderLock alone(const std::filesystem::path& data_folder);

 private:
  explicit FolderLock(base::UniqueDescriptor folder) : m_folder(std::move(folder)) {}
  base::UniqueDescriptor m_folder;
};

}  // namespace ritchi::access
