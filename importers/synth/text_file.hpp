// A file written front to back through a buffer, and numbers as text that no locale or library changes.
#pragma once
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace ritchi::synth {

class TextFile {
 public:
  explicit TextFile(const std::filesystem::path& path);  // throws Error(io)
  ~TextFile();
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;

  void write(std::string_view text);  // throws Error(io), e.g. disk full
  void seek(std::uint64_t offset);    // for headers that state the length
  std::uint64_t position() const { return m_written + m_buffer.size(); }
  void close();  // throws Error(io); without it the file may be incomplete

 private:
  void flush();

  struct Closer {
    void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
  };
  std::filesystem::path m_path;
  std::unique_ptr<std::FILE, Closer> m_file;
  std::string m_buffer;
  std::uint64_t m_written = 0;
};

// value rounded to that many decimals (up to 9), always with all of them: 3.10.
void append_fixed(std::string& to, double value, int decimals);
std::string fixed(double value, int decimals);
// JSON or XML special characters are escaped; text is UTF-8.
void append_json_text(std::string& to, std::string_view text);
void append_xml_text(std::string& to, std::string_view text);
// A UUID of version 4 made of 128 given bits.
std::string uuid(std::uint64_t high, std::uint64_t low);

}  // namespace ritchi::synth
