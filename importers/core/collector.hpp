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

namespace ritchi::importers {

// Keys found twice are known only after a whole reading, when the first of the two is written already. So the
// source is read again with what is known; data without such keys is read once.
using RepeatedKeys = std::set<std::int64_t>;

class Collector {
 public:
  using Write = std::function<void(const load::Record&)>;
  Collector(const catalogue::Layer& layer, Repeat repeat, const RepeatedKeys& repeated, RejectFile& rejects,
            Write write);

  // The reject file is at this record.
  void take(Mapped& mapped, const std::string& source, const std::string& label);
  // Writes what was held back. True if the source must be read again with repeated() in addition.
  bool finish();
  const RepeatedKeys& repeated() const { return m_found; }

  // The numbers so far.
  const ImportReport& report() const { return m_report; }
  // The prefecture of all records, or "all".
  std::string partition() const;

 private:
  struct Seen {
    std::uint64_t other_hash = 0;
  };
  struct Place {
    std::string source;
    std::string label;
    std::string key;
    std::int64_t held = 0;  // the number under which the reject file keeps the record
  };
  struct Group {
    load::Record record;
    std::vector<geom::Geometry> shapes;
    std::vector<Place> places;
    std::vector<Fault> faults;
  };
  void write(const load::Record& record);
  void count_reasons(const std::vector<Fault>& faults, const std::string& label);
  void reject_held(const Place& place, const std::vector<Fault>& faults);
  void join(Mapped& mapped, const std::string& source, const std::string& label);
  // held: the number of a record that the reject file keeps already.
  bool give_id(load::Record& record, const std::string& source, const std::string& label,
               std::optional<std::int64_t> held = std::nullopt);
  void note_prefecture(const load::Record& record);

  const catalogue::Layer& m_layer;
  Repeat m_repeat;
  const RepeatedKeys& m_repeated;
  RejectFile& m_rejects;
  Write m_write;
  ImportReport m_report;
  RepeatedKeys m_found;
  std::unordered_map<std::int64_t, Seen> m_seen;
  std::map<std::int64_t, std::vector<Place>> m_held;  // records whose key occurs twice
  std::map<std::string, std::size_t> m_group_of;
  std::vector<Group> m_groups;
  std::size_t m_municipality, m_prefecture;
  std::set<std::string> m_prefectures;
};

}  // namespace ritchi::importers
