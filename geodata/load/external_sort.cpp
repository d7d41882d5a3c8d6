#include "geodata/load/external_sort.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "geodata/base/error.hpp"

namespace ritchi::load {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t head_size = sizeof(std::uint64_t) + sizeof(std::uint32_t);
constexpr std::size_t write_size = 1 << 20;
constexpr std::size_t least_read = 16 << 10;
constexpr std::size_t most_read = 1 << 20;
constexpr std::size_t read_memory = 3 << 20;  // of all runs together

[[noreturn]] void fail(const std::filesystem::path& folder) {
  const auto reason = std::error_code(errno, std::generic_category());
  if (reason == std::errc::no_space_on_device)
    throw Error(ErrorKind::io, "the disk is full", folder.string(), "make room and run it again");
  throw Error(ErrorKind::io, "a working file fails: " + reason.message(), folder.string(),
              "check the disk and its permissions");
}

base::UniqueDescriptor nameless_file(const std::filesystem::path& folder) {
  base::UniqueDescriptor out(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (out.valid()) return out;
  if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL) fail(folder);
  // File systems without nameless files: one whose name goes at once. The name is that of an unfinished
  // import, which the next import would remove if this process died in between.
  std::string name = (folder / ".import-XXXXXX").string();
  out = base::UniqueDescriptor(::mkostemp(name.data(), O_CLOEXEC));
  if (!out.valid()) fail(folder);
  ::unlink(name.c_str());
  return out;
}

}  // namespace

// Reads one run with a buffer of its own.
class ExternalSort::Cursor {
 public:
  Cursor(int file, Run run, std::size_t number, std::size_t buffer_size, const std::filesystem::path& folder)
      : m_file(file), m_run(run), m_number(number), m_buffer_size(buffer_size), m_folder(folder) {}

  // False at the run's end.
  bool step() {
    m_at += m_taken;
    m_taken = 0;
    if (!fill(head_size)) return false;
    std::uint32_t size = 0;
    std::memcpy(&m_key, m_buffer.data() + m_at, sizeof(m_key));
    std::memcpy(&size, m_buffer.data() + m_at + sizeof(m_key), sizeof(size));
    m_taken = head_size + size;
    fill(m_taken);
    return true;
  }
  std::uint64_t key() const { return m_key; }
  std::string_view bytes() const {
    return std::string_view(m_buffer).substr(m_at + head_size, m_taken - head_size);
  }
  // Runs were written in the order of adding, so the earlier one holds the earlier of equal keys.
  static bool later(const std::unique_ptr<Cursor>& a, const std::unique_ptr<Cursor>& b) {
    return a->m_key != b->m_key ? a->m_key > b->m_key : a->m_number > b->m_number;
  }

 private:
  bool fill(std::size_t needed) {
    if (m_buffer.size() - m_at >= needed) return true;
    m_buffer.erase(0, m_at);
    m_at = 0;
    while (m_buffer.size() < needed) {
      const auto left = static_cast<std::size_t>(m_run.end - m_run.begin);
      if (left == 0) return false;
      const std::size_t held = m_buffer.size();
      const std::size_t size = std::min(left, std::max(m_buffer_size, needed - held));
      m_buffer.resize(held + size);
      const auto got = ::pread(m_file, m_buffer.data() + held, size, m_run.begin);
      if (got <= 0) fail(m_folder);
      m_buffer.resize(held + static_cast<std::size_t>(got));
      m_run.begin += got;
    }
    return true;
  }

  int m_file;
  Run m_run;
  std::size_t m_number;
  std::size_t m_buffer_size;
  const std::filesystem::path& m_folder;
  std::string m_buffer;
  std::size_t m_at = 0;
  std::size_t m_taken = 0;
  std::uint64_t m_key = 0;
};

ExternalSort::ExternalSort(std::filesystem::path folder, std::size_t memory_bytes)
    : m_folder(std::move(folder)), m_memory(memory_bytes) {}
ExternalSort::~ExternalSort() = default;

void ExternalSort::add(std::uint64_t key, std::string_view bytes) {
  // Reserved at once: growing by doubling would hold the old half beside the new whole. Untouched pages cost
  // nothing.
  if (m_bytes.empty()) m_bytes.reserve(m_memory + m_memory / 8);
  m_entries.push_back({key, m_bytes.size(), bytes.size()});
  m_bytes.append(bytes);
  if (m_bytes.size() + m_entries.size() * sizeof(Entry) >= m_memory) spill();
}

void ExternalSort::sort_entries() {
  std::sort(m_entries.begin(), m_entries.end(), [](const Entry& a, const Entry& b) {
    return a.key != b.key ? a.key < b.key : a.offset < b.offset;
  });
}

void ExternalSort::write_out(std::string& buffer) {
  std::size_t at = 0;
  while (at < buffer.size()) {
    const auto written = ::pwrite(m_file.get(), buffer.data() + at, buffer.size() - at, m_file_size);
    if (written < 0) {
      if (errno == EINTR) continue;
      fail(m_folder);
    }
    at += static_cast<std::size_t>(written);
    m_file_size += written;
  }
  buffer.clear();
}

void ExternalSort::spill() {
  if (!m_file.valid()) m_file = nameless_file(m_folder);
  sort_entries();
  const std::int64_t begin = m_file_size;
  std::string buffer;
  buffer.reserve(write_size + write_size / 8);
  for (const Entry& entry : m_entries) {
    const auto size = static_cast<std::uint32_t>(entry.size);
    buffer.append(reinterpret_cast<const char*>(&entry.key), sizeof(entry.key));
    buffer.append(reinterpret_cast<const char*>(&size), sizeof(size));
    buffer.append(m_bytes, entry.offset, entry.size);
    if (buffer.size() >= write_size) write_out(buffer);
  }
  write_out(buffer);
  m_runs.push_back({begin, m_file_size});
  m_entries.clear();
  m_bytes.clear();
}

void ExternalSort::rewind() {
  m_cursors.clear();
  m_next_entry = 0;
  if (m_runs.empty()) {
    if (!m_sorted) sort_entries();
    m_sorted = true;
    return;
  }
  if (!m_entries.empty()) spill();
  m_entries = {};
  m_bytes = {};
  const std::size_t buffer =
      std::clamp(std::min(m_memory, read_memory) / m_runs.size(), least_read, most_read);
  for (std::size_t i = 0; i < m_runs.size(); ++i) {
    auto cursor = std::make_unique<Cursor>(m_file.get(), m_runs[i], i, buffer, m_folder);
    if (cursor->step()) m_cursors.push_back(std::move(cursor));
  }
  std::make_heap(m_cursors.begin(), m_cursors.end(), Cursor::later);
  m_top_is_read = false;
}

bool ExternalSort::next(std::uint64_t& key, std::string_view& bytes) {
  if (m_runs.empty()) {
    if (m_next_entry == m_entries.size()) return false;
    const Entry& entry = m_entries[m_next_entry++];
    key = entry.key;
    bytes = std::string_view(m_bytes).substr(entry.offset, entry.size);
    return true;
  }
  if (!m_top_is_read) {
    m_top_is_read = true;
  } else if (!m_cursors.empty()) {
    std::pop_heap(m_cursors.begin(), m_cursors.end(), Cursor::later);
    if (m_cursors.back()->step())
      std::push_heap(m_cursors.begin(), m_cursors.end(), Cursor::later);
    else
      m_cursors.pop_back();
  }
  if (m_cursors.empty()) return false;
  key = m_cursors.front()->key();
  bytes = m_cursors.front()->bytes();
  return true;
}

}  // namespace ritchi::load
