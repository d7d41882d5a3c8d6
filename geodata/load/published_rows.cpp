#include "geodata/load/published_rows.hpp"

namespace ritchi::load {
namespace {

constexpr std::int64_t chunk_rows = 512;

}  // namespace

PublishedRows::PublishedRows(const std::filesystem::path& file, const catalogue::Layer* shown, Which which)
    : m_whole(store::Dataset::open(file, [shown](std::string_view) { return shown; })),
      m_dataset(which == Which::all ? m_whole : m_whole->seen_by({}, nullptr, {})),
      m_descriptor(base::open_for_reading(file)),
      m_connection(store::Connection::open_immutable(m_descriptor.get(), file.string())),
      m_notes(m_whole->layer(), m_dataset->layer()) {
  if (shown == nullptr) m_extras_reader.emplace(m_connection, m_whole->layer());
}

void PublishedRows::read_on() {
  m_chunk.clear();
  m_at = 0;
  m_dataset->page(m_last_id, chunk_rows, base::Deadline::never(),
                  [this](const store::FeatureView& view) { m_chunk.push_back(store::copy_of(view)); });
  if (!m_chunk.empty()) m_last_id = m_chunk.back().id;
}

bool PublishedRows::next() {
  if (m_at == m_chunk.size()) read_on();
  if (m_chunk.empty()) return false;
  const store::Feature& feature = m_chunk[m_at++];
  m_values.clear();
  for (const auto& value : feature.values) m_values.push_back(store::view_of(value));
  store::encode_extras(m_extras_reader ? m_extras_reader->of(feature.id) : store::Extras{}, m_all_extras);
  m_extras = m_notes.extras(m_all_extras);
  m_row.feature = {feature.id, feature.source_id, feature.synthetic, feature.geometry, m_values};
  m_row.extras = m_extras;
  m_row.hash = m_hasher.of(m_row.feature, m_extras);
  return true;
}

}  // namespace ritchi::load
