#include "tileserver/access/audit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"

namespace ritchi::access {
namespace {

using base::Error;
using base::ErrorKind;

// Beyond that some are noted twice in an hour, which does no harm.
constexpr std::size_t most_noted = 500'000;
constexpr std::size_t chain_length = 64;

std::string first_link() {
  return std::string(chain_length, '0');
}

std::string link(base::Sha256& digest, const std::string& before, const AuditRow& row) {
  digest.add_field(before);
  digest.add_field(std::to_string(row.id));
  digest.add_field(row.at);
  digest.add_field(std::to_string(row.key));
  digest.add_field(row.role);
  digest.add_field(row.holder);
  digest.add_field(row.channel);
  digest.add_field(row.layer);
  digest.add_field(std::to_string(row.feature));
  return digest.hex();
}

void read_row(const store::Statement& statement, AuditRow& row) {
  row.id = statement.integer(0);
  row.at = statement.text(1);
  row.key = statement.integer(2);
  row.role = statement.text(3);
  row.holder = statement.text(4);
  row.channel = statement.text(5);
  row.layer = statement.text(6);
  row.feature = statement.integer(7);
  row.chain = statement.text(8);
}

// Where the next row goes on.
AuditHead read_head(const Database::Writing& writing) {
  store::Statement& last = writing.prepared("SELECT id, chain FROM audit ORDER BY id DESC LIMIT 1");
  if (!last.step()) return {0, first_link()};
  AuditHead out{last.integer(0), std::string(last.text(1))};
  last.reset();
  return out;
}

void insert(store::Statement& statement, const AuditRow& row) {
  statement.bind(1, row.id);
  statement.bind(2, std::string_view(row.at));
  statement.bind(3, row.key);
  statement.bind(4, std::string_view(row.role));
  statement.bind(5, std::string_view(row.holder));
  statement.bind(6, std::string_view(row.channel));
  statement.bind(7, std::string_view(row.layer));
  statement.bind(8, row.feature);
  statement.bind(9, std::string_view(row.chain));
  statement.run();
}

}  // namespace

std::size_t Audit::EntryHash::operator()(const Entry& entry) const noexcept {
  std::uint64_t mixed = static_cast<std::uint64_t>(entry.key) * 0x9e3779b97f4a7c15ULL;
  mixed ^= static_cast<std::uint64_t>(entry.feature) + (mixed << 6U) + (mixed >> 2U);
  mixed *= 0xff51afd7ed558ccdULL;
  mixed ^= (std::uint64_t{entry.layer} << 32U) + entry.channel;
  return static_cast<std::size_t>(mixed ^ (mixed >> 29U));
}

std::uint32_t Audit::number_of(std::string_view word) {
  const auto at = std::find(m_words.begin(), m_words.end(), word) - m_words.begin();
  if (static_cast<std::size_t>(at) == m_words.size()) m_words.emplace_back(word);
  return static_cast<std::uint32_t>(at);
}

std::vector<Audit::Entry> Audit::not_yet_noted(const Caller& caller, std::string_view channel,
                                               std::span<const store::ShownFeature> shown) {
  const std::uint32_t by = number_of(channel);
  std::vector<Entry> out;
  std::unordered_set<Entry, EntryHash> of_this;
  for (const store::ShownFeature& feature : shown) {
    const Entry entry{caller.key, feature.id, number_of(feature.layer), by};
    if (!m_noted.contains(entry) && of_this.insert(entry).second) out.push_back(entry);
  }
  return out;
}

void Audit::record(const Caller& caller, std::string_view channel,
                   std::span<const store::ShownFeature> shown) {
  if (shown.empty()) return;
  // The last check of all: what reaches this point is not public.
  if (caller.role == Role::everyone)
    throw Error(ErrorKind::internal, fmt::format("the public was to be shown the feature {} of '{}'",
                                                 shown.front().id, shown.front().layer));
  const std::lock_guard lock(m_mutex);
  const std::int64_t now = m_database.now();
  constexpr std::int64_t seconds_per_hour = 3600;
  if (now / seconds_per_hour != m_hour || m_noted.size() + shown.size() > most_noted) m_noted.clear();
  m_hour = now / seconds_per_hour;
  const std::vector<Entry> entries = not_yet_noted(caller, channel, shown);
  if (entries.empty()) return;

  AuditRow row;
  row.at = utc_text(now);
  row.key = caller.key;
  row.role = name_of(caller.role);
  row.holder = caller.holder;
  row.channel = channel;
  Database::Writing writing = m_database.write();
  AuditHead head = read_head(writing);
  store::Statement& statement = writing.prepared(
      "INSERT INTO audit (id, at, key, role, holder, channel, layer, feature_id, chain) VALUES (?1, ?2, ?3, "
      "?4, ?5, ?6, ?7, ?8, ?9)");
  base::Sha256 digest;
  for (const Entry& entry : entries) {
    row.id = ++head.rows;
    row.layer = m_words[entry.layer];
    row.feature = entry.feature;
    row.chain = link(digest, head.chain, row);
    insert(statement, row);
    head.chain = row.chain;
  }
  writing.commit();
  m_noted.insert(entries.begin(), entries.end());
}

void Audit::visit(const std::string& from, const std::string& to,
                  const std::function<void(const AuditRow&)>& row) const {
  const Database::Reading reading = m_database.read();
  if (!reading) return;
  store::Statement& statement = reading.prepared(
      "SELECT id, at, key, role, holder, channel, layer, feature_id, chain FROM audit WHERE (?1 = '' OR at "
      ">= ?1) "
      "AND (?2 = '' OR at < ?2) ORDER BY id");
  statement.bind(1, std::string_view(from));
  statement.bind(2, std::string_view(to));
  AuditRow at;
  while (statement.step()) {
    read_row(statement, at);
    row(at);
  }
}

AuditHead Audit::verify(const AuditHead& known) const {
  AuditHead head{0, first_link()};
  base::Sha256 digest;
  const auto broken = [&](const std::string& message) {
    return Error(ErrorKind::damaged, message, m_database.file().string(),
                 "compare it with a backup or an earlier export");
  };
  const std::string lost = "the audit no longer holds the head that was noted";
  // SQLite's own count of the ids it has given out knows of rows at the end that are gone. Asked before the
  // rows are read: a server may add some meanwhile.
  std::int64_t given_out = 0;
  if (const Database::Reading reading = m_database.read()) {
    store::Statement& sequence = reading.prepared("SELECT seq FROM sqlite_sequence WHERE name = 'audit'");
    if (sequence.step()) given_out = sequence.integer(0);
    sequence.reset();
  }
  visit("", "", [&](const AuditRow& row) {
    if (row.id != head.rows + 1)
      throw broken(fmt::format("audit rows {} to {} are missing", head.rows + 1, row.id - 1));
    if (link(digest, head.chain, row) != row.chain)
      throw broken(fmt::format("audit row {} was changed, or one before it", row.id));
    head = {row.id, row.chain};
    if (row.id == known.rows && row.chain != known.chain) throw broken(lost);
  });
  if (known.rows > head.rows) throw broken(lost);
  if (given_out > head.rows)
    throw broken(fmt::format("audit rows {} to {} are missing", head.rows + 1, given_out));
  return head;
}

}  // namespace ritchi::access
