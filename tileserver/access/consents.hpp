// What municipalities decided about single features: shown to whom, for what, until when. The latest decision
// about a feature holds instead of what its row says; all of them are kept.
#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/store/audience.hpp"
#include "tileserver/access/caller.hpp"
#include "tileserver/access/database.hpp"

namespace ritchi::access {

enum class Purpose {
  none,         // withdrawn: internal
  matching,     // for keys of companies: consented
  publication,  // public
};
const char* name_of(Purpose purpose) noexcept;
std::optional<Purpose> purpose_named(std::string_view name) noexcept;

struct Decision {
  std::int64_t id = 0;
  std::string layer;
  std::int64_t feature = 0;
  std::string municipality_code;  // of the feature when it was decided; empty: not known
  Purpose purpose = Purpose::none;
  std::string granted_to;  // holder of a key; empty: whoever the purpose means
  std::string until;       // the last day, YYYY-MM-DD; empty: until another decision
  std::string note;
  std::string decided_at;
  std::int64_t by_key = 0;  // 0: from the shell
  std::string by_role;
  std::string by_holder;
};

class Consents {
 public:
  explicit Consents(Database& database) : m_database(database) {}

  // Records what `decision` says of feature, purpose, granted_to, until and note, in the caller's name.
  // Throws Error(bad_input) for what makes no sense, such as a withdrawal with an end.
  Decision record(const Caller& by, const Decision& decision);

  struct Query {
    std::string layer;                               // empty: any
    std::optional<std::int64_t> feature;             // of that layer
    std::optional<std::vector<std::string>> in;      // municipality or prefecture codes; none: anywhere
    std::optional<std::vector<std::string>> layers;  // none: any
    std::int64_t before = INT64_MAX;                 // decisions older than this one
    std::size_t limit = 100;
  };
  std::vector<Decision> list(const Query& query) const;  // the newest first

  // What holds on that day (YYYY-MM-DD in Japan) instead of what rows say. The same object as long as nothing
  // changes; asked at every request. Throws where the database cannot be read: then nobody knows what is
  // withdrawn.
  store::RestatedPtr restated(const std::string& today) const;

 private:
  Database& m_database;
  mutable std::mutex m_mutex;
  mutable std::int64_t m_mark = 0;
  mutable std::int64_t m_latest = 0;  // the decision
  mutable std::string m_day;
  mutable store::RestatedPtr m_restated;
};

// Is a municipality with this code within one of these areas?
bool is_within(std::string_view municipality_code, const std::vector<std::string>& codes) noexcept;

}  // namespace ritchi::access
