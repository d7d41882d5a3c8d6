// Everything of this room that a server needs, over one database.
#pragma once
#include <filesystem>

#include "tileserver/access/audit.hpp"
#include "tileserver/access/consents.hpp"
#include "tileserver/access/database.hpp"
#include "tileserver/access/folder_lock.hpp"
#include "tileserver/access/inquiries.hpp"
#include "tileserver/access/key_ring.hpp"

namespace ritchi::access {

struct Services {
  explicit Services(const std::filesystem::path& data_folder)
      : lock(FolderLock::shared(data_folder)),
        database(data_folder),
        keys(database),
        consents(database),
        inquiries(database),
        audit(database) {}

  FolderLock lock;
  Database database;
  KeyRing keys;
  Consents consents;
  Inquiries inquiries;
  Audit audit;
};

}  // namespace ritchi::access
