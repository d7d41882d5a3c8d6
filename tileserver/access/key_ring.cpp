#include "tileserver/access/key_ring.hpp"

#include <algorithm>

#include "geodata/base/error.hpp"
#include "geodata/base/log.hpp"
#include "geodata/base/text.hpp"
#include "tileserver/access/secret.hpp"

namespace ritchi::access {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::int64_t use_noted_every_s = 60;
constexpr std::size_t max_holder_bytes = 300;

// Codes and names have no commas in them.
std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ",") + word;
  return out;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    out.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return out;
}

std::string text_or_empty(const store::Statement& row, int column) {
  return row.is_null(column) ? std::string{} : std::string(row.text(column));
}

void bind_or_null(store::Statement& statement, int parameter, const std::string& text) {
  if (text.empty())
    statement.bind_null(parameter);
  else
    statement.bind(parameter, std::string_view(text));
}

#define RITCHI_KEY_COLUMNS                                                                                \
  "id, role, holder, home, layers, hidden_attributes, expires_at, created_at, revoked_at, last_used_at, " \
  "secret_sha256"

constexpr const char* one_key = "SELECT " RITCHI_KEY_COLUMNS " FROM keys WHERE id = ?1";
constexpr const char* all_keys = "SELECT " RITCHI_KEY_COLUMNS " FROM keys ORDER BY id";
#undef RITCHI_KEY_COLUMNS
constexpr int digest_column = 10;

KeyRecord read_record(const store::Statement& row) {
  KeyRecord out;
  out.id = row.integer(0);
  out.grant.role = role_named(row.text(1)).value_or(Role::everyone);
  out.grant.holder = row.text(2);
  out.grant.home = split(row.text(3));
  if (!row.is_null(4)) out.grant.layers = split(row.text(4));
  out.grant.hidden_attributes = split(row.text(5));
  out.grant.expires_at = text_or_empty(row, 6);
  out.created_at = row.text(7);
  out.revoked_at = text_or_empty(row, 8);
  out.last_used_at = text_or_empty(row, 9);
  return out;
}

void check(const Grant& grant) {
  const auto wrong = [](const char* where, const char* message, const char* remedy) {
    return Error(ErrorKind::bad_input, message, where, remedy);
  };
  if (grant.holder.empty() || base::trim(grant.holder).size() != grant.holder.size())
    throw wrong("holder", "is empty or has blanks at its ends", "name the company, municipality or office");
  if (grant.holder.size() > max_holder_bytes || !base::is_utf8(grant.holder))
    throw wrong("holder", "is too long or not UTF-8", "write at most 100 characters");
  if (grant.role == Role::everyone)
    throw wrong("role", "the public needs no key", "give company, municipality or operator");
  if (grant.role == Role::municipality && grant.home.empty())
    throw wrong("area", "a municipality's key needs the area in which it sees all rows",
                "name its code, or its prefecture's");
  if (grant.role == Role::administrator && !grant.home.empty())
    throw wrong("area", "an operator sees every row everywhere",
                "leave the area out, or choose another role");
}

// One text for whatever does not open: nobody learns from it which ids there are.
Error no_such_key() {
  return Error(ErrorKind::unauthorized, "this key is not valid", "Authorization",
               "check that it was copied whole, or ask whoever gave it out")
      .in_japanese("この API キーは無効です",
                   "全体を正しく写したか確かめ、解決しなければ発行者に問い合わせてください");
}

Error malformed() {
  return Error(ErrorKind::unauthorized, "this is not the form of a key", "Authorization",
               "send 'Authorization: Bearer ritchi_…' or 'X-API-Key: ritchi_…'")
      .in_japanese("API キーの形式が正しくありません",
                   "「Authorization: Bearer ritchi_…」または「X-API-Key: ritchi_…」で送ってください");
}

// The key of "Bearer <key>"; the scheme's name knows no case (RFC 9110 §11.1).
std::string_view bearer_of(std::string_view field) {
  constexpr std::string_view scheme = "bearer ";
  const auto same = [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b); };
  if (field.size() <= scheme.size() || !std::equal(scheme.begin(), scheme.end(), field.begin(), same))
    throw malformed();
  return base::trim(field.substr(scheme.size()));
}

std::string_view key_of(const Credentials& credentials) {
  std::string_view key = credentials.x_api_key ? base::trim(*credentials.x_api_key) : std::string_view{};
  if (!credentials.authorization) return key;
  const std::string_view bearer = bearer_of(*credentials.authorization);
  if (credentials.x_api_key && !is_same_digest(key, bearer))
    throw Error(ErrorKind::bad_input, "Authorization and X-API-Key carry different keys", "X-API-Key",
                "send one of them")
        .in_japanese("Authorization と X-API-Key のキーが異なります", "どちらか一方だけを送ってください");
  return bearer;
}

void check_still_open(const KeyRecord& record, const std::string& now) {
  if (!record.revoked_at.empty())
    throw Error(ErrorKind::unauthorized, "this key was revoked at " + record.revoked_at, "Authorization",
                "ask whoever gave it out for a new one")
        .in_japanese("この API キーは " + record.revoked_at + " に失効させられました",
                     "新しいキーを発行者に求めてください");
  if (!record.grant.expires_at.empty() && record.grant.expires_at <= now)
    throw Error(ErrorKind::unauthorized, "this key expired at " + record.grant.expires_at, "Authorization",
                "ask whoever gave it out for a new one")
        .in_japanese("この API キーは " + record.grant.expires_at + " に有効期限が切れました",
                     "新しいキーを発行者に求めてください");
}

}  // namespace

store::Audience audience_of(const Grant& grant) {
  store::Audience out;
  switch (grant.role) {
    case Role::administrator:
      out.everywhere = out.at_home = store::Disclosure::internal;
      break;
    case Role::municipality:
      out.at_home = store::Disclosure::internal;
      break;
    case Role::company:
      out.at_home = store::Disclosure::consented;
      if (grant.home.empty()) out.everywhere = store::Disclosure::consented;
      break;
    case Role::everyone:
      break;
  }
  const auto sorted = [](std::vector<std::string> words) {
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
  };
  out.home = sorted(grant.home);
  if (grant.layers) out.layers = sorted(*grant.layers);
  out.hidden_attributes = sorted(grant.hidden_attributes);
  out.holder = grant.holder;
  return out;
}

KeyRing::NewKey KeyRing::add(const Grant& grant) {
  check(grant);
  const std::string secret = new_secret();
  const std::string digest = secret_digest(secret);
  const std::string home = joined(grant.home), hidden = joined(grant.hidden_attributes),
                    layers = grant.layers ? joined(*grant.layers) : "", now = utc_text(m_database.now());
  Database::Writing writing = m_database.write();
  store::Statement& statement = writing.prepared(
      "INSERT INTO keys (secret_sha256, role, holder, home, layers, hidden_attributes, expires_at, "
      "created_at) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
  statement.bind(1, std::string_view(digest));
  statement.bind(2, std::string_view(name_of(grant.role)));
  statement.bind(3, std::string_view(grant.holder));
  statement.bind(4, std::string_view(home));
  if (grant.layers)
    statement.bind(5, std::string_view(layers));
  else
    statement.bind_null(5);
  statement.bind(6, std::string_view(hidden));
  bind_or_null(statement, 7, grant.expires_at);
  statement.bind(8, std::string_view(now));
  statement.run();
  const std::int64_t id = writing.last_id();
  writing.commit();
  return {id, write_key(id, secret)};
}

std::vector<KeyRecord> KeyRing::list() const {
  std::vector<KeyRecord> out;
  const Database::Reading reading = m_database.read();
  if (!reading) return out;
  store::Statement& statement = reading.prepared(all_keys);
  while (statement.step()) out.push_back(read_record(statement));
  return out;
}

std::optional<KeyRecord> KeyRing::find(std::int64_t id) const {
  const Database::Reading reading = m_database.read();
  if (!reading) return std::nullopt;
  store::Statement& statement = reading.prepared(one_key);
  statement.bind(1, id);
  if (!statement.step()) return std::nullopt;
  return read_record(statement);
}

KeyRecord KeyRing::revoke(std::int64_t id) {
  const auto no_key = [id] {
    return Error(ErrorKind::not_found, "there is no key " + std::to_string(id), "id",
                 "`ritchi keys list` shows them");
  };
  if (!find(id)) throw no_key();
  {
    const std::string now = utc_text(m_database.now());
    Database::Writing writing = m_database.write();
    store::Statement& statement =
        writing.prepared("UPDATE keys SET revoked_at = ?1 WHERE id = ?2 AND revoked_at IS NULL");
    statement.bind(1, std::string_view(now));
    statement.bind(2, id);
    statement.run();
    writing.commit();
  }
  return find(id).value();
}

Caller KeyRing::caller_of(const Credentials& credentials) {
  if (!credentials.authorization && !credentials.x_api_key) return {};
  const auto key = read_key(key_of(credentials));
  if (!key) throw malformed();
  const std::int64_t now = m_database.now();
  const std::string digest = secret_digest(key->secret);
  // An unknown id is compared as well, with what no secret gives.
  std::string stored(digest.size(), '-');
  KeyRecord record;
  if (const Database::Reading reading = m_database.read()) {
    store::Statement& statement = reading.prepared(one_key);
    statement.bind(1, key->id);
    if (statement.step()) {
      stored = statement.text(digest_column);
      record = read_record(statement);
    }
  }
  if (!is_same_digest(stored, digest)) throw no_such_key();
  check_still_open(record, utc_text(now));
  note_use(record.id, now);
  return {record.id, record.grant.holder, record.grant.role, audience_of(record.grant)};
}

void KeyRing::note_use(std::int64_t id, std::int64_t now) {
  {
    const std::lock_guard lock(m_used_mutex);
    const auto known = m_used.find(id);
    if (known != m_used.end() && now < known->second + use_noted_every_s) return;
    m_used[id] = now;
  }
  try {
    const std::string text = utc_text(now);
    Database::Writing writing = m_database.write();
    store::Statement& statement = writing.prepared("UPDATE keys SET last_used_at = ?1 WHERE id = ?2");
    statement.bind(1, std::string_view(text));
    statement.bind(2, id);
    statement.run();
    writing.commit();
  } catch (const Error& error) {
    // A full or read-only disk is no reason to turn away who has a key; what must be written is by others.
    base::log_warning("the last use of key {} is not noted: {}", id, error.line());
  }
}

}  // namespace ritchi::access
