// API keys: who holds them, what they open, and until when. Changes of any process count from the next
// request on.
#pragma once
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tileserver/access/caller.hpp"
#include "tileserver/access/database.hpp"

namespace ritchi::access {

// What a key is given out for; its codes and names have been checked (key_scope.hpp).
struct Grant {
  Role role = Role::company;
  std::string holder;
  // Of a municipality: where it sees all rows. Of a company: where it sees consented rows; empty: everywhere.
  std::vector<std::string> home;
  std::optional<std::vector<std::string>> layers;  // none: every layer
  std::vector<std::string> hidden_attributes;      // "layer.attribute"
  std::string expires_at;                          // UTC; empty: never
};

struct KeyRecord {
  std::int64_t id = 0;
  Grant grant;
  std::string created_at;
  std::string revoked_at;    // empty: not
  std::string last_used_at;  // to about a minute; empty: never
};

// The credentials of a request, as its header fields have them.
struct Credentials {
  std::optional<std::string> authorization;  // Authorization: Bearer <key>
  std::optional<std::string> x_api_key;      // X-API-Key: <key>
};

class KeyRing {
 public:
  explicit KeyRing(Database& database) : m_database(database) {}

  struct NewKey {
    std::int64_t id = 0;
    std::string text;  // the only copy: nothing here keeps it
  };
  // Throws Error(bad_input) for a grant that gives nobody anything or too much.
  NewKey add(const Grant& grant);
  std::vector<KeyRecord> list() const;
  std::optional<KeyRecord> find(std::int64_t id) const;
  // The key's state after it. One that was revoked before keeps that moment. Throws Error(not_found).
  KeyRecord revoke(std::int64_t id);

  // Whoever sends no key is the public. Throws Error(unauthorized) for a key that is malformed, unknown,
  // wrong, expired or revoked, the last two only to whoever has its secret; Error(bad_input) for two
  // different keys.
  Caller caller_of(const Credentials& credentials);

 private:
  void note_use(std::int64_t id, std::int64_t now);
  Database& m_database;
  std::mutex m_used_mutex;
  std::unordered_map<std::int64_t, std::int64_t> m_used;  // when a use was last written
};

store::Audience audience_of(const Grant& grant);

}  // namespace ritchi::access
