// The unfinished file of an import: made in the layer's folder, removed unless it is published.
#pragma once
#include <filesystem>

#include "geodata/base/descriptor.hpp"

namespace ritchi::load {

class Staging {
 public:
  // Makes the layer's folder where it is missing and removes what imports that have died left in it.
  // Throws Error(io) naming the folder.
  Staging(const std::filesystem::path& data_folder, const std::string& layer);
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  const std::filesystem::path& file() const { return m_file; }
  // For what is published along with the file.
  std::filesystem::path companion() const;
  std::filesystem::path tiles() const;
  std::filesystem::path shared_tiles() const;
  const std::filesystem::path& folder() const { return m_folder; }
  // Gives the tiles their final name, where they exist; to be called before publish_as, so that a dataset is
  // never without its tiles.
  void publish_tiles_as(const std::filesystem::path& target);
  void publish_shared_tiles_as(const std::filesystem::path& target);
  // While it is held, no other import of the layer publishes.
  base::UniqueDescriptor lock_publishing() const;
  // While it is held, nobody else computes facts of the layer's features.
  base::UniqueDescriptor lock_facts() const;
  // Syncs the file, gives it its final name in one step, syncs the folder. The file must be closed.
  void publish_as(const std::filesystem::path& target);

 private:
  base::UniqueDescriptor lock_file(const char* name) const;
  void rename_to(const std::filesystem::path& from, const std::filesystem::path& target);
  std::filesystem::path m_folder;
  std::filesystem::path m_file;
  base::UniqueDescriptor m_lock;  // shared lock on the folder while this import lives
};

}  // namespace ritchi::load
