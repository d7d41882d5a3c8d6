// A dataset's file as it lies open: connections with their statements, and what is the same for every
// audience. For the parts of Dataset alone.
#pragma once
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "geodata/base/descriptor.hpp"
#include "geodata/store/dataset.hpp"
#include "geodata/store/dataset_meta.hpp"
#include "geodata/store/sqlite.hpp"
#include "geodata/store/visibility.hpp"

namespace ritchi::store {

// What is read of a row, before its attributes and after them.
enum RowColumn { id_at, source_id_at, synthetic_at, geometry_at, first_attribute_at };

struct RowStatements {
  Statement box;   // ?1 … ?4: west, south, east, north
  Statement id;    // ?1
  Statement page;  // ?1: ids are greater, ?2: at most so many
};

// Used by one thread at a time.
struct Session {
  explicit Session(Connection opened) : connection(std::move(opened)) {}
  Connection connection;
  const Visibility* visibility = nullptr;  // whom the SQL functions answer for while the session is lent
  std::optional<Statement> count;          // of boxes in the index: ?1 … ?4, ?5: at most so many
  std::optional<RowStatements> every;      // of all rows
  std::optional<RowStatements> seen;       // of those that the visibility shows
};

// A consent as a row itself states it.
struct RowConsent {
  std::int64_t id = 0;
  Disclosure level = Disclosure::internal;
  std::string until;   // YYYY-MM-DD; empty: without end
  std::string holder;  // empty: it names nobody
};

struct DatasetFile {
  std::filesystem::path file;
  base::UniqueDescriptor descriptor;  // holds the very file, whatever becomes of its name
  DatasetMeta meta;
  catalogue::Layer declared;
  std::shared_ptr<const TileFile> tiles;
  std::string why_no_tiles;
  bool tiles_damaged = false;
  std::shared_ptr<const FactsFile> facts;
  std::string why_no_facts;
  base::UniqueDescriptor facts_looked_at;  // what was under the name of the facts, fitting or not

  mutable std::mutex idle_mutex;
  mutable std::vector<std::unique_ptr<Session>> idle;

  mutable std::once_flag consents_read;
  mutable std::vector<RowConsent> consents;  // by id

  // Made before, as long as somebody has them.
  struct Seen {
    Visibility visibility;
    bool is_public = false;
    std::weak_ptr<const Dataset> dataset;
  };
  mutable std::mutex seen_mutex;
  mutable std::vector<Seen> seen;

  std::filesystem::path tile_path() const { return tile_file(file, meta.info.whole.revision); }
  void open_tiles();
  std::filesystem::path facts_path() const;
  void open_facts();

  std::unique_ptr<Session> open_session() const;
  // Prepares the statements that this visibility needs, once for each session.
  RowStatements& statements(Session& session, const Visibility& visibility) const;

  bool stores(std::string_view attribute) const { return meta.layer.find(attribute) != nullptr; }
  std::string table() const { return sql_name(meta.info.layer); }
  std::string index() const { return sql_name("idx_" + meta.info.layer + "_geom"); }
  // id, source_id, synthetic, geom, what is declared, and what the row says of level and municipality.
  std::string columns() const;
  int level_at() const { return first_attribute_at + static_cast<int>(declared.attributes.size()); }
  int municipality_at() const { return level_at() + 1; }
  // A condition that holds for the rows in the index's box, which is bound to the first four parameters.
  std::string box_clause() const;
  std::string sight() const;    // 0: hidden, 1: open, 2: reserved
  std::string at_home() const;  // is the row at home?

  const std::vector<RowConsent>& read_consents() const;
  // Of the rows of this file alone. today: YYYY-MM-DD; empty: nothing has run out. only_public: without those
  // that make no difference to the public.
  StatedLevels stated_levels(const Restated* restated, std::string_view today, bool only_public) const;
};

// Borrows an idle session, or opens one; gives it back even when a query throws.
class SessionLease {
 public:
  SessionLease(const DatasetFile& file, const Visibility& visibility);
  ~SessionLease();
  SessionLease(const SessionLease&) = delete;
  SessionLease& operator=(const SessionLease&) = delete;
  Session* operator->() const { return m_session.get(); }
  Session& operator*() const { return *m_session; }

 private:
  const DatasetFile& m_file;
  std::unique_ptr<Session> m_session;
};

}  // namespace ritchi::store
