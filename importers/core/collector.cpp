#include "importers/core/collector.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/geom/validity.hpp"
#include "importers/core/field_reader.hpp"
#include "importers/core/gdal_geometry.hpp"

namespace ritchi::importers {

Collector::Collector(const catalogue::Layer& layer, Repeat repeat, const RowRules& rows, load::Apply apply,
                     const RepeatedIds& repeated, RejectFile& rejects, Write write)
    : m_layer(layer),
      m_repeat(repeat),
      m_rows(rows),
      m_apply(apply),
      m_repeated(repeated),
      m_rejects(rejects),
      m_write(std::move(write)),
      m_municipality(layer.index_of("municipality_code")),
      m_prefecture(layer.index_of("prefecture_code")) {}

void Collector::count_reasons(const std::vector<Fault>& faults, const std::string& label) {
  ++m_report.rejected;
  for (const auto& fault : faults) m_report.reasons.count(fault, label);
}

void Collector::reject_held(const Place& place, const std::vector<Fault>& faults) {
  count_reasons(faults, place.label);
  m_rejects.add_held(place.held, faults);
}

void Collector::take(Mapped& mapped, const std::string& source, const std::string& label) {
  ++m_report.read;
  if (!mapped.skipped.empty()) {
    ++m_report.skipped[mapped.skipped];
    return;
  }
  if (mapped.record.deleted && m_apply == load::Apply::replace) {
    ++m_report.skipped["marked as deleted"];
    return;
  }
  if (m_repeat == Repeat::merge && !mapped.record.source_id.empty() && !mapped.record.deleted) {
    join(mapped, source, label);
    return;
  }
  if (!mapped.faults.empty()) {
    count_reasons(mapped.faults, label);
    m_rejects.add(mapped.faults);
    return;
  }
  if (!give_id(mapped.record, source, label)) return;
  ++m_report.accepted;
  count_readings(mapped);
  m_report.repaired += mapped.repaired ? 1 : 0;
  m_report.repaired_area_change_m2 += mapped.area_change_m2;
  m_report.z_dropped += mapped.z_dropped ? 1 : 0;
  m_report.place_withheld += mapped.place_withheld ? 1 : 0;
  write(std::move(mapped.record));
}

void Collector::count_readings(const Mapped& mapped) {
  for (const auto& [attribute, text] : mapped.unknowns)
    ++m_report.unknown_values[m_layer.attributes[attribute].name][text];
  for (const auto& [attribute, steps] : mapped.normalised)
    for (std::size_t step = 0; step < step_names.size(); ++step)
      if (steps.has(static_cast<Step>(step)))
        ++m_report.normalised[m_layer.attributes[attribute].name][step_names[step]];
}

bool Collector::give_id(load::Record& record, const std::string& source, const std::string& label,
                        std::optional<std::int64_t> held) {
  if (record.id == 0) {
    record.id = load::stable_id(m_layer.id, record.source_id);
    const auto found = m_repeated.find(record.id);
    if (m_repeat == Repeat::separate && found != m_repeated.end() && found->second.same_key) {
      record.source_id += '@' + place_digest(record.geometry);
      record.id = load::stable_id(m_layer.id, record.source_id);
    }
  }
  int attempt = 1;
  for (auto found = m_repeated.find(record.id); found != m_repeated.end();
       found = m_repeated.find(record.id)) {
    if (found->second.same_key) {
      m_held[record.id].push_back({source, label, record.source_id, held ? *held : m_rejects.hold()});
      return false;
    }
    // Two different keys with one hash of 52 bits: all but the first key's are hashed once more.
    if (found->second.keeper == record.source_id) break;
    record.id = load::stable_id(m_layer.id, record.source_id + "\x1F" + std::to_string(++attempt));
  }
  return true;
}

void Collector::join(Mapped& mapped, const std::string& source, const std::string& label) {
  const std::string& key = mapped.record.source_id;
  const auto [at, fresh] = m_group_of.try_emplace(key, m_groups.size());
  if (fresh) m_groups.push_back({RowJoiner(m_layer, m_rows, key), {}});
  Group& group = m_groups[at->second];
  group.places.push_back({source, label, {}, m_rejects.hold()});
  if (!mapped.faults.empty()) {
    group.rows.add_faults(mapped.faults, label);
    return;
  }
  count_readings(mapped);
  m_report.repaired += mapped.repaired ? 1 : 0;
  m_report.repaired_area_change_m2 += mapped.area_change_m2;
  m_report.z_dropped += mapped.z_dropped ? 1 : 0;
  m_report.place_withheld += mapped.place_withheld ? 1 : 0;
  if (!group.rows.add(mapped, label)) ++m_report.duplicate_rows;
}

void Collector::finish() {
  for (auto& group : m_groups) {
    load::Record record = group.rows.finish();
    if (!group.rows.faults().empty()) {
      for (const auto& place : group.places) reject_held(place, group.rows.faults());
      continue;
    }
    const Place& first = group.places.front();
    if (!give_id(record, first.source, first.label, first.held)) continue;
    m_report.accepted += static_cast<std::int64_t>(group.places.size());
    m_report.merged_away += static_cast<std::int64_t>(group.places.size()) - 1;
    write(std::move(record));
  }
  for (const auto& [id, places] : m_held) {
    std::string all;
    for (std::size_t i = 0; i < places.size() && i < 10; ++i) all += (i == 0 ? "" : ", ") + places[i].label;
    for (const auto& place : places)
      reject_held(
          place,
          {{"source_id", place.key,
            Message(fmt::format("the key occurs {} times: {}", places.size(), all),
                    fmt::format("キーが {} 回現れます: {}", places.size(), all)),
            Message("give every record a key of its own", "レコードごとに異なるキーを付けてください")}});
  }
}

void Collector::write(load::Record&& record) {
  if (record.deleted) {
    ++m_report.deletions;
  } else {
    ++m_report.features;
    m_report.synthetic += record.synthetic ? 1 : 0;
    m_report.without_place += record.geometry ? 0 : 1;
    note_prefecture(record);
  }
  m_write(std::move(record));
}

void Collector::note_prefecture(const load::Record& record) {
  if (m_prefectures.size() > 1) return;
  std::string code;
  if (m_municipality < record.values.size()) code = text_of(record.values[m_municipality]).substr(0, 2);
  if (code.empty() && m_prefecture < record.values.size()) code = text_of(record.values[m_prefecture]);
  if (code == m_last_prefecture && !m_prefectures.empty()) return;
  m_last_prefecture = code;
  m_prefectures.insert(std::move(code));
}

std::string Collector::partition() const {
  return m_prefectures.size() == 1 && m_prefectures.begin()->size() == 2 ? *m_prefectures.begin() : "all";
}

}  // namespace ritchi::importers
