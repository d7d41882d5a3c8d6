#include "tileserver/access/consents.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"
#include "geodata/filter/instant.hpp"

namespace ritchi::access {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t max_note_bytes = 4000;
constexpr std::size_t max_holder_bytes = 300;

Decision read_decision(const store::Statement& row) {
  Decision out;
  out.id = row.integer(0);
  out.layer = row.text(1);
  out.feature = row.integer(2);
  out.municipality_code = row.text(3);
  out.purpose = purpose_named(row.text(4)).value_or(Purpose::none);
  out.granted_to = row.text(5);
  if (!row.is_null(6)) out.until = row.text(6);
  out.note = row.text(7);
  out.decided_at = row.text(8);
  out.by_key = row.integer(9);
  out.by_role = row.text(10);
  out.by_holder = row.text(11);
  return out;
}

void check_text(const std::string& text, std::size_t most, const char* where) {
  if (!base::is_utf8(text))
    throw Error(ErrorKind::bad_input, "is not UTF-8", where).in_japanese("UTF-8 ではありません");
  if (text.size() > most)
    throw Error(ErrorKind::bad_input, "is longer than " + std::to_string(most) + " bytes", where)
        .in_japanese(std::to_string(most) + " バイトを超えています");
}

void check(const Decision& decision, const std::string& today) {
  if (decision.layer.empty())
    throw Error(ErrorKind::bad_input, "is missing", "layer").in_japanese("がありません");
  check_text(decision.granted_to, max_holder_bytes, "holder");
  check_text(decision.note, max_note_bytes, "note");
  if (decision.purpose != Purpose::matching && !decision.granted_to.empty())
    throw Error(ErrorKind::bad_input, "only consent to matching can be for one holder", "holder",
                "leave it out, or choose the purpose 'matching'")
        .in_japanese("特定の相手先への同意はマッチング（matching）に限られます",
                     "holder を省くか、purpose を matching にしてください");
  if (decision.purpose == Purpose::none && !decision.until.empty())
    throw Error(ErrorKind::bad_input, "a withdrawal has no end", "until", "leave it out")
        .in_japanese("撤回に期限は付けられません", "until を省いてください");
  if (decision.until.empty()) return;
  parse_date(decision.until, "until");
  if (decision.until < today)
    throw Error(ErrorKind::bad_input, "is past", "until", "name today or a later day, or withdraw it")
        .in_japanese("過去の日付です", "今日以降の日付にするか、撤回してください");
}

// What the decisions about one feature come to, one after the other: each takes the place of those before it,
// except that consents to matching for named holders stand beside each other, each to its own last day.
class Decided {
 public:
  void add(Purpose purpose, const std::string& granted_to, const std::string& until) {
    const bool is_beside = purpose == Purpose::matching && !granted_to.empty();
    if (!is_beside) m_holders.clear();
    m_purpose = purpose;
    m_until = until;
    if (is_beside) m_holders[granted_to] = until;
  }

  store::Restated::Level on(const std::string& today) const {
    const auto is_over = [&](const std::string& until) { return !until.empty() && until < today; };
    store::Restated::Level out;
    for (const auto& [holder, until] : m_holders)
      if (!is_over(until)) out.holders.push_back(holder);
    const bool holds = m_holders.empty() ? !is_over(m_until) : !out.holders.empty();
    if (holds && m_purpose == Purpose::publication) out.level = store::Disclosure::open;
    if (holds && m_purpose == Purpose::matching) out.level = store::Disclosure::consented;
    return out;
  }

 private:
  Purpose m_purpose = Purpose::none;
  std::string m_until;                           // empty: no end
  std::map<std::string, std::string> m_holders;  // until when; empty: the decision is for everybody
};

bool is_asked_for(const Consents::Query& query, std::string_view layer, std::string_view municipality_code) {
  if (query.in && !is_within(municipality_code, *query.in)) return false;
  return !query.layers || std::find(query.layers->begin(), query.layers->end(), layer) != query.layers->end();
}

std::int64_t latest_decision(const Database::Reading& reading) {
  store::Statement& statement = reading.prepared("SELECT coalesce(max(id), 0) FROM consents");
  return statement.step() ? statement.integer(0) : 0;
}

store::RestatedPtr levels_on(const std::string& today, std::int64_t latest,
                             const Database::Reading& reading) {
  auto out = std::make_shared<store::Restated>();
  std::map<std::string, std::map<std::int64_t, Decided>> decided;
  store::Statement& statement = reading.prepared(
      "SELECT layer, feature_id, purpose, granted_to, coalesce(until, '') FROM consents ORDER BY id");
  while (statement.step())
    decided[std::string(statement.text(0))][statement.integer(1)].add(
        purpose_named(statement.text(2)).value_or(Purpose::none), std::string(statement.text(3)),
        std::string(statement.text(4)));
  for (const auto& [layer, features] : decided)
    for (const auto& [feature, all] : features) out->by_layer[layer][feature] = all.on(today);
  // Grows with decisions and with days, also over restarts.
  constexpr std::uint64_t day_bits = 20;
  out->generation = (static_cast<std::uint64_t>(latest) << day_bits) +
                    static_cast<std::uint64_t>(filter::parse_day(today).value_or(0));
  return out;
}

}  // namespace

const char* name_of(Purpose purpose) noexcept {
  switch (purpose) {
    case Purpose::matching:
      return "matching";
    case Purpose::publication:
      return "publication";
    case Purpose::none:
      break;
  }
  return "none";
}

std::optional<Purpose> purpose_named(std::string_view name) noexcept {
  for (const Purpose purpose : {Purpose::none, Purpose::matching, Purpose::publication})
    if (name == name_of(purpose)) return purpose;
  return std::nullopt;
}

bool is_within(std::string_view municipality_code, const std::vector<std::string>& codes) noexcept {
  return !municipality_code.empty() && std::any_of(codes.begin(), codes.end(), [&](const std::string& code) {
    return code.size() == 2 ? municipality_code.substr(0, 2) == code : municipality_code == code;
  });
}

Decision Consents::record(const Caller& by, const Decision& decision) {
  const std::int64_t now = m_database.now();
  check(decision, day_in_japan(now));
  Decision out = decision;
  out.decided_at = utc_text(now);
  out.by_key = by.key;
  out.by_role = name_of(by.role);
  out.by_holder = by.holder;
  const std::string purpose = name_of(out.purpose);
  Database::Writing writing = m_database.write();
  store::Statement& statement = writing.prepared(
      "INSERT INTO consents (layer, feature_id, municipality_code, purpose, granted_to, until, note, "
      "decided_at, by_key, by_role, by_holder) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
  statement.bind(1, std::string_view(out.layer));
  statement.bind(2, out.feature);
  statement.bind(3, std::string_view(out.municipality_code));
  statement.bind(4, std::string_view(purpose));
  statement.bind(5, std::string_view(out.granted_to));
  if (out.until.empty())
    statement.bind_null(6);
  else
    statement.bind(6, std::string_view(out.until));
  statement.bind(7, std::string_view(out.note));
  statement.bind(8, std::string_view(out.decided_at));
  statement.bind(9, out.by_key);
  statement.bind(10, std::string_view(out.by_role));
  statement.bind(11, std::string_view(out.by_holder));
  statement.run();
  out.id = writing.last_id();
  writing.commit();
  return out;
}

std::vector<Decision> Consents::list(const Query& query) const {
  std::vector<Decision> out;
  const Database::Reading reading = m_database.read();
  if (!reading) return out;
  store::Statement& statement = reading.prepared(
      "SELECT id, layer, feature_id, municipality_code, purpose, granted_to, until, note, decided_at, "
      "by_key, "
      "by_role, by_holder FROM consents WHERE id < ?1 AND (?2 = '' OR layer = ?2) AND (?3 IS NULL OR "
      "feature_id = ?3) ORDER BY id DESC");
  statement.bind(1, query.before);
  statement.bind(2, std::string_view(query.layer));
  if (query.feature)
    statement.bind(3, *query.feature);
  else
    statement.bind_null(3);
  while (out.size() < query.limit && statement.step())
    if (is_asked_for(query, statement.text(1), statement.text(3))) out.push_back(read_decision(statement));
  return out;
}

store::RestatedPtr Consents::restated(const std::string& today) const {
  const std::lock_guard lock(m_mutex);
  // Read before the rows: what is committed in between is read now, and looked for again next time.
  const std::int64_t mark = m_database.change_mark();
  if (m_restated != nullptr && mark == m_mark && today == m_day) return m_restated;
  const Database::Reading reading = m_database.read();
  const std::int64_t latest = reading ? latest_decision(reading) : 0;
  if (m_restated == nullptr || latest != m_latest || today != m_day) {
    store::RestatedPtr built =
        reading ? levels_on(today, latest, reading) : std::make_shared<store::Restated>();
    if (m_restated == nullptr || built->by_layer != m_restated->by_layer) m_restated = std::move(built);
  }
  m_latest = latest;
  m_mark = mark;
  m_day = today;
  return m_restated;
}

}  // namespace ritchi::access
