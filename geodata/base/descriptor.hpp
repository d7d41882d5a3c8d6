// RAII for POSIX file descriptors, and the few calls on them that the rest needs.
#pragma once
#include <cstdint>
#include <filesystem>
#include <utility>

namespace ritchi::base {

class UniqueDescriptor {
 public:
  UniqueDescriptor() = default;
  explicit UniqueDescriptor(int descriptor) : m_descriptor(descriptor) {}
  UniqueDescriptor(UniqueDescriptor&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
  UniqueDescriptor& operator=(UniqueDescriptor&& other) noexcept {
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
  }
  ~UniqueDescriptor();
  int get() const { return m_descriptor; }
  bool valid() const { return m_descriptor >= 0; }

 private:
  int m_descriptor = -1;
};

// All throw Error(io) with the path and the system's reason; a missing file is Error(not_found).
UniqueDescriptor open_for_reading(const std::filesystem::path& path);  // files and folders
std::int64_t size_of(int descriptor);
bool is_same_file(int descriptor, const std::filesystem::path& path);
void sync_to_disk(const std::filesystem::path& path);  // a file's or a folder's content survives a power cut

}  // namespace ritchi::base
