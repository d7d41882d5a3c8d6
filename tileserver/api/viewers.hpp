// Who sees which data: the one way from a request to a snapshot.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "geodata/store/snapshot.hpp"
#include "tileserver/access/caller.hpp"
#include "tileserver/http/request.hpp"

namespace ritchi::api {

// What a caller sees, and who that is.
struct View {
  access::Caller caller;
  std::shared_ptr<const store::Snapshot> snapshot;
};

class Viewers {
 public:
  struct Sources {
    std::function<std::shared_ptr<const store::Snapshot>()> data;  // all that is published now
    // Throws Error(unauthorized) for a key that is none.
    std::function<access::Caller(const http::Request&)> caller;
    std::function<store::RestatedPtr(const std::string& today)>
        restated;                        // what was decided since the import
    std::function<std::string()> today;  // YYYY-MM-DD in Japan
  };
  // Each source is cheap to ask and may be asked by any thread.
  explicit Viewers(Sources sources);
  ~Viewers();
  Viewers(const Viewers&) = delete;
  Viewers& operator=(const Viewers&) = delete;

  // Not for I/O threads: what an audience sees is made when it first asks, once however many wait for it.
  View of(const http::Request& request) const;
  // The same for an audience that is known.
  std::shared_ptr<const store::Snapshot> seen_by(const store::Audience& audience) const;
  // For I/O threads. Null for a caller with a key, for whom there is more to do, and where of() would have to
  // make it first.
  std::shared_ptr<const store::Snapshot> public_at_hand(const http::Request& request) const;

  // What everybody sees, for whoever answers nobody: metrics and readiness.
  std::shared_ptr<const store::Snapshot> everybody() const;
  std::size_t damaged_files() const;

 private:
  struct Made;
  using MadePtr = std::shared_ptr<Made>;
  Made wanted(const store::Audience& audience) const;
  MadePtr find(const Made& wanted) const;  // under the lock
  MadePtr add(Made wanted) const;          // under the lock

  const Sources m_sources;
  mutable std::mutex m_mutex;
  mutable std::vector<MadePtr> m_made;  // the last one used at the end
};

}  // namespace ritchi::api
