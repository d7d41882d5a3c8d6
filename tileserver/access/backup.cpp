#include "tileserver/access/backup.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "geodata/base/descriptor.hpp"
#include "geodata/base/error.hpp"
#include "geodata/store/live_file.hpp"
#include "tileserver/access/folder_lock.hpp"
#include "tileserver/access/moment.hpp"
#include "tileserver/access/schema.hpp"

namespace ritchi::access {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;

// A file that is being written, taken away again unless it gets its name.
class Unfinished {
 public:
  explicit Unfinished(const fs::path& final_name)
      : m_final(final_name), m_path(final_name.string() + fmt::format(".unfinished-{}", ::getpid())) {
    remove_quietly();
  }
  ~Unfinished() { remove_quietly(); }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  const fs::path& path() const { return m_path; }

  void give_name() {
    base::sync_to_disk(m_path);
    std::error_code failed;
    fs::rename(m_path, m_final, failed);
    if (failed) throw Error(ErrorKind::io, "cannot be written: " + failed.message(), m_final.string());
    base::sync_to_disk(folder_of(m_final));
  }

  static fs::path folder_of(const fs::path& file) {
    return file.has_parent_path() ? file.parent_path() : fs::path(".");
  }

 private:
  void remove_quietly() const {
    std::error_code ignored;
    fs::remove(m_path, ignored);
    fs::remove(m_path.string() + "-journal", ignored);
  }
  fs::path m_final, m_path;
};

// Names of whose it is and that it is whole; the connection is closed again before anything else is done.
void check_copy(const fs::path& file) {
  const base::UniqueDescriptor descriptor = base::open_for_reading(file);
  const store::Connection connection = store::Connection::open_immutable(descriptor.get(), file.string());
  if (!check_layout(connection, file.string()))
    throw Error(ErrorKind::conflict, "is empty", file.string(), "name a file that `ritchi backup` wrote");
  store::check_whole(connection, file);
}

bool is_there(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(file, ignored);
}

// A name that nothing has yet.
fs::path name_beside(const fs::path& file) {
  const std::string now = utc_text(system_seconds());
  std::string stamp;
  std::copy_if(now.begin(), now.end(), std::back_inserter(stamp),
               [](char c) { return c != '-' && c != ':'; });
  fs::path out = file.string() + ".replaced-" + stamp;
  for (int number = 2; is_there(out); ++number)
    out = file.string() + ".replaced-" + stamp + "-" + std::to_string(number);
  return out;
}

// What a server that was killed left in the log goes into the file. The log of a damaged one is moved out of
// the way: it would be taken for the new file's.
void empty_log(const fs::path& file, const fs::path& beside) {
  try {
    store::open_live_for_writing(file).execute("PRAGMA wal_checkpoint(TRUNCATE)");
    return;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::damaged) throw;
  }
  for (const char* part : {"-wal", "-shm"})
    if (is_there(file.string() + part)) fs::rename(file.string() + part, beside.string() + part);
}

// At no moment is there no database: a server without one would not know what has been withdrawn.
fs::path keep_beside(const fs::path& file) {
  if (!is_there(file)) return {};
  fs::path out = name_beside(file);
  empty_log(file, out);
  std::error_code failed;
  fs::create_hard_link(file, out, failed);
  if (failed) fs::copy_file(file, out);
  return out;
}

}  // namespace

std::uintmax_t back_up(const fs::path& data_folder, const fs::path& to, bool overwrite) {
  const FolderLock lock = FolderLock::shared(data_folder);
  const fs::path file = data_folder / database_name;
  if (!is_there(file))
    throw Error(ErrorKind::not_found, "there is no database of keys and consents yet", file.string(),
                "nothing has to be saved; datasets are files that can be copied");
  if (!overwrite && is_there(to))
    throw Error(ErrorKind::conflict, "exists already", to.string(), "choose another name, or --force");
  Unfinished copy(to);
  {
    const store::Connection from = store::open_live_for_reading(file);
    if (!check_layout(from, file.string()))
      throw Error(ErrorKind::not_found, "holds nothing yet", file.string());
    store::make_private_file(copy.path());
    store::copy_live(from, copy.path());
  }
  check_copy(copy.path());
  copy.give_name();
  return fs::file_size(to);
}

fs::path restore(const fs::path& data_folder, const fs::path& from) {
  const FolderLock lock = FolderLock::alone(data_folder);
  if (!is_there(from)) throw Error(ErrorKind::not_found, "there is no such file", from.string());
  if (store::has_log(from))
    throw Error(ErrorKind::conflict, "is in use: a log of changes lies beside it", from.string(),
                "make a file of it by `ritchi backup`");
  check_copy(from);
  const fs::path file = data_folder / database_name;
  Unfinished copy(file);
  {
    const base::UniqueDescriptor source = base::open_for_reading(from);
    store::make_private_file(copy.path());
    store::copy_live(store::Connection::open_immutable(source.get(), from.string()), copy.path());
  }
  check_copy(copy.path());
  base::sync_to_disk(copy.path());
  fs::path replaced = keep_beside(file);
  copy.give_name();
  return replaced;
}

}  // namespace ritchi::access
