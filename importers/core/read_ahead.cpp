#include "importers/core/read_ahead.hpp"

#include <utility>

namespace ritchi::importers {
namespace {

constexpr std::size_t batch_features = 128;
constexpr std::size_t batch_vertices = 100'000;
constexpr std::size_t most_batches = 4;

std::size_t columns_of(const std::vector<SourceLayer>& layers) {
  std::size_t out = 0;
  for (const auto& layer : layers) out += layer.columns.size() + 1;
  return out;
}

}  // namespace

ReadAhead::ReadAhead(std::unique_ptr<Source> inner) : m_inner(std::move(inner)) {
  look();
}

ReadAhead::~ReadAhead() {
  stop();
}

void ReadAhead::look() {
  m_layers = m_inner->layers();
  m_columns_read = columns_of(m_layers);
  look_at(*m_inner);
}

void ReadAhead::stop() {
  {
    const std::lock_guard lock(m_mutex);
    m_stopping = true;
  }
  m_changed.notify_all();
  if (m_thread.joinable()) m_thread.join();
}

void ReadAhead::start(std::optional<std::size_t> only_layer) {
  stop();
  m_full.clear();
  m_batch.count = m_at = 0;
  m_batch.last = false;
  m_batch.failure = nullptr;
  m_stopping = false;
  m_inner->start(only_layer);
  look();
  m_thread = std::thread([this] { read(); });
}

void ReadAhead::fill(Batch& batch) {
  batch.count = 0;
  batch.last = false;
  batch.failure = nullptr;
  batch.layers.clear();
  std::size_t vertices = 0;
  try {
    while (batch.count < batch_features && vertices < batch_vertices) {
      if (batch.features.size() == batch.count) batch.features.emplace_back();
      SourceFeature& feature = batch.features[batch.count];
      if (!m_inner->next(feature)) {
        batch.last = true;
        break;
      }
      ++batch.count;
      vertices += feature.geometry ? feature.geometry->points.size() : 0;
    }
  } catch (...) {
    batch.failure = std::current_exception();
    batch.last = true;
  }
  if (batch.last) batch.notes = m_inner->notes();
  if (const auto columns = columns_of(m_inner->layers()); columns != m_columns_read) {
    m_columns_read = columns;
    batch.layers = m_inner->layers();
  }
}

void ReadAhead::read() {
  for (bool more = true; more;) {
    Batch batch;
    {
      std::unique_lock lock(m_mutex);
      m_changed.wait(lock, [this] { return m_full.size() < most_batches || m_stopping; });
      if (m_stopping) return;
      if (!m_spent.empty()) {
        batch = std::move(m_spent.front());
        m_spent.pop_front();
      }
    }
    fill(batch);
    more = !batch.last;
    {
      const std::lock_guard lock(m_mutex);
      m_full.push_back(std::move(batch));
    }
    m_changed.notify_all();
  }
}

bool ReadAhead::take_batch() {
  if (m_batch.failure) std::rethrow_exception(m_batch.failure);
  if (m_batch.last || !m_thread.joinable()) return false;
  {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return !m_full.empty(); });
    std::swap(m_batch, m_full.front());
    m_spent.push_back(std::move(m_full.front()));
    m_full.pop_front();
  }
  m_changed.notify_all();
  m_at = 0;
  if (!m_batch.layers.empty()) m_layers = m_batch.layers;
  if (m_batch.last) set_notes(m_batch.notes);
  return true;
}

bool ReadAhead::next(SourceFeature& out) {
  while (m_at == m_batch.count)
    if (!take_batch()) return false;
  std::swap(out, m_batch.features[m_at++]);
  return true;
}

}  // namespace ritchi::importers
