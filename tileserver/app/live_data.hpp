// The data folder as the server sees it: the present snapshot, replaced whenever something is published.
#pragma once
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "geodata/catalogue/catalogue.hpp"
#include "geodata/store/snapshot.hpp"

namespace ritchi::app {

class LiveData {
 public:
  // Loads at once; throws base::Error where the folder cannot be read.
  LiveData(std::filesystem::path data_folder, const catalogue::Catalogue& catalogue);

  std::shared_ptr<const store::Snapshot> snapshot() const;
  // Loads again when files have come, gone or been replaced (or `always`). Requests go on with the old
  // snapshot until the new one is whole; on failure the old one stays. One thread only.
  void refresh(bool always);

 private:
  std::string signature() const;
  const std::filesystem::path m_data_folder;
  const catalogue::Catalogue& m_catalogue;
  std::string m_signature;
  mutable std::mutex m_mutex;
  std::shared_ptr<const store::Snapshot> m_snapshot;
};

}  // namespace ritchi::app
