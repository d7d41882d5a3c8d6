// A source that is open only while it is read: archives hold more files than a process may have open.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "importers/core/source.hpp"

namespace ritchi::importers {

class ReopenedSource : public Source {
 public:
  using Open = std::function<std::unique_ptr<Source>()>;
  // Opens it once, so that a file that cannot be read is found before anything is imported.
  explicit ReopenedSource(Open open);

  const std::vector<SourceLayer>& layers() const override;
  void start(std::optional<std::size_t> only_layer) override;
  bool next(SourceFeature& out) override;
  std::optional<std::uint64_t> expected() const override { return m_expected; }
  std::string encoding() const override { return m_encoding; }
  std::vector<Message> notes() const override { return m_notes; }
  bool corrected_rejects() const override { return m_corrected_rejects; }

 private:
  void close();

  Open m_open;
  std::unique_ptr<Source> m_source;
  std::vector<SourceLayer> m_layers;
  std::optional<std::uint64_t> m_expected;
  std::string m_encoding;
  std::vector<Message> m_notes;
  bool m_corrected_rejects = false;
};

}  // namespace ritchi::importers
