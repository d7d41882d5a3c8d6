// A source that is open only while it is read: archives hold more files than a process may have open.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "importers/core/source_cover.hpp"

namespace ritchi::importers {

class ReopenedSource : public SourceCover {
 public:
  using Open = std::function<std::unique_ptr<Source>()>;
  // Opens it once, so that a file that cannot be read is found before anything is imported.
  explicit ReopenedSource(Open open);

  const std::vector<SourceLayer>& layers() const override;
  void start(std::optional<std::size_t> only_layer) override;
  bool next(SourceFeature& out) override;

 private:
  void close();

  Open m_open;
  std::unique_ptr<Source> m_source;
  std::vector<SourceLayer> m_layers;
};

}  // namespace ritchi::importers
