#include "importers/core/collector.hpp"

#include <fmt/format.h>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/geom/validity.hpp"
#include "importers/core/field_reader.hpp"
#include "importers/core/gdal_geometry.hpp"

namespace ritchi::importers {

Collector::Collector(const catalogue::Layer& layer, Repeat repeat, const RepeatedKeys& repeated,
                     RejectFile& rejects, Write write)
    : m_layer(layer),
      m_repeat(repeat),
      m_repeated(repeated),
      m_rejects(rejects),
      m_write(std::move(write)),
      m_found(repeated),
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
  if (m_repeat == Repeat::merge && !mapped.record.source_id.empty()) {
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
  m_report.repaired += mapped.repaired ? 1 : 0;
  m_report.repaired_area_change_m2 += mapped.area_change_m2;
  m_report.z_dropped += mapped.z_dropped ? 1 : 0;
  m_report.place_withheld += mapped.place_withheld ? 1 : 0;
  write(mapped.record);
}

bool Collector::give_id(load::Record& record, const std::string& source, const std::string& label,
                        std::optional<std::int64_t> held) {
  if (record.id == 0) {
    record.id = load::stable_id(m_layer.id, record.source_id);
    if (m_repeat == Repeat::separate && m_repeated.contains(record.id)) {
      record.source_id += '@' + place_digest(record.geometry);
      record.id = load::stable_id(m_layer.id, record.source_id);
    }
  }
  if (m_repeated.contains(record.id)) {
    m_held[record.id].push_back({source, label, record.source_id, held ? *held : m_rejects.hold()});
    return false;
  }
  const std::uint64_t other = base::fnv1a_64(record.source_id, 0x9e3779b97f4a7c15ULL);
  auto [seen, fresh] = m_seen.try_emplace(record.id, Seen{other});
  if (!fresh && seen->second.other_hash != other) {
    // Two different keys with one hash of 52 bits: the later one is hashed once more.
    record.id = load::stable_id(m_layer.id, record.source_id + "\x1F" + "2");
    std::tie(seen, fresh) = m_seen.try_emplace(record.id, Seen{other});
  }
  if (!fresh) m_found.insert(record.id);
  return true;
}

void Collector::join(Mapped& mapped, const std::string& source, const std::string& label) {
  const auto [at, fresh] = m_group_of.try_emplace(mapped.record.source_id, m_groups.size());
  if (fresh) {
    m_groups.emplace_back();
    m_groups.back().record.source_id = mapped.record.source_id;
    m_groups.back().record.values.resize(m_layer.attributes.size());
  }
  Group& group = m_groups[at->second];
  group.places.push_back({source, label, {}, m_rejects.hold()});
  for (auto& fault : mapped.faults) {
    fault.reason += " (" + label + ")";
    group.faults.push_back(std::move(fault));
  }
  if (!mapped.faults.empty()) return;
  group.record.synthetic = group.record.synthetic || mapped.record.synthetic;
  m_report.repaired += mapped.repaired ? 1 : 0;
  m_report.repaired_area_change_m2 += mapped.area_change_m2;
  m_report.z_dropped += mapped.z_dropped ? 1 : 0;
  if (mapped.record.geometry) group.shapes.push_back(std::move(*mapped.record.geometry));
  for (std::size_t i = 0; i < mapped.record.values.size(); ++i) {
    auto& mine = group.record.values[i];
    const auto& its = mapped.record.values[i];
    if (catalogue::is_unknown(its)) continue;
    if (catalogue::is_unknown(mine))
      mine = its;
    else if (mine != its)
      group.faults.push_back(
          {m_layer.attributes[i].name, text_of(its),
           Message(
               fmt::format("the rows of '{}' disagree: '{}' in {}, '{}' in {}", group.record.source_id,
                           text_of(mine), group.places.front().label, text_of(its), label),
               fmt::format("「{}」の行の値が一致しません: {} は「{}」、{} は「{}」", group.record.source_id,
                           group.places.front().label, text_of(mine), label, text_of(its))),
           Message("make the rows of one key say the same", "同じキーの行の値をそろえてください")});
  }
}

bool Collector::finish() {
  for (auto& group : m_groups) {
    if (group.faults.empty() && !group.shapes.empty()) {
      group.record.geometry = unite(group.shapes);
      if (const auto why = geom::why_invalid(*group.record.geometry))
        group.faults.push_back({"geometry",
                                {},
                                Message("the union of the rows' shapes is not valid: " + *why,
                                        "各行の形状を合わせた結果が正しくありません: " + *why),
                                Message("correct the shapes", "形状を直してください")});
    }
    if (!group.faults.empty()) {
      for (const auto& place : group.places) reject_held(place, group.faults);
      continue;
    }
    const Place& first = group.places.front();
    if (!give_id(group.record, first.source, first.label, first.held)) continue;
    m_report.accepted += static_cast<std::int64_t>(group.places.size());
    m_report.merged_away += static_cast<std::int64_t>(group.places.size()) - 1;
    write(group.record);
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
  return m_found.size() != m_repeated.size();
}

void Collector::write(const load::Record& record) {
  ++m_report.features;
  m_report.synthetic += record.synthetic ? 1 : 0;
  m_report.without_place += record.geometry ? 0 : 1;
  note_prefecture(record);
  // Once a reading is known to be repeated, there is no use in writing its rest.
  if (m_found.size() == m_repeated.size()) m_write(record);
}

void Collector::note_prefecture(const load::Record& record) {
  if (m_prefectures.size() > 1) return;
  std::string code;
  if (m_municipality < record.values.size()) code = text_of(record.values[m_municipality]).substr(0, 2);
  if (code.empty() && m_prefecture < record.values.size()) code = text_of(record.values[m_prefecture]);
  m_prefectures.insert(code);
}

std::string Collector::partition() const {
  return m_prefectures.size() == 1 && m_prefectures.begin()->size() == 2 ? *m_prefectures.begin() : "all";
}

}  // namespace ritchi::importers
