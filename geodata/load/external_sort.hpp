// Sorts any number of byte strings by a key in bounded memory: what does not fit is kept in a nameless file.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/base/descriptor.hpp"

namespace ritchi::load {

class ExternalSort {
 public:
  // The file, where one is needed, lies in this folder; it has no name, so nothing can be left of it.
  // memory_bytes: about what is held at any time, while adding as well as while reading.
  ExternalSort(std::filesystem::path folder, std::size_t memory_bytes);
  ~ExternalSort();
  ExternalSort(const ExternalSort&) = delete;
  ExternalSort& operator=(const ExternalSort&) = delete;

  // Throws Error(io) for a full disk.
  void add(std::uint64_t key, std::string_view bytes);

  // Ends the adding and begins reading, by key, and equal keys in the order in which they were added. May be
  // called again: it starts from the first one.
  void rewind();
  // False at the end. bytes are valid until the next call.
  bool next(std::uint64_t& key, std::string_view& bytes);

 private:
  struct Entry {
    std::uint64_t key = 0;
    std::size_t offset = 0;
    std::size_t size = 0;
  };
  struct Run {
    std::int64_t begin = 0;
    std::int64_t end = 0;
  };
  class Cursor;
  void sort_entries();
  void spill();
  void write_out(std::string& buffer);

  std::filesystem::path m_folder;
  std::size_t m_memory;
  std::string m_bytes;           // of the entries, one behind the other
  std::vector<Entry> m_entries;  // not yet in the file
  base::UniqueDescriptor m_file;
  std::int64_t m_file_size = 0;
  std::vector<Run> m_runs;
  std::vector<std::unique_ptr<Cursor>> m_cursors;  // a heap by key and run
  bool m_top_is_read = false;
  std::size_t m_next_entry = 0;  // where nothing was spilled
  bool m_sorted = false;
};

}  // namespace ritchi::load
