#include "tileserver/access/inquiries.hpp"

#include <fmt/format.h>

#include "geodata/base/error.hpp"
#include "tileserver/access/inquiry_rules.hpp"
#include "tileserver/access/secret.hpp"

namespace ritchi::access {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t reference_bytes = 16;

constexpr const char* one_inquiry =
    "SELECT id, reference, asked_at, key, role, holder, layer, feature_id, like_json, message, contact, "
    "municipality_code, informed_at, state, reason, version, changed_at FROM inquiries WHERE reference = ?1";
constexpr const char* inquiries_before =
    "SELECT id, reference, asked_at, key, role, holder, layer, feature_id, like_json, message, contact, "
    "municipality_code, informed_at, state, reason, version, changed_at FROM inquiries WHERE id < ?1 "
    "ORDER BY id DESC";

std::string text_or_empty(const store::Statement& row, int column) {
  return row.is_null(column) ? std::string{} : std::string(row.text(column));
}

void bind_or_null(store::Statement& statement, int parameter, const std::string& text) {
  if (text.empty())
    statement.bind_null(parameter);
  else
    statement.bind(parameter, std::string_view(text));
}

Inquiry read_inquiry(const store::Statement& row) {
  Inquiry out;
  out.number = row.integer(0);
  out.reference = row.text(1);
  out.asked_at = row.text(2);
  out.key = row.integer(3);
  out.role = role_named(row.text(4)).value_or(Role::everyone);
  out.holder = row.text(5);
  if (!row.is_null(6)) out.site = InquirySite{std::string(row.text(6)), row.integer(7)};
  out.like_json = text_or_empty(row, 8);
  out.message = row.text(9);
  out.contact = row.text(10);
  out.municipality_code = row.text(11);
  out.informed_at = text_or_empty(row, 12);
  out.state = state_named(row.text(13)).value_or(InquiryState::closed);
  out.reason = text_or_empty(row, 14);
  out.version = row.integer(15);
  out.changed_at = row.text(16);
  return out;
}

// The moment at which this day began in Japan.
std::string day_began(std::int64_t now) {
  return parse_begin(day_in_japan(now), "");
}

void check_quota(const Database::Writing& writing, const char* count_since, std::int64_t key,
                 std::int64_t now, std::int64_t most) {
  const std::string since = day_began(now);
  store::Statement& statement = writing.prepared(count_since);
  statement.bind(1, key);
  statement.bind(2, std::string_view(since));
  const std::int64_t count = statement.step() ? statement.integer(0) : 0;
  statement.reset();
  if (count >= most)
    throw Error(ErrorKind::over_quota, fmt::format("this key has done that {} times today", most), "",
                "go on tomorrow, or ask the operator")
        .in_japanese(fmt::format("このキーは本日の上限（{} 件）に達しました", most),
                     "明日以降に続けるか、運営者に問い合わせてください");
}

struct StepRow {
  std::int64_t inquiry = 0;
  std::string at;
  std::optional<InquiryState> from;
  InquiryState to = InquiryState::received;
  std::string reason;
  std::string note;
  Role note_for = Role::administrator;
};

void insert_step(const Database::Writing& writing, const Caller& by, const StepRow& step) {
  store::Statement& statement = writing.prepared(
      "INSERT INTO inquiry_steps (inquiry, at, from_state, to_state, reason, note, note_for, by_key, "
      "by_role, "
      "by_holder) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
  statement.bind(1, step.inquiry);
  statement.bind(2, std::string_view(step.at));
  if (step.from)
    statement.bind(3, std::string_view(name_of(*step.from)));
  else
    statement.bind_null(3);
  statement.bind(4, std::string_view(name_of(step.to)));
  bind_or_null(statement, 5, step.reason);
  statement.bind(6, std::string_view(step.note));
  statement.bind(7, std::string_view(name_of(step.note_for)));
  statement.bind(8, by.key);
  statement.bind(9, std::string_view(name_of(by.role)));
  statement.bind(10, std::string_view(by.holder));
  statement.run();
}

void insert_inquiry(const Database::Writing& writing, const Inquiry& inquiry) {
  store::Statement& statement = writing.prepared(
      "INSERT INTO inquiries (reference, asked_at, key, role, holder, layer, feature_id, like_json, message, "
      "contact, "
      "municipality_code, informed_at, state, version, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
      "?9, ?10, "
      "?11, ?12, 'received', 1, ?2)");
  statement.bind(1, std::string_view(inquiry.reference));
  statement.bind(2, std::string_view(inquiry.asked_at));
  statement.bind(3, inquiry.key);
  statement.bind(4, std::string_view(name_of(inquiry.role)));
  statement.bind(5, std::string_view(inquiry.holder));
  if (inquiry.site) {
    statement.bind(6, std::string_view(inquiry.site->layer));
    statement.bind(7, inquiry.site->id);
  } else {
    statement.bind_null(6);
    statement.bind_null(7);
  }
  bind_or_null(statement, 8, inquiry.like_json);
  statement.bind(9, std::string_view(inquiry.message));
  statement.bind(10, std::string_view(inquiry.contact));
  statement.bind(11, std::string_view(inquiry.municipality_code));
  bind_or_null(statement, 12, inquiry.informed_at);
  statement.run();
}

void update_inquiry(const Database::Writing& writing, const Inquiry& inquiry) {
  store::Statement& statement = writing.prepared(
      "UPDATE inquiries SET municipality_code = ?2, informed_at = ?3, state = ?4, reason = ?5, version = ?6, "
      "changed_at = ?7 WHERE id = ?1");
  statement.bind(1, inquiry.number);
  statement.bind(2, std::string_view(inquiry.municipality_code));
  bind_or_null(statement, 3, inquiry.informed_at);
  statement.bind(4, std::string_view(name_of(inquiry.state)));
  bind_or_null(statement, 5, inquiry.reason);
  statement.bind(6, inquiry.version);
  statement.bind(7, std::string_view(inquiry.changed_at));
  statement.run();
}

template <class Connection>
std::optional<Inquiry> find_in(const Connection& connection, const Caller& caller,
                               std::string_view reference) {
  store::Statement& statement = connection.prepared(one_inquiry);
  statement.bind(1, reference);
  if (!statement.step()) return std::nullopt;
  Inquiry out = read_inquiry(statement);
  statement.reset();
  if (!sees(caller, out)) return std::nullopt;
  return out;
}

void apply(const Transition& transition, const std::string& now, Inquiry& inquiry) {
  ++inquiry.version;
  inquiry.changed_at = now;
  if (!transition.to) return;
  inquiry.state = *transition.to;
  inquiry.reason = transition.reason;
  if (transition.municipality_code.empty()) return;
  inquiry.municipality_code = transition.municipality_code;
  inquiry.informed_at = now;
}

}  // namespace

const char* name_of(InquiryState state) noexcept {
  switch (state) {
    case InquiryState::received:
      return "received";
    case InquiryState::with_municipality:
      return "with_municipality";
    case InquiryState::introduced:
      return "introduced";
    case InquiryState::closed:
      break;
  }
  return "closed";
}

std::optional<InquiryState> state_named(std::string_view name) noexcept {
  using enum InquiryState;
  for (const InquiryState state : {received, with_municipality, introduced, closed})
    if (name == name_of(state)) return state;
  return std::nullopt;
}

bool may_follow(InquiryState from, InquiryState to) noexcept {
  if (from == InquiryState::closed) return false;
  return to == InquiryState::closed || static_cast<int>(to) == static_cast<int>(from) + 1;
}

const std::vector<std::string>& closing_reasons() {
  static const std::vector<std::string> reasons{"agreed",    "not_agreed", "no_match",
                                                "withdrawn", "duplicate",  "other"};
  return reasons;
}

bool sees(const Caller& caller, const Inquiry& inquiry) noexcept {
  return caller.role == Role::administrator || is_informed(caller, inquiry) || is_own(caller, inquiry);
}

Inquiry Inquiries::ask(const Caller& by, const NewInquiry& asked) {
  if (by.key == 0)
    throw Error(ErrorKind::unauthorized, "an inquiry needs a key", "Authorization",
                "ask the operator for one")
        .in_japanese("照会には API キーが必要です", "運営者に発行を求めてください");
  check_asked(asked);
  const std::int64_t now = m_database.now();
  Inquiry out;
  out.reference = random_text(reference_bytes);
  out.asked_at = out.changed_at = utc_text(now);
  out.key = by.key;
  out.role = by.role;
  out.holder = by.holder;
  out.site = asked.site;
  out.like_json = asked.like_json;
  out.message = asked.message;
  out.contact = asked.contact;
  out.municipality_code = asked.municipality_code;
  if (!out.municipality_code.empty()) out.informed_at = out.asked_at;
  Database::Writing writing = m_database.write();
  check_quota(writing, "SELECT count(*) FROM inquiries WHERE key = ?1 AND asked_at >= ?2", by.key, now,
              most_asked_per_day);
  insert_inquiry(writing, out);
  out.number = writing.last_id();
  insert_step(writing, by,
              {out.number, out.asked_at, std::nullopt, InquiryState::received, {}, {}, Role::company});
  writing.commit();
  return out;
}

std::optional<Inquiry> Inquiries::find(const Caller& caller, std::string_view reference) const {
  const Database::Reading reading = m_database.read();
  if (!reading) return std::nullopt;
  return find_in(reading, caller, reference);
}

std::vector<Inquiry> Inquiries::list(const Caller& caller, std::int64_t before, std::size_t limit) const {
  std::vector<Inquiry> out;
  const Database::Reading reading = m_database.read();
  if (!reading) return out;
  store::Statement& statement = reading.prepared(inquiries_before);
  statement.bind(1, before);
  while (out.size() < limit && statement.step()) {
    Inquiry inquiry = read_inquiry(statement);
    if (sees(caller, inquiry)) out.push_back(std::move(inquiry));
  }
  return out;
}

std::vector<InquiryStep> Inquiries::steps(const Caller& caller, const Inquiry& inquiry) const {
  std::vector<InquiryStep> out;
  const Database::Reading reading = m_database.read();
  if (!reading) return out;
  store::Statement& statement = reading.prepared(
      "SELECT at, from_state, to_state, reason, note, note_for, by_role, by_holder FROM inquiry_steps WHERE "
      "inquiry = ?1 ORDER BY id");
  statement.bind(1, inquiry.number);
  while (statement.step()) {
    InquiryStep step;
    step.at = statement.text(0);
    if (!statement.is_null(1)) step.from = state_named(statement.text(1));
    step.to = state_named(statement.text(2)).value_or(InquiryState::closed);
    step.reason = text_or_empty(statement, 3);
    step.note_for = role_named(statement.text(5)).value_or(Role::administrator);
    step.by_role = statement.text(6);
    step.by_holder = statement.text(7);
    const bool is_note_alone = step.from == step.to;
    const bool is_for_him = may_read(caller.role, step.note_for);
    if (is_for_him) step.note = statement.text(4);
    if (is_for_him || !is_note_alone) out.push_back(std::move(step));
  }
  return out;
}

Inquiry Inquiries::move(const Caller& by, std::string_view reference, const Transition& transition) {
  const std::int64_t now = m_database.now();
  if (!m_database.read()) throw no_such_inquiry();
  Database::Writing writing = m_database.write();
  std::optional<Inquiry> found = find_in(writing, by, reference);
  if (!found) throw no_such_inquiry();
  Inquiry& inquiry = *found;
  if (inquiry.version != transition.version)
    throw Error(ErrorKind::conflict, fmt::format("is at version {} by now", inquiry.version), "version",
                "read it again, and decide anew")
        .in_japanese(fmt::format("版は {} に進んでいます", inquiry.version),
                     "読み直してから判断してください");
  check_step(by, inquiry, transition);
  check_quota(writing, "SELECT count(*) FROM inquiry_steps WHERE by_key = ?1 AND at >= ?2", by.key, now,
              most_steps_per_day);
  const InquiryState before = inquiry.state;
  apply(transition, utc_text(now), inquiry);
  update_inquiry(writing, inquiry);
  insert_step(writing, by,
              {inquiry.number, inquiry.changed_at, before, inquiry.state, transition.reason, transition.note,
               transition.note_for.value_or(by.role)});
  writing.commit();
  return inquiry;
}

}  // namespace ritchi::access
