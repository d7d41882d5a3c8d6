// A source round another one: keeps what that one says of itself, for the times when nobody may ask it.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "importers/core/source.hpp"

namespace ritchi::importers {

class SourceCover : public Source {
 public:
  std::optional<std::uint64_t> expected() const override { return m_expected; }
  std::string encoding() const override { return m_encoding; }
  std::vector<Message> notes() const override { return m_notes; }
  bool corrected_rejects() const override { return m_corrected_rejects; }

 protected:
  void look_at(const Source& inner) {
    m_expected = inner.expected();
    m_encoding = inner.encoding();
    m_notes = inner.notes();
    m_corrected_rejects = inner.corrected_rejects();
  }
  void set_notes(std::vector<Message> notes) { m_notes = std::move(notes); }

 private:
  std::optional<std::uint64_t> m_expected;
  std::string m_encoding;
  std::vector<Message> m_notes;
  bool m_corrected_rejects = false;
};

}  // namespace ritchi::importers
