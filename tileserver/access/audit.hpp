// Who was shown which feature that is not public, when and by which way. Only added to: each row carries a
// digest over itself and the row before, so that whoever changes or takes out one is found out.
#pragma once
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "geodata/store/shown_feature.hpp"
#include "tileserver/access/caller.hpp"
#include "tileserver/access/database.hpp"

namespace ritchi::access {

struct AuditRow {
  std::int64_t id = 0;
  std::string at;
  std::int64_t key = 0;  // 0: from the shell
  std::string role;
  std::string holder;
  std::string channel;
  std::string layer;
  std::int64_t feature = 0;
  std::string chain;  // hexadecimal
};

struct AuditHead {
  std::int64_t rows = 0;
  std::string chain;  // of the last row
};

class Audit {
 public:
  explicit Audit(Database& database) : m_database(database) {}

  // Before the answer is sent: whoever calls must not give it when this throws. Each feature is written once
  // for a key, channel and hour, all of an answer in one transaction. Without features nothing happens.
  // Channels are words such as "tiles", "features", "match-sites", "constraint-report", "inquiry", "consent".
  void record(const Caller& caller, std::string_view channel, std::span<const store::ShownFeature> shown);

  // Rows of from <= time < to (UTC texts; empty: no bound), oldest first.
  void visit(const std::string& from, const std::string& to,
             const std::function<void(const AuditRow&)>& row) const;

  // Follows the whole chain. Throws Error(damaged) naming the first row that does not fit, or telling that
  // rows are missing. `known`: a head that was noted earlier and must still be part of it; rows 0: none.
  // Whoever can write the file can also compute a whole new chain: a head noted elsewhere is what shows that.
  AuditHead verify(const AuditHead& known = {}) const;

 private:
  struct Entry {
    std::int64_t key = 0;
    std::int64_t feature = 0;
    std::uint32_t layer = 0;
    std::uint32_t channel = 0;
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  struct EntryHash {
    std::size_t operator()(const Entry& entry) const noexcept;
  };
  std::uint32_t number_of(std::string_view word);
  std::vector<Entry> not_yet_noted(const Caller& caller, std::string_view channel,
                                   std::span<const store::ShownFeature> shown);

  Database& m_database;
  std::mutex m_mutex;
  std::int64_t m_hour = 0;
  std::unordered_set<Entry, EntryHash> m_noted;  // in this hour
  std::vector<std::string> m_words;              // layers and channels by number
};

}  // namespace ritchi::access
