// A data folder with a database whose clock the test sets.
#pragma once
#include <cstdint>
#include <string>

#include "geodata/base/error.hpp"
#include "tests/unit/support/temporary_folder.hpp"
#include "tileserver/access/audit.hpp"
#include "tileserver/access/consents.hpp"
#include "tileserver/access/inquiries.hpp"
#include "tileserver/access/key_ring.hpp"

namespace ritchi::access {

inline constexpr std::int64_t noon = 1'795'230'000;  // 2026-11-21T03:00:00Z, twelve o'clock in Japan

struct World {
  test::TemporaryFolder folder;
  std::int64_t now = noon;
  Database database{folder.path(), [this] { return now; }};
  KeyRing keys{database};
  Consents consents{database};
  Inquiries inquiries{database};
  Audit audit{database};

  // Somebody with a key.
  Caller caller(const Grant& grant) {
    return {keys.add(grant).id, grant.holder, grant.role, audience_of(grant)};
  }

  // The same folder as another process sees it: nothing is shared but the file.
  struct Other {
    explicit Other(const World& world)
        : database(world.folder.path(), [&world] { return world.now; }), keys(database), consents(database) {}
    Database database;
    KeyRing keys;
    Consents consents;
  };
};

inline Grant company(std::string holder = "日本精密株式会社") {
  Grant out;
  out.holder = std::move(holder);
  return out;
}
inline Grant municipality(std::vector<std::string> home, std::string holder = "長岡市") {
  Grant out;
  out.role = Role::municipality;
  out.holder = std::move(holder);
  out.home = std::move(home);
  return out;
}
inline Grant administrator() {
  Grant out;
  out.role = Role::administrator;
  out.holder = "日本立地センター";
  return out;
}

inline Credentials bearer(const std::string& key) {
  return {"Bearer " + key, std::nullopt};
}

// Of the error that the call throws; "" when it throws none.
template <class Call>
std::string error_of(const Call& call) {
  try {
    call();
    return "";
  } catch (const base::Error& error) {
    return std::string(base::name_of(error.kind())) + ": " + error.line();
  }
}

}  // namespace ritchi::access
