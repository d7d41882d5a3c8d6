// RAII for POSIX file descriptors, and the few calls on them that the rest needs.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
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
UniqueDescriptor open_for_writing(const std::filesystem::path& path);  // made where it is missing, kept else
std::int64_t size_of(int descriptor);
// So many bytes from there, or fewer at the end of the file.
std::string read_at(int descriptor, std::uint64_t offset, std::size_t size,
                    const std::filesystem::path& path);
// The same into memory of the caller's; returns how many bytes there were.
std::size_t read_at(int descriptor, std::uint64_t offset, char* out, std::size_t size,
                    const std::filesystem::path& path);
void write_at(int descriptor, std::uint64_t offset, std::string_view bytes,
              const std::filesystem::path& path);
// Moves a range of one file into another inside the kernel where that can be done.
void copy_range(int from, std::uint64_t from_offset, int to, std::uint64_t to_offset, std::uint64_t size,
                const std::filesystem::path& path);
bool is_same_file(int descriptor, const std::filesystem::path& path);
void sync_to_disk(const std::filesystem::path& path);  // a file's or a folder's content survives a power cut

}  // namespace ritchi::base
