// Writes an MBTiles 1.3 file: each content once, tiles by zoom, column and row. It knows nothing of layers.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace ritchi::store {

class MbtilesFile {
 public:
  // A new file; it must not exist. Equal calls give equal bytes.
  explicit MbtilesFile(const std::filesystem::path& file);
  ~MbtilesFile();
  MbtilesFile(const MbtilesFile&) = delete;
  MbtilesFile& operator=(const MbtilesFile&) = delete;

  void add_metadata(std::string_view name, std::string_view value);
  // Contents have any number of their own; ascending ones are fastest.
  void add_content(std::int64_t content, std::string_view bytes);
  // xyz_row counts from the north; the file holds rows counted from the south.
  void add_tile(int zoom, std::uint32_t column, std::uint32_t xyz_row, std::int64_t content);
  // Makes the index and closes the file. Throws Error(io).
  void finish();

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace ritchi::store
