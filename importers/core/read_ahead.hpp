// Reads a source in a thread of its own, so that the next features are decoded while these are checked.
#pragma once
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "importers/core/source_cover.hpp"

namespace ritchi::importers {

// Gives the same features in the same order. What is read ahead is bounded in features and in vertices.
class ReadAhead : public SourceCover {
 public:
  explicit ReadAhead(std::unique_ptr<Source> inner);
  ~ReadAhead() override;
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  const std::vector<SourceLayer>& layers() const override { return m_layers; }
  void start(std::optional<std::size_t> only_layer) override;
  bool next(SourceFeature& out) override;

 private:
  struct Batch {
    std::vector<SourceFeature> features;
    std::size_t count = 0;
    std::vector<SourceLayer> layers;  // where they have got new columns since the batch before; else empty
    std::exception_ptr failure;       // after these features
    bool last = false;
    std::vector<Message> notes;  // of the last one: also of what was met in reading
  };
  void look();  // at what the inner source says of itself, while nobody reads it
  void stop();
  void read();
  void fill(Batch& batch);
  bool take_batch();

  std::unique_ptr<Source> m_inner;
  std::vector<SourceLayer> m_layers;

  Batch m_batch;  // of the caller's thread
  std::size_t m_at = 0;
  std::size_t m_columns_read = 0;  // of the reading thread

  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::deque<Batch> m_full;
  std::deque<Batch> m_spent;  // their memory is used again
  bool m_stopping = false;
  std::thread m_thread;  // last: it ends before what it uses
};

}  // namespace ritchi::importers
