#include "tileserver/access/schema.hpp"

#include <fmt/format.h>

#include <array>

#include "geodata/base/error.hpp"

namespace ritchi::access {
namespace {

using base::Error;
using base::ErrorKind;

// What may only grow says so itself: whoever wants to change a row has to take the trigger away first, and
// the audit's chain of digests shows it even then.
constexpr const char* layout_1 = R"sql(
CREATE TABLE keys (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  secret_sha256 TEXT NOT NULL CHECK (length(secret_sha256) = 64),
  role TEXT NOT NULL CHECK (role IN ('company', 'municipality', 'operator')),
  holder TEXT NOT NULL CHECK (holder <> ''),
  home TEXT NOT NULL,
  layers TEXT,
  hidden_attributes TEXT NOT NULL,
  expires_at TEXT,
  created_at TEXT NOT NULL,
  revoked_at TEXT,
  last_used_at TEXT
) STRICT;

CREATE TABLE consents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  layer TEXT NOT NULL,
  feature_id INTEGER NOT NULL,
  municipality_code TEXT NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('matching', 'publication', 'none')),
  granted_to TEXT NOT NULL,
  until TEXT,
  note TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  by_key INTEGER NOT NULL,
  by_role TEXT NOT NULL,
  by_holder TEXT NOT NULL
) STRICT;
CREATE INDEX consents_by_feature ON consents (layer, feature_id, id);
CREATE TRIGGER consents_stay BEFORE UPDATE ON consents BEGIN SELECT RAISE(ABORT, 'decisions are only added'); END;
CREATE TRIGGER consents_remain BEFORE DELETE ON consents BEGIN SELECT RAISE(ABORT, 'decisions are only added'); END;

CREATE TABLE inquiries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  reference TEXT NOT NULL UNIQUE,
  asked_at TEXT NOT NULL,
  key INTEGER NOT NULL REFERENCES keys (id),
  role TEXT NOT NULL,
  holder TEXT NOT NULL,
  layer TEXT,
  feature_id INTEGER,
  like_json TEXT,
  message TEXT NOT NULL,
  contact TEXT NOT NULL,
  municipality_code TEXT NOT NULL,
  informed_at TEXT,
  state TEXT NOT NULL CHECK (state IN ('received', 'with_municipality', 'introduced', 'closed')),
  reason TEXT,
  version INTEGER NOT NULL,
  changed_at TEXT NOT NULL,
  CHECK ((layer IS NULL) = (feature_id IS NULL)),
  CHECK ((layer IS NULL) <> (like_json IS NULL)),
  CHECK ((state = 'closed') = (reason IS NOT NULL))
) STRICT;
CREATE INDEX inquiries_by_key ON inquiries (key, asked_at);
CREATE INDEX inquiries_by_holder ON inquiries (holder, id);
CREATE INDEX inquiries_by_municipality ON inquiries (municipality_code, id);

CREATE TABLE inquiry_steps (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  inquiry INTEGER NOT NULL REFERENCES inquiries (id),
  at TEXT NOT NULL,
  from_state TEXT,
  to_state TEXT NOT NULL,
  reason TEXT,
  note TEXT NOT NULL,
  note_for TEXT NOT NULL CHECK (note_for IN ('operator', 'municipality', 'company')),
  by_key INTEGER NOT NULL,
  by_role TEXT NOT NULL,
  by_holder TEXT NOT NULL
) STRICT;
CREATE INDEX steps_by_inquiry ON inquiry_steps (inquiry, id);
CREATE INDEX steps_by_key ON inquiry_steps (by_key, at);
CREATE TRIGGER steps_stay BEFORE UPDATE ON inquiry_steps BEGIN SELECT RAISE(ABORT, 'steps are only added'); END;
CREATE TRIGGER steps_remain BEFORE DELETE ON inquiry_steps BEGIN SELECT RAISE(ABORT, 'steps are only added'); END;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  key INTEGER NOT NULL,
  role TEXT NOT NULL,
  holder TEXT NOT NULL,
  channel TEXT NOT NULL,
  layer TEXT NOT NULL,
  feature_id INTEGER NOT NULL,
  chain TEXT NOT NULL CHECK (length(chain) = 64)
) STRICT;
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
CREATE TRIGGER audit_remains BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
)sql";

// layouts[n] leads from layout n to n + 1.
constexpr std::array<const char*, current_mark.layout> layouts{layout_1};

bool is_empty(const store::Connection& connection) {
  store::Statement statement = connection.prepare("SELECT count(*) FROM sqlite_schema");
  return statement.step() && statement.integer(0) == 0;
}

// The file's layout; 0 for a file without tables.
std::int32_t judged_layout(const store::Connection& connection, const std::string& file) {
  const store::FileMark mark = store::read_mark(connection);
  if (mark.application == 0 && mark.layout == 0 && is_empty(connection)) return 0;
  if (mark.application != current_mark.application || mark.layout < 1)
    throw Error(ErrorKind::conflict, "is not a database of keys and consents of Ritchi", file,
                "move it away, or name another folder");
  if (mark.layout > current_mark.layout)
    throw Error(ErrorKind::unsupported,
                fmt::format("has layout {}, this program knows {}", mark.layout, current_mark.layout), file,
                "use the newer program that wrote it");
  return mark.layout;
}

}  // namespace

void bring_up_to_date(const store::Connection& connection, const std::string& file) {
  if (judged_layout(connection, file) == current_mark.layout) return;
  store::Transaction transaction(connection);
  // Asked again: another process may have been faster.
  std::int32_t layout = judged_layout(connection, file);
  for (; layout < current_mark.layout; ++layout)
    connection.execute(layouts.at(static_cast<std::size_t>(layout)));
  store::write_mark(connection, current_mark);
  transaction.commit();
}

bool check_layout(const store::Connection& connection, const std::string& file) {
  return judged_layout(connection, file) > 0;
}

}  // namespace ritchi::access
