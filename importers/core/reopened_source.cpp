#include "importers/core/reopened_source.hpp"

namespace ritchi::importers {

ReopenedSource::ReopenedSource(Open open) : m_open(std::move(open)), m_source(m_open()) {
  look_at(*m_source);
  close();
}

// What is known of the layers stays known, also what a streamed file brought only in the course of reading.
void ReopenedSource::close() {
  m_layers = m_source->layers();
  m_source.reset();
}

const std::vector<SourceLayer>& ReopenedSource::layers() const {
  return m_source ? m_source->layers() : m_layers;
}

void ReopenedSource::start(std::optional<std::size_t> only_layer) {
  m_source = m_open();
  m_source->start(only_layer);
}

bool ReopenedSource::next(SourceFeature& out) {
  if (!m_source) return false;
  if (m_source->next(out)) return true;
  close();
  return false;
}

}  // namespace ritchi::importers
