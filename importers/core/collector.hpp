// Takes mapped records of one layer: gives ids, finds keys that occur twice, joins what belongs together,
// counts, and hands the good ones to the writer.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "importers/core/import_report.hpp"
#include "importers/core/mapper.hpp"
#include "importers/core/rejects.hpp"
#include "importers/core/row_joiner.hpp"

namespace ritchi::importers {

// Ids that occur twice are known only after a whole reading (see DatasetWriter), when nobody remembers the
// records. So the source is read again with what is known; data without such ids is read once.
using RepeatedIds = std::map<std::int64_t, load::RepeatedId>;

class Collector {
 public:
  using Write = std::function<void(load::Record&&)>;
  // rows: how those of one key become one feature; must outlive this. apply: only an update can take records
  // away.
  Collector(const catalogue::Layer& layer, Repeat repeat, const RowRules& rows, load::Apply apply,
            const RepeatedIds& repeated, RejectFile& rejects, Write write);

  // The reject file is at this record.
  void take(Mapped& mapped, const std::string& source, const std::string& label);
  // Writes what was held back.
  void finish();

  // The numbers so far.
  const ImportReport& report() const { return m_report; }
  // The prefecture of all records, or "all".
  std::string partition() const;

 private:
  struct Place {
    std::string source;
    std::string label;
    std::string key;
    std::int64_t held = 0;  // the number under which the reject file keeps the record
  };
  struct Group {
    RowJoiner rows;
    std::vector<Place> places;
  };
  void count_readings(const Mapped& mapped);
  void write(load::Record&& record);
  void count_reasons(const std::vector<Fault>& faults, const std::string& label);
  void reject_held(const Place& place, const std::vector<Fault>& faults);
  void join(Mapped& mapped, const std::string& source, const std::string& label);
  // held: the number of a record that the reject file keeps already.
  bool give_id(load::Record& record, const std::string& source, const std::string& label,
               std::optional<std::int64_t> held = std::nullopt);
  void note_prefecture(const load::Record& record);

  const catalogue::Layer& m_layer;
  Repeat m_repeat;
  const RowRules& m_rows;
  load::Apply m_apply;
  const RepeatedIds& m_repeated;
  RejectFile& m_rejects;
  Write m_write;
  ImportReport m_report;
  std::map<std::int64_t, std::vector<Place>> m_held;  // records whose key occurs twice
  std::map<std::string, std::size_t> m_group_of;
  std::vector<Group> m_groups;
  std::size_t m_municipality, m_prefecture;
  std::string m_last_prefecture;
  std::set<std::string> m_prefectures;
};

}  // namespace ritchi::importers
